"""Where sums are kept: what a fact adds is added once for its workspace and once for the operator."""

from __future__ import annotations

from dataclasses import replace

from darkroom.domain.usage.measures import measures, total
from darkroom.domain.usage.places import (
    PARTS,
    KeyUsage,
    OfferUsage,
    WorkspaceUsage,
    part_of,
    places_of,
    summed,
)
from tests.contract.examples import NOW, OWNER, TEST_OWNER, object_id, usage_fact

TWO = {"fal": measures({"jobs": 1, "credits": 2}), "kie": measures({"credits": 3})}


def test_each_vendors_part_and_the_whole_have_their_places() -> None:
    fact = usage_fact(by_vendor=TWO)
    assert places_of(fact, 3) == {
        KeyUsage(OWNER, NOW.date(), fact.key_id, fact.offer_id, "fal"): TWO["fal"],
        KeyUsage(OWNER, NOW.date(), fact.key_id, fact.offer_id, "kie"): TWO["kie"],
        OfferUsage(True, NOW.date(), fact.offer_id, "fal", 3): TWO["fal"],
        OfferUsage(True, NOW.date(), fact.offer_id, "kie", 3): TWO["kie"],
        WorkspaceUsage(OWNER, NOW.date()): measures({"jobs": 1, "credits": 5}),
    }


def test_facts_of_one_place_are_added_up_and_modes_kept_apart() -> None:
    facts = [usage_fact(1, by_vendor=TWO), usage_fact(2, by_vendor=TWO)]
    facts.append(replace(usage_fact(3, by_vendor=TWO), owner=TEST_OWNER))
    sums = summed(facts)
    assert sums[WorkspaceUsage(OWNER, NOW.date())].credits == 10
    assert sums[WorkspaceUsage(TEST_OWNER, NOW.date())].credits == 5
    assert total(of for place, of in sums.items() if isinstance(place, OfferUsage)).credits == 15


def test_all_parts_are_used() -> None:
    assert {part_of(object_id(number)) for number in range(100)} == set(range(PARTS))
