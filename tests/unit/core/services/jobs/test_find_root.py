"""Where a family begins, also one that an earlier version began."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.domain.errors import Unavailable
from darkroom.domain.writes import SaveAsset
from darkroom.services.jobs.find_root import FindRoot
from tests.contract.examples import OWNER, STRANGER, asset, object_id
from tests.fakes import FakeAssets, FakeStore, Memory


@pytest.fixture
def memory() -> Memory:
    return Memory()


def keep(memory: Memory, number: int, **changes: Any) -> None:
    FakeStore(memory).commit(SaveAsset(asset(number, **changes)))


def root(memory: Memory, number: int) -> str:
    return FindRoot(FakeAssets(memory))(OWNER, object_id(number)).root_id


def test_an_asset_that_was_made_from_none_is_its_own_root(memory: Memory) -> None:
    keep(memory, 1)
    assert root(memory, 1) == object_id(1)


def test_a_descendant_knows_its_root_in_one_read(memory: Memory) -> None:
    keep(memory, 3, parent_id=object_id(2), root_id=object_id(1))
    assert root(memory, 3) == object_id(1)


def test_descendants_of_an_earlier_version_are_followed_from_parent_to_parent(memory: Memory) -> None:
    keep(memory, 1)
    keep(memory, 2, parent_id=object_id(1))
    keep(memory, 3, parent_id=object_id(2))
    assert root(memory, 3) == object_id(1)


def test_what_is_not_there_or_somebody_elses_ends_the_search(memory: Memory) -> None:
    keep(memory, 1, owner=STRANGER)
    keep(memory, 2, parent_id=object_id(1))
    assert root(memory, 2) == object_id(1)
    assert root(memory, 9) == object_id(9)


def test_a_circle_ends(memory: Memory) -> None:
    keep(memory, 1, parent_id=object_id(2))
    keep(memory, 2, parent_id=object_id(1))
    assert root(memory, 1) in {object_id(1), object_id(2)}


def test_an_output_is_not_lost_for_a_root_that_cannot_be_read(memory: Memory) -> None:
    class Busy(FakeAssets):
        def get(self, *_: Any) -> Any:
            raise Unavailable("busy")

    assert FindRoot(Busy(memory))(OWNER, object_id(4)) == (object_id(4), None)


def test_what_was_made_from_a_slide_is_from_a_carousel_too(memory: Memory) -> None:
    keep(memory, 1, from_carousel=True)
    keep(memory, 2, parent_id=object_id(1), root_id=object_id(1), from_carousel=True)
    keep(memory, 3)
    find = FindRoot(FakeAssets(memory))
    assert find(OWNER, object_id(1)) == find(OWNER, object_id(2)) == (object_id(1), True)
    assert find(OWNER, object_id(3)) == (object_id(3), None)
