"""Kits under concurrency: several changes at once each change their own, and a deletion wins over a change."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from darkroom.domain.errors import NotFound
from darkroom.services.brands.manage_brand_kits import ManageBrandKits
from tests.harness.core import CoreHarness

FIELDS = ("company_name", "industry", "tone_of_voice", "target_audience", "website_context")


@pytest.fixture
def harness() -> CoreHarness:
    return CoreHarness()


def kits(harness: CoreHarness) -> ManageBrandKits:
    return harness.core.manage_brand_kits


def test_changes_at_once_are_all_kept(harness: CoreHarness) -> None:
    kit = kits(harness).create(harness.caller(), "n", {})

    def change(name: str) -> int:
        return kits(harness).update(harness.caller(), kit.id, {name: name}).version

    with ThreadPoolExecutor(len(FIELDS)) as pool:
        versions = sorted(pool.map(change, FIELDS))
    stored = harness.memory.brand_kits[harness.owner, kit.id]
    assert [getattr(stored, name) for name in FIELDS] == list(FIELDS)
    assert versions == [2, 3, 4, 5, 6]


def test_a_deletion_in_between_is_not_undone(harness: CoreHarness) -> None:
    kit = kits(harness).create(harness.caller(), "n", {})

    def deleted_meanwhile(_: object) -> dict[str, object]:
        kits(harness).delete(harness.caller(), kit.id)
        return {"industry": "coffee"}

    with pytest.raises(NotFound):
        kits(harness).change(harness.caller(), kit.id, deleted_meanwhile)
    assert harness.memory.brand_kits == {}


def test_the_last_of_several_defaults_is_the_one(harness: CoreHarness) -> None:
    made = [kits(harness).create(harness.caller(), str(number), {}) for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda kit: kits(harness).set_default(harness.caller(), kit.id), made))
    assert sum(kits(harness).get(harness.owner, kit.id).is_default for kit in made) == 1
