"""Files at vendors: copied as they are, fetched again, judged by their bytes."""

from __future__ import annotations

from dataclasses import replace

from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.jobs.engine import Download
from darkroom.domain.jobs.job import JobStatus, TaskState
from tests.fakes.vendors import GONE, LOST
from tests.harness.vendors import FILM, PICTURE, VendorHarness

ADDRESS = "https://cdn.a.test/x.png"


def test_a_file_is_copied_as_it_is() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(Download(ADDRESS))
    harness.downloads.files[ADDRESS] = PICTURE
    job = harness.finish(harness.made())
    asset = harness.task(job).asset
    assert asset is not None
    assert harness.blobs.objects[asset.storage_key] == (PICTURE, "image/png")
    assert (asset.size, asset.aspect_ratio) == (len(PICTURE), "3:2")


def test_a_file_of_another_sort_is_not_delivered() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(Download(ADDRESS))
    harness.downloads.files[ADDRESS] = FILM
    job = harness.finish(harness.made())
    assert harness.starts() == [1, 1, 0]
    assert harness.task(job).vendor_facts.error_code == "wrong_type"


def test_a_film_is_known_by_its_bytes() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(Download(ADDRESS, aspect_ratio="16:9"))
    harness.downloads.files[ADDRESS] = FILM
    job = harness.made()
    place = (harness.owner, job.id)

    harness.memory.jobs[place] = replace(harness.memory.jobs[place], feature=Feature.VIDEO)
    harness.step()
    asset = harness.task(job).asset
    assert asset is not None
    assert (asset.mime, asset.aspect_ratio, asset.storage_key[-4:]) == ("video/mp4", "16:9", ".mp4")


def test_an_address_that_died_is_asked_for_once_more() -> None:
    harness = VendorHarness()
    vendor = harness.vendors["a"]
    vendor.then(10)
    vendor.results.extend([Download("https://cdn.a.test/old"), Download(ADDRESS)])
    harness.downloads.files.update({"https://cdn.a.test/old": GONE, ADDRESS: PICTURE})
    assert harness.finish(harness.made()).status is JobStatus.SUCCEEDED
    assert harness.starts() == [1, 0, 0]
    assert len(vendor.polls) == 2


def test_a_file_that_did_not_come_is_fetched_later_and_not_made_again() -> None:
    harness = VendorHarness()
    vendor = harness.vendors["a"]
    vendor.then(10)
    vendor.results.extend([Download(ADDRESS)] * 3)
    harness.downloads.files[ADDRESS] = LOST
    job = harness.made()
    harness.step()
    harness.step()
    harness.step()
    assert harness.task(job).state is TaskState.WAITING
    harness.downloads.files[ADDRESS] = PICTURE
    harness.finish(job)
    assert harness.starts() == [1, 0, 0]


def test_a_file_that_is_gone_for_good_is_made_again() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(Download(ADDRESS))
    harness.finish(harness.made())
    assert harness.starts() == [2, 0, 0]
