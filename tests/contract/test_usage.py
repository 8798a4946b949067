"""Usage: what is noted once is added once, and sums are found by whom they are of and when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.usage.facts import UsageFact
from darkroom.domain.usage.measures import Measures, measures
from darkroom.domain.usage.places import (
    PARTS,
    KeyUsage,
    OfferUsage,
    Place,
    WorkspaceUsage,
    part_of,
)
from darkroom.domain.writes import AddUsage, NoteUsage, WriteRefused
from tests.contract.conftest import Ports
from tests.contract.examples import NOW, OWNER, STRANGER, TEST_OWNER, object_id, usage_fact

TODAY = NOW.date()
YESTERDAY = TODAY - timedelta(days=1)
ONE = measures({"jobs": 1, "failure.content_blocked": 2})


def add(ports: Ports, place: Place, added: Measures = ONE) -> None:
    ports.store.commit(AddUsage(place, added))


def test_a_fact_is_noted_once_and_nothing_is_added_with_it_again(ports: Ports) -> None:
    place = WorkspaceUsage(OWNER, TODAY)
    ports.store.commit(NoteUsage(usage_fact()), AddUsage(place, ONE))
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(NoteUsage(usage_fact(2)), NoteUsage(usage_fact()), AddUsage(place, ONE))
    assert refused.value.current == usage_fact().id
    assert dict(ports.usage.by_workspace(TODAY, TODAY, livemode=True)) == {place: ONE}
    assert ports.usage.known([usage_fact(), usage_fact(2)]) == {usage_fact().id}


def test_facts_come_back_as_they_were_of_their_day_and_owner_alone(ports: Ports) -> None:
    facts = [usage_fact(number) for number in range(30)]
    others = [
        usage_fact(40, owner=TEST_OWNER),
        usage_fact(41, owner=STRANGER),
        usage_fact(42, at=NOW - timedelta(days=1)),
    ]
    for fact in (*facts, *others):
        ports.store.commit(NoteUsage(fact))
    found = sorted(ports.usage.facts(OWNER, TODAY), key=lambda fact: fact.id)
    assert found == facts
    assert {part_of(fact.id) for fact in facts} == set(range(PARTS))


def test_sums_are_added_up_and_may_go_down(ports: Ports) -> None:
    place = KeyUsage(OWNER, TODAY, object_id(1), "agent.google/nano-banana", "fal")
    add(ports, place, measures({"credits": 5, "jobs": 1}))
    add(ports, place, measures({"credits": -2, "latency.inf": 1}))
    assert ports.usage.by_key(OWNER, TODAY, TODAY) == {
        place: measures({"credits": 3, "jobs": 1, "latency.inf": 1})
    }


def test_an_owners_sums_are_found_by_day_and_are_its_own(ports: Ports) -> None:
    places = [KeyUsage(OWNER, day, "k", "memes.image", "fal") for day in days(4)]
    for place in places:
        add(ports, place)
    for owner in (TEST_OWNER, STRANGER):
        add(ports, KeyUsage(owner, TODAY, "k", "memes.image", "fal"))
    assert set(ports.usage.by_key(OWNER, days(4)[1], days(4)[2])) == set(places[1:3])


def test_the_operators_sums_are_kept_in_parts_and_by_mode(ports: Ports) -> None:
    places = [OfferUsage(True, TODAY, "memes.image", "fal", part) for part in range(PARTS)]
    for place in places:
        add(ports, place)
    add(ports, OfferUsage(False, TODAY, "memes.image", "fal"))
    add(ports, OfferUsage(True, YESTERDAY, "memes.image", "fal"))
    assert ports.usage.by_offer(TODAY, TODAY, livemode=True) == dict.fromkeys(places, ONE)


def test_workspaces_are_read_in_the_order_of_their_ids_over_the_end_of_a_month(ports: Ports) -> None:
    first, last = date(2026, 1, 30), date(2026, 2, 2)
    range_ = [first + timedelta(days=number) for number in range(4)]
    owners = [Owner(object_id(number), True) for number in range(12)]
    for owner in owners:
        for day in range_:
            add(ports, WorkspaceUsage(owner, day))
    add(ports, WorkspaceUsage(owners[0], first - timedelta(days=1)))
    add(ports, WorkspaceUsage(Owner(object_id(0), False), first))
    found = [place for place, _ in ports.usage.by_workspace(first, last, livemode=True)]
    assert found == [WorkspaceUsage(owner, day) for owner in owners for day in range_]
    after = owners[9].workspace_id
    rest = [place.owner for place, _ in ports.usage.by_workspace(first, last, livemode=True, after=after)]
    assert rest == [owner for owner in owners[10:] for _ in range_]


def days(count: int) -> list[date]:
    return [TODAY + timedelta(days=number) for number in range(count)]


def test_a_fact_without_anything_to_add_is_noted_all_the_same(ports: Ports) -> None:
    empty: UsageFact = usage_fact(by_vendor={})
    ports.store.commit(NoteUsage(empty))
    assert list(ports.usage.facts(OWNER, TODAY)) == [empty]
