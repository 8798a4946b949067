"""What engines get to see of a job's inputs."""

from __future__ import annotations

import pytest

from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.engine import TaskRequest
from darkroom.domain.jobs.spec import ImageSpec, Input
from tests.harness.vendors import PICTURE, VendorHarness

SPEC = ImageSpec(
    "a kite",
    "1:1",
    inputs=(Input("source", "media/w/live/j/a.png", stored=True), Input("ref", "https://u.test/r.png")),
)


def started(harness: VendorHarness) -> TaskRequest:
    harness.fetcher.pages["https://u.test/r.png"] = PICTURE
    harness.blobs.objects["media/w/live/j/a.png"] = (b"stored", "image/png")
    harness.made(SPEC)
    harness.step()
    return harness.vendors["a"].requests[0]


def test_nothing_is_loaded_that_nobody_asks_for() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(20)
    started(harness)
    harness.work()
    assert not harness.fetcher.fetched
    assert "blobs.get" not in harness.calls.made


def test_bytes_come_from_where_they_are() -> None:
    harness = VendorHarness()
    order = started(harness)
    assert [input_file.data for input_file in order.input_files] == [b"stored", PICTURE]


def test_a_vendor_sees_our_addresses_only() -> None:
    harness = VendorHarness()
    order = started(harness)
    stored, fetched = (input_file.url for input_file in order.input_files)
    assert stored == "https://blobs.test/media/w/live/j/a.png?X-Amz-Expires=3600"
    assert fetched.startswith(f"https://blobs.test/tmp/inputs/{order.job.id}/1.png?")
    assert harness.blobs.objects[f"tmp/inputs/{order.job.id}/1.png"] == (PICTURE, "image/png")
    assert order.input_files[1].data == PICTURE
    assert harness.fetcher.fetched == ["https://u.test/r.png"]


def test_what_is_no_picture_is_not_passed_on() -> None:
    harness = VendorHarness()
    order = started(harness)
    harness.fetcher.pages["https://u.test/r.png"] = b"<html>"
    with pytest.raises(Exception, match="neither a picture nor a sound"):
        _ = order.input_files[1].url


def test_an_input_that_cannot_be_had_just_now_starts_nothing() -> None:
    harness = VendorHarness()
    vendor, job = harness.vendors["a"], harness.made()
    start = vendor.start
    refusals = [Unavailable("busy"), Unavailable("busy")]

    def unavailable(order: TaskRequest) -> object:
        if refusals:
            raise refusals.pop()
        return start(order)

    vendor.start = unavailable  # type: ignore[assignment,method-assign]
    harness.finish(job)
    assert harness.task(job).attempts == 1
