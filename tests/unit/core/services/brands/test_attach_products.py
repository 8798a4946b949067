"""Kits filled from their websites: bounded, once however often, and never against the owner's changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from darkroom.domain.brands.brand_kit import BrandKit, KitPicture
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.errors import InvalidParam, Unavailable
from darkroom.domain.files.uploads import MAX_STORED_BYTES, FileUsage
from darkroom.domain.jobs.job import Job, JobStatus
from darkroom.domain.media.imported import ImportedPicture
from darkroom.domain.writes import SaveBrandKit
from darkroom.services.brands.attach_products import MAX_ATTACHED, MAX_TRIED
from tests.contract.examples import NOW
from tests.harness.core import CoreHarness

SITE = "https://dawn.example/"


def page(*names: str) -> bytes:
    pictures = "".join(f'<img class="product" src="/{name}">' for name in names)
    return f"<title>Dawn</title>{pictures}<p>x</p>".encode()


def import_picture(data: bytes, role: str) -> ImportedPicture:
    """Takes bytes that say how large a picture they are."""
    assert role == "product"
    if not data.isdigit():
        raise InvalidParam("The picture is none.")
    return ImportedPicture(data, int(data), int(data))


class KitHarness(CoreHarness):
    """A workspace with a site whose pictures are as large as ``sizes`` says, and the worker that brings them in."""

    def __init__(self, sizes: Mapping[str, int | None]) -> None:
        super().__init__()
        house = self.core.house_engine(import_picture)
        self.engines = {house.name: house}
        self.fetcher.pages[SITE] = page(*sizes)
        for name, size in sizes.items():
            self.fetcher.pages[f"{SITE}{name}"] = b"no picture" if size is None else str(size).encode()

    def create(self, **members: Any) -> BrandKit:
        return self.core.manage_brand_kits.create(self.caller(), "n", {"website_url": SITE, **members})

    def kit(self, kit_id: str) -> BrandKit:
        return self.memory.brand_kits[self.owner, kit_id]

    @property
    def only_job(self) -> Job:
        (made,) = self.memory.jobs.values()
        return made


@pytest.fixture
def harness() -> KitHarness:
    return KitHarness({"a.jpg": 800, "b.jpg": 600})


def test_a_kit_with_a_site_gets_its_pictures_a_while_later_for_nothing(harness: KitHarness) -> None:
    before = harness.wallet
    kit = harness.create()
    assert kit.products == (), "nobody waits"
    assert [sent.queue for sent in harness.queues.tasks] == [Queue.BULK_RENDERS]
    harness.work()
    products = harness.kit(kit.id).products
    assert [harness.blobs.get(one.storage_key) for one in products] == [b"800", b"600"]
    for one in products:
        asset = harness.memory.assets[harness.owner, one.asset_id]
        assert (asset.collection, asset.mime, asset.storage_key) == ("brand", "image/png", one.storage_key)
    assert harness.only_job.status is JobStatus.SUCCEEDED
    assert harness.wallet == before
    assert harness.memory.file_usage[harness.owner].stored_bytes == len(b"800600")
    harness.check_books()


@pytest.mark.parametrize("members", [{"auto_attach_product_references": False}, {"website_url": None}])
def test_a_kit_without_a_site_or_the_wish_is_left_alone(harness: KitHarness, members: dict[str, Any]) -> None:
    harness.create(**members)
    assert harness.memory.jobs == {}


def test_only_what_concerns_the_site_asks_for_its_pictures(harness: KitHarness) -> None:
    kit = harness.create(website_url=None)
    manage = harness.core.manage_brand_kits
    manage.update(harness.caller(), kit.id, {"industry": "coffee"})
    assert harness.memory.jobs == {}
    manage.update(harness.caller(), kit.id, {"website_url": SITE})
    harness.work()
    assert len(harness.kit(kit.id).products) == 2
    manage.update(harness.caller(), kit.id, {"tone_of_voice": "dry"})
    manage.set_default(harness.caller(), kit.id)
    assert len(harness.memory.jobs) == 1


def test_a_page_full_of_pictures_is_bounded() -> None:
    harness = KitHarness({f"{number}.jpg": 500 for number in range(20)})
    kit = harness.create()
    harness.work()
    assert len(harness.kit(kit.id).products) == MAX_ATTACHED
    assert len(harness.fetcher.fetched) <= 1 + MAX_TRIED


def test_buttons_and_broken_pictures_are_passed_over() -> None:
    harness = KitHarness({"icon.jpg": 64, "broken.jpg": None, "gone.jpg": 500, "tin.jpg": 400})
    harness.fetcher.pages.pop(f"{SITE}gone.jpg")
    kit = harness.create()
    harness.work()
    assert [harness.blobs.get(one.storage_key) for one in harness.kit(kit.id).products] == [b"400"]


def test_asked_for_twice_a_picture_is_there_once(harness: KitHarness) -> None:
    kit = harness.create()
    attach = harness.core.attach_products(import_picture)
    for _ in range(2):
        attach(harness.only_job)
    harness.work()
    assert len(harness.kit(kit.id).products) == 2
    assert len([one for one in harness.memory.assets.values() if one.mime == "image/png"]) == 2


def test_what_the_owner_put_in_stays_and_five_is_the_most(harness: KitHarness) -> None:
    kit = harness.create()
    own = tuple(KitPicture(str(number), "a", "k", NOW) for number in range(4))
    harness.store.commit(SaveBrandKit(harness.kit(kit.id).changed(NOW, products=own)))
    harness.work()
    products = harness.kit(kit.id).products
    assert products[:4] == own
    assert len(products) == 5
    kept = [key for key, (data, _) in harness.blobs.objects.items() if data in (b"800", b"600")]
    assert kept == [products[4].storage_key], "what did not fit is not kept"


@pytest.mark.parametrize(
    "members", [{"website_url": "https://other.example/"}, {"auto_attach_product_references": False}]
)
def test_a_kit_that_was_changed_meanwhile_is_not_filled(harness: KitHarness, members: dict[str, Any]) -> None:
    kit = harness.create()
    harness.store.commit(SaveBrandKit(harness.kit(kit.id).changed(NOW, **members)))
    harness.work()
    assert harness.kit(kit.id).products == ()


def test_a_kit_that_was_deleted_meanwhile_does_not_come_back(harness: KitHarness) -> None:
    kit = harness.create()
    harness.core.manage_brand_kits.delete(harness.caller(), kit.id)
    harness.work()
    assert harness.memory.brand_kits == {}


def test_a_change_while_the_pictures_come_is_kept(harness: KitHarness) -> None:
    kit = harness.create()
    fetch = harness.fetcher.fetch

    def changed_meanwhile(url: str, *, max_bytes: int) -> bytes:
        here = harness.kit(kit.id)
        harness.store.commit(SaveBrandKit(here.changed(NOW, industry=f"coffee {here.version}")))
        return fetch(url, max_bytes=max_bytes)

    harness.fetcher.fetch = changed_meanwhile  # type: ignore[method-assign]
    harness.work()
    stored = harness.kit(kit.id)
    assert len(stored.products) == 2
    assert stored.industry == "coffee 3"


def test_who_stores_too_much_gets_no_more(harness: KitHarness) -> None:
    harness.memory.file_usage[harness.owner] = FileUsage(stored_bytes=MAX_STORED_BYTES + 1)
    kit = harness.create()
    harness.work()
    assert harness.kit(kit.id).products == ()
    assert harness.fetcher.fetched == []


def test_a_site_that_cannot_be_read_leaves_the_kit_as_it_is(harness: KitHarness) -> None:
    harness.fetcher.pages[SITE] = b"%PDF"
    kit = harness.create()
    harness.work()
    assert harness.kit(kit.id).products == ()
    assert harness.only_job.status is JobStatus.FAILED
    harness.check_books()


def test_a_kit_is_kept_even_if_the_work_cannot_be_queued(harness: KitHarness) -> None:
    caller, commits = harness.caller(), [harness.store.commit]
    kept = harness.store.commit

    def busy_after_the_kit(*writes: Any) -> None:
        if not commits:
            raise Unavailable("The store is busy.")
        commits.pop()
        kept(*writes)

    harness.store.commit = busy_after_the_kit  # type: ignore[method-assign]
    kit = harness.core.manage_brand_kits.create(caller, "n", {"website_url": SITE})
    assert harness.kit(kit.id).name == "n"
