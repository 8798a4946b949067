"""Pictures of kits under concurrency: never more products than there can be, and no change lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from darkroom.domain.brands.brand_kit import KitPicture
from darkroom.domain.errors import InvalidParam
from darkroom.domain.jobs.job import Job
from darkroom.domain.writes import SaveBrandKit
from darkroom.services.brands.kit_pictures import KitPictures
from tests.contract.examples import NOW
from tests.fakes.engine import FakeEngine
from tests.harness.core import CoreHarness
from tests.harness.pictures import png


@pytest.fixture
def harness() -> CoreHarness:
    harness = CoreHarness()
    house = FakeEngine(harness.clock, name="house")
    harness.engines = {house.name: house}
    harness.fetcher.pages = {f"https://u.test/{number}.png": png() for number in range(7)}

    def worked_off(job: Job, _: float) -> Job:
        harness.work()
        return harness.job(job.id)

    vars(harness.core)["run_job"] = replace(harness.core.run_job, wait=worked_off)
    return harness


def pictures(harness: CoreHarness) -> KitPictures:
    return harness.core.kit_pictures


def test_a_product_that_comes_while_another_is_brought_in_takes_its_place(harness: CoreHarness) -> None:
    manage = harness.core.manage_brand_kits
    kit = manage.create(harness.caller(), "n", {})
    four = tuple(KitPicture(str(number), "a", "k", NOW) for number in range(4))
    harness.store.commit(SaveBrandKit(kit.changed(NOW, products=four)))
    busy = pictures(harness)
    finish = busy.run.wait

    def meanwhile(job: Job, seconds: float) -> Job:
        stored = manage.get(harness.owner, kit.id)
        harness.store.commit(SaveBrandKit(stored.changed(NOW, products=(*four, four[0]))))
        return finish(job, seconds)

    late = replace(busy, run=replace(busy.run, wait=meanwhile))
    with pytest.raises(InvalidParam, match="at most 5"):
        late.add_product(harness.caller(), kit.id, "https://u.test/0.png")
    assert len(manage.get(harness.owner, kit.id).products) == 5


def test_pictures_are_added_in_their_order_and_cost_nothing(harness: CoreHarness) -> None:
    kit = harness.core.manage_brand_kits.create(harness.caller(), "n", {})
    before = harness.wallet
    for number in range(5):
        kit = pictures(harness).add_product(harness.caller(), kit.id, f"https://u.test/{number}.png")
    jobs = sorted(harness.memory.jobs.values(), key=lambda job: job.id)
    assert [one.asset_id for one in kit.products] == [job.tasks[0].id for job in jobs]
    assert harness.wallet == before
    harness.check_books()
    with pytest.raises(InvalidParam, match="at most 5"):
        pictures(harness).add_product(harness.caller(), kit.id, "https://u.test/6.png")
    assert len(harness.memory.jobs) == 5, "what cannot fit is not fetched"
