"""Pictures no kit has any more: kept for what is under way, then deleted once, and no longer counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from darkroom.domain.brands.brand_kit import BrandKit
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.errors import FeatureQuotaExceeded, Unavailable
from darkroom.domain.files.uploads import MAX_STORED_BYTES, FileUsage
from darkroom.domain.jobs.job import Job, JobStatus
from darkroom.domain.media.imported import ImportedPicture
from darkroom.services.brands.forget_pictures import FORGET_AFTER
from darkroom.services.brands.kit_pictures import KitPictures
from tests.harness.core import CoreHarness

SIZE = 1000


def import_picture(data: bytes, role: str) -> ImportedPicture:
    return ImportedPicture(data.ljust(SIZE), 400, 400)


class KitHarness(CoreHarness):
    """A workspace with a kit; its pictures are brought in while somebody waits, and deleted when time passes."""

    def __init__(self) -> None:
        super().__init__()
        house = self.core.house_engine(import_picture)
        self.engines = {house.name: house}
        self.fetcher.pages = {f"https://u.test/{number}.png": str(number).encode() for number in range(9)}
        vars(self.core)["run_job"] = replace(self.core.run_job, wait=self._worked_off)
        self.kit = self.core.manage_brand_kits.create(self.caller(), "n", {})

    @property
    def pictures(self) -> KitPictures:
        return self.core.kit_pictures

    def _worked_off(self, job: Job, _: float) -> Job:
        for sent in [one for one in self.queues.tasks if one.queue is Queue.RENDERS]:
            self.queues.tasks.remove(sent)
            self.execute_task(sent.message)
        return self.job(job.id)

    def logo(self, number: int) -> BrandKit:
        return self.pictures.set_logo(self.caller(), self.kit.id, f"https://u.test/{number}.png")

    def product(self, number: int) -> BrandKit:
        return self.pictures.add_product(self.caller(), self.kit.id, f"https://u.test/{number}.png")

    @property
    def stored(self) -> int:
        return self.memory.file_usage.get(self.owner, FileUsage()).stored_bytes

    def there(self, kit: BrandKit) -> list[bool]:
        """Whether each of a kit's pictures can still be used, and is there."""
        pictures = [one for one in (kit.logo, *kit.products) if one]
        assets = [self.memory.assets[self.owner, one.asset_id] for one in pictures]
        in_bucket = [self.blobs.exists(one.storage_key) for one in pictures]
        assert in_bucket == [asset.deleted_at is None for asset in assets]
        return in_bucket

    def start_what_is_queued(self) -> None:
        for message, _ in self.take_messages():
            self.execute_task(message)


@pytest.fixture
def harness() -> KitHarness:
    return KitHarness()


def test_pictures_are_counted_while_a_kit_has_them(harness: KitHarness) -> None:
    harness.logo(1)
    assert harness.stored == SIZE
    harness.product(2)
    assert harness.stored == 2 * SIZE


def test_a_replaced_logo_stays_for_what_is_under_way_and_then_goes(harness: KitHarness) -> None:
    first = harness.logo(1)
    second = harness.logo(2)
    harness.start_what_is_queued()
    assert harness.there(first) == harness.there(second) == [True]
    started = harness.clock.now()
    harness.clock.advance(FORGET_AFTER.total_seconds())
    harness.sweep()
    harness.work()
    assert harness.clock.now() >= started + FORGET_AFTER
    assert (harness.there(first), harness.there(second)) == ([False], [True])
    assert harness.stored == SIZE
    assert {job.status for job in harness.memory.jobs.values()} == {JobStatus.SUCCEEDED}
    harness.check_books()


def test_whatever_is_removed_goes_and_the_kits_deletion_takes_the_rest(harness: KitHarness) -> None:
    harness.logo(1)
    harness.product(2)
    full = harness.product(3)
    harness.pictures.remove_logo(harness.caller(), full.id)
    harness.pictures.remove_logo(harness.caller(), full.id)
    harness.pictures.remove_product(harness.caller(), full.id, full.products[0].id)
    harness.work()
    assert harness.there(full) == [False, False, True]
    harness.core.manage_brand_kits.delete(harness.caller(), full.id)
    harness.work()
    assert harness.there(full) == [False, False, False]
    assert harness.stored == 0


def test_deleted_twice_a_picture_is_uncounted_once(harness: KitHarness) -> None:
    kit = harness.logo(1)
    harness.product(2)
    harness.pictures.remove_logo(harness.caller(), kit.id)
    house = harness.core.house_engine(import_picture)
    forget = max(harness.memory.jobs.values(), key=lambda job: job.id)
    harness.work()
    house.makers["forget"](harness.core.execute_task({})._request(forget, forget.tasks[0]))
    assert harness.stored == SIZE


def test_who_stores_too_much_brings_in_no_more(harness: KitHarness) -> None:
    harness.memory.file_usage[harness.owner] = FileUsage(stored_bytes=MAX_STORED_BYTES + 1)
    jobs = len(harness.memory.jobs)
    for put in (harness.logo, harness.product):
        with pytest.raises(FeatureQuotaExceeded):
            put(1)
    assert len(harness.memory.jobs) == jobs, "nothing is fetched"


def test_a_kit_changes_even_if_forgetting_cannot_be_queued(harness: KitHarness) -> None:
    kit = harness.logo(1)
    caller, kept, commits = harness.caller(), harness.store.commit, [1]

    def busy_after_the_kit(*writes: object) -> None:
        if not commits:
            raise Unavailable("The store is busy.")
        commits.pop()
        kept(*writes)  # type: ignore[arg-type]

    harness.store.commit = busy_after_the_kit  # type: ignore[method-assign]
    assert harness.pictures.remove_logo(caller, kit.id).logo is None
