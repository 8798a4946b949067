"""A family in the order it came about, in a bounded number of reads."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.domain.jobs.assets import AssetType
from darkroom.domain.jobs.lineage import lineage
from darkroom.domain.writes import JoinFamily, SaveAsset
from darkroom.services.jobs import trace_lineage
from tests.contract.examples import MINUTE, NOW, OWNER, asset, object_id
from tests.harness.container import Harness

ROOT = object_id(1)


@pytest.fixture
def harness() -> Harness:
    harness = Harness()
    keep(harness, 1)
    return harness


def keep(harness: Harness, number: int, **changes: Any) -> None:
    made = asset(number, created_at=NOW + number * MINUTE, **changes)
    harness.store.commit(SaveAsset(made), *([JoinFamily(made)] if made.root_id else []))


def child(harness: Harness, number: int, parent: int, **changes: Any) -> None:
    keep(harness, number, **{"parent_id": object_id(parent), "root_id": ROOT, **changes})


def traced(harness: Harness, number: int) -> tuple[list[int], bool]:
    start = harness.assets.get(OWNER, object_id(number))
    assert start is not None
    found = harness.core.trace_lineage(start)
    assert found.root == found.members[0]
    return [int(member.id[-12:], 16) for member in found.members], found.complete


def test_a_family_is_the_same_whoever_of_it_is_asked(harness: Harness) -> None:
    child(harness, 9, 1)
    child(harness, 4, 9)
    child(harness, 7, 1)
    for member in (1, 4, 7, 9):
        assert traced(harness, member) == ([1, 4, 7, 9], True)


def test_a_long_line_of_edits_costs_a_query_and_one_read(harness: Harness) -> None:
    for number in range(2, 60):
        child(harness, number, number - 1)
    harness.calls.made.clear()
    assert traced(harness, 59) == (list(range(1, 60)), True)
    assert sorted(harness.calls.made) == ["assets.descendants", "assets.get_many"]


def test_the_deleted_link_the_living(harness: Harness) -> None:
    child(harness, 2, 1)
    child(harness, 3, 2, deleted_at=NOW)
    child(harness, 4, 3)
    assert traced(harness, 4) == ([1, 2, 3, 4], True)


def test_films_are_no_edits(harness: Harness) -> None:
    child(harness, 2, 1, type=AssetType.VIDEO)
    assert traced(harness, 1) == ([1], True)
    with pytest.raises(ValueError, match="no pictures"):
        lineage(ROOT, [], complete=True)


def test_a_large_family_is_cut_and_says_so(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace_lineage, "MAX_DESCENDANTS", 3)
    for number in range(2, 7):
        child(harness, number, 1)
    assert traced(harness, 1) == ([1, 2, 3, 4], False)
    assert traced(harness, 6) == ([1, 2, 3, 4, 6], False)


def test_ancestors_of_an_earlier_version_are_found_through_who_names_them(harness: Harness) -> None:
    child(harness, 2, 1, root_id=None)
    child(harness, 3, 2, root_id=None)
    child(harness, 4, 3)
    assert traced(harness, 4) == traced(harness, 3) == traced(harness, 1) == ([1, 2, 3, 4], True)
