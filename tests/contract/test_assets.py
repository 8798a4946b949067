"""Assets: reads, soft deletion, lists and search."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from darkroom.domain.errors import InvalidParam
from darkroom.domain.paging import PageRequest
from darkroom.domain.writes import DeleteAsset, JoinFamily, SaveAsset, WriteRefused
from tests.contract.conftest import Ports
from tests.contract.examples import MINUTE, NOW, OWNER, STRANGER, TEST_OWNER, asset, object_id


def saved(ports: Ports, *numbers: int, **changes: Any) -> None:
    for number in numbers:
        ports.store.commit(SaveAsset(asset(number, **changes)))


def listed(ports: Ports, page: PageRequest | None = None, *, search: str = "") -> tuple[list[int], bool]:
    found = ports.assets.list(OWNER, "image", page or PageRequest(), search=search)
    return [int(item.id[-12:], 16) for item in found.items], found.has_more


@pytest.mark.parametrize("changes", [{}, {"parent_id": "p", "slide_index": 0}, {"prompt": "", "size": 0}])
def test_an_asset_comes_back_as_it_was_saved(ports: Ports, changes: dict[str, Any]) -> None:
    saved(ports, 1, **changes)
    assert ports.assets.get(OWNER, object_id(1)) == asset(1, **changes)
    assert ports.assets.get(STRANGER, object_id(1)) is None
    assert ports.assets.get(TEST_OWNER, object_id(1)) is None


def test_saving_twice_changes_nothing(ports: Ports) -> None:
    saved(ports, 1, 1)
    assert listed(ports) == ([1], False)


def test_many_are_read_at_once_and_missing_ones_left_out(ports: Ports) -> None:
    saved(ports, 1, 2)
    saved(ports, 3, owner=STRANGER)
    requested = [object_id(2), object_id(1), object_id(2), object_id(3), object_id(4)]
    assert ports.assets.get_many(OWNER, requested) == {object_id(1): asset(1), object_id(2): asset(2)}
    assert ports.assets.get_many(OWNER, []) == {}


def test_more_than_a_hundred_are_read_too(ports: Ports) -> None:
    ports.store.commit(*(SaveAsset(asset(number)) for number in range(1, 101)))
    saved(ports, *range(101, 121))
    found = ports.assets.get_many(OWNER, [object_id(number) for number in range(1, 131)])
    assert len(found) == 120


def test_a_deleted_asset_is_found_but_not_listed(ports: Ports) -> None:
    saved(ports, 1, 2)
    ports.store.commit(SaveAsset(asset(1).deleted(NOW)))
    assert ports.assets.get(OWNER, object_id(1)) == asset(1).deleted(NOW)
    assert listed(ports) == ([2], False)
    assert listed(ports, search="lighthouse") == ([2], False)


def test_lists_are_of_one_owner_and_collection(ports: Ports) -> None:
    saved(ports, 1)
    saved(ports, 2, collection="meme")
    saved(ports, 3, owner=STRANGER)
    saved(ports, 4, owner=TEST_OWNER)
    assert listed(ports) == ([1], False)


def test_assets_are_paged_in_both_directions(ports: Ports) -> None:
    saved(ports, *range(1, 8))
    assert listed(ports, PageRequest(limit=3)) == ([7, 6, 5], True)
    assert listed(ports, PageRequest(limit=4, after=object_id(5))) == ([4, 3, 2, 1], False)
    assert listed(ports, PageRequest(limit=2, after=object_id(2), newest_first=False)) == ([3, 4], True)


def test_assets_are_listed_by_time_whatever_their_ids(ports: Ports) -> None:
    for place, number in enumerate((5, 2, 4, 1, 3)):
        saved(ports, number, created_at=NOW + place * timedelta(microseconds=1))
    assert listed(ports, PageRequest(limit=2)) == ([3, 1], True)
    assert listed(ports, PageRequest(limit=3, after=object_id(1))) == ([4, 2, 5], False)
    assert listed(ports, PageRequest(limit=3, after=object_id(5), newest_first=False)) == ([2, 4, 1], True)
    assert listed(ports, PageRequest(limit=1, after=object_id(1)), search="lighthouse") == ([4], True)


def test_assets_of_one_moment_are_each_listed_once(ports: Ports) -> None:
    saved(ports, *range(1, 8))
    seen: list[int] = []
    while len(seen) < 7:
        seen += listed(ports, PageRequest(limit=2, after=object_id(seen[-1]) if seen else None))[0]
    assert sorted(seen) == list(range(1, 8))


def test_a_page_begins_after_an_asset_that_was_deleted_meanwhile(ports: Ports) -> None:
    for number in range(1, 6):
        saved(ports, number, created_at=NOW + number * timedelta(seconds=1))
    gone = asset(3, created_at=NOW + 3 * timedelta(seconds=1)).deleted(NOW)
    ports.store.commit(SaveAsset(gone))
    assert listed(ports, PageRequest(after=object_id(3))) == ([2, 1], False)


@pytest.mark.parametrize("changes", [None, {"owner": STRANGER}, {"collection": "meme"}])
def test_a_page_does_not_begin_after_what_was_never_in_the_list(
    ports: Ports, changes: dict[str, Any] | None
) -> None:
    if changes is not None:
        saved(ports, 9, **changes)
    with pytest.raises(InvalidParam) as refused:
        listed(ports, PageRequest(after=object_id(9)))
    assert refused.value.param == "starting_after"


def test_search_ignores_case_and_finds_parts_of_words(ports: Ports) -> None:
    saved(ports, 1, prompt="A Lighthouse")
    saved(ports, 2, prompt="ein LEUCHTTURM, Straße")
    saved(ports, 3, prompt="")
    assert listed(ports, search="LIGHT") == ([1], False)
    assert listed(ports, search="leuchtturm") == ([2], False)
    assert listed(ports, search="STRASSE") == ([2], False)
    assert listed(ports, search="nothing of that") == ([], False)


def test_search_fills_its_pages_from_further_down(ports: Ports) -> None:
    for number in range(1, 41):
        saved(ports, number, prompt="hit" if number % 10 == 1 else "miss")
    assert listed(ports, PageRequest(limit=2), search="hit") == ([31, 21], True)
    assert listed(ports, PageRequest(limit=2, after=object_id(21)), search="hit") == ([11, 1], False)


def test_a_search_that_finds_little_is_continued_where_it_stopped_looking(ports: Ports) -> None:
    for number in range(1, 11):
        saved(ports, number, prompt="hit" if number in (1, 8) else "miss")
    after: str | None = None
    pages: list[list[int]] = []
    while True:
        found = ports.assets.list(
            OWNER, "image", PageRequest(limit=2, after=after, looked_at=4), search="hit"
        )
        pages.append([int(item.id[-12:], 16) for item in found.items])
        if not found.has_more:
            break
        after = found.cursor
    assert [number for page in pages for number in page] == [8, 1]
    assert [] in pages
    assert len(pages) <= 4


def test_what_is_not_filtered_is_not_cut_short(ports: Ports) -> None:
    saved(ports, *range(1, 8))
    assert listed(ports, PageRequest(limit=6, looked_at=2)) == ([7, 6, 5, 4, 3, 2], True)


def family(ports: Ports, root: int, limit: int = 100) -> list[int]:
    ids = ports.assets.descendants(OWNER, object_id(root), limit)
    return [int(asset_id[-12:], 16) for asset_id in ids]


def test_descendants_are_of_one_family_and_come_in_order_of_time(ports: Ports) -> None:
    for number, minutes, root in ((5, 1, 1), (3, 2, 1), (4, 2, 1), (6, 0, 2)):
        member = asset(number, parent_id="p", root_id=object_id(root), created_at=NOW + minutes * MINUTE)
        ports.store.commit(JoinFamily(member))
        ports.store.commit(JoinFamily(member))
    ports.store.commit(JoinFamily(asset(7, owner=STRANGER, parent_id="p", root_id=object_id(1))))
    assert family(ports, 1) == [5, 3, 4]
    assert family(ports, 1, limit=2) == [5, 3]
    assert family(ports, 2) == [6]
    assert family(ports, 9) == []


def test_an_asset_is_deleted_once(ports: Ports) -> None:
    saved(ports, 1, root_id="r", parent_id="p")
    stored = asset(1, root_id="r", parent_id="p")
    ports.store.commit(DeleteAsset(stored, NOW))
    assert ports.assets.get(OWNER, object_id(1)) == stored.deleted(NOW)
    assert listed(ports) == ([], False)
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(DeleteAsset(stored, NOW + MINUTE))
    assert refused.value.current == stored.deleted(NOW)
    with pytest.raises(WriteRefused):
        ports.store.commit(DeleteAsset(asset(2), NOW))
    assert ports.assets.get(OWNER, object_id(2)) is None
