"""What engines get to see of a job's inputs."""

from __future__ import annotations

import pytest

from darkroom.domain.errors import InvalidParam, Unavailable
from darkroom.domain.jobs.engine import TaskRequest
from darkroom.domain.jobs.engine_failures import Rejected
from darkroom.domain.jobs.job import FailureCode
from darkroom.domain.jobs.spec import ImageSpec, Input
from darkroom.services.jobs.gather_input_files import GatherInputFiles
from tests.fakes.blobs import FakeBlobs
from tests.fakes.fetcher import FakeFetcher
from tests.harness import pictures
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


class Pictures:
    """Makes a picture of anything but what says that it is broken."""

    def as_png(self, data: bytes) -> bytes:
        if b"broken" in data:
            raise ValueError("is damaged or not complete")
        return PICTURE


def failed(harness: VendorHarness, spec: ImageSpec, *outcomes: object) -> str | None:
    harness.vendors["a"].then(*outcomes)  # type: ignore[arg-type]
    job = harness.finish(harness.made(spec))
    assert job.failure is FailureCode.INPUT_REJECTED
    return job.failure_reason


def of(location: str, *, stored: bool = False, param: str | None = "image_id") -> ImageSpec:
    return ImageSpec("a kite", "1:1", inputs=(Input("source", location, stored=stored, param=param),))


class ReadsItsInputs:
    """A vendor that reads all it is given, and then does what it was told to."""

    def __init__(self, harness: VendorHarness) -> None:
        self.start = harness.vendors["a"].start
        harness.vendors["a"].start = self  # type: ignore[assignment,method-assign]

    def __call__(self, order: TaskRequest) -> object:
        _ = [(one.data, one.url) for one in order.input_files]
        return self.start(order)


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        (
            of("https://u.test/gone.png"),
            "image_id could not be fetched: it must be a public https URL of a file of at most 10 MB.",
        ),
        (of("media/w/live/j/gone.png", stored=True), "image_id is not stored any more."),
        (of("https://u.test/page", param=None), "The source is neither a picture nor a sound."),
    ],
)
def test_a_job_that_fails_on_an_input_says_which_and_why(spec: ImageSpec, reason: str) -> None:
    harness = VendorHarness("a")
    harness.fetcher.pages["https://u.test/page"] = b"<html>"
    ReadsItsInputs(harness)
    assert failed(harness, spec) == reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<html>", "image_id is neither a picture nor a sound."),
        (pictures.png(30_000, 30_000), "image_id has more than 40 megapixels."),
        (pictures.png(64, 64)[:40], "image_id is cut short or holds more than a picture."),
        (pictures.png(64, 64), None),
    ],
)
def test_an_input_that_a_vendor_rejects_is_looked_at(data: bytes, reason: str | None) -> None:
    harness = VendorHarness("a")
    harness.fetcher.pages["https://u.test/r.png"] = data
    assert failed(harness, of("https://u.test/r.png"), Rejected("a bad picture")) == reason


def test_rare_pictures_are_given_to_engines_as_png() -> None:
    blobs, fetcher = FakeBlobs(), FakeFetcher()
    gather = GatherInputFiles(blobs, fetcher, Pictures())
    blobs.objects["media/w/live/uploads/a.gif"] = (pictures.gif(), "image/gif")
    fetcher.pages["https://u.test/b"] = pictures.bmp()
    harness = VendorHarness("a")
    job = harness.made(
        ImageSpec(
            "x", "1:1", inputs=(Input("source", "media/w/live/uploads/a.gif", stored=True),
            Input("ref", "https://u.test/b"))
        )
    )  # fmt: skip
    for number, file in enumerate(gather(job)):
        assert file.data == PICTURE
        assert f"tmp/inputs/{job.id}/{number}.png?" in file.url
        assert blobs.objects[f"tmp/inputs/{job.id}/{number}.png"] == (PICTURE, "image/png")


def test_a_rare_picture_that_is_broken_is_refused_by_name() -> None:
    harness = VendorHarness("a")
    harness.fetcher.pages["https://u.test/b"] = pictures.gif() + b"broken"
    gather = GatherInputFiles(harness.blobs, harness.fetcher, Pictures())
    (file,) = gather(harness.made(of("https://u.test/b")))
    with pytest.raises(InvalidParam, match=r"^image_id is damaged or not complete\.$"):
        _ = file.data
    assert gather.problem([file]) == "image_id is damaged or not complete."
