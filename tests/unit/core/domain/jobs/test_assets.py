"""Assets: where their bytes live, and whose they are."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.jobs.assets import (
    AssetType,
    asset_stored_at,
    asset_type,
    copy_key,
    kept_until,
    storage_key,
)
from tests.contract.examples import NOW, asset

LIVE, TEST, STRANGER = Owner("w", True), Owner("w", False), Owner("v", True)


@pytest.mark.parametrize(("owner", "key"), [(LIVE, "media/w/live/j/a.jpg"), (TEST, "media/w/test/j/a.jpg")])
def test_the_same_output_is_always_at_the_same_place(owner: Owner, key: str) -> None:
    assert storage_key(owner, "j", "a", "image/jpeg") == key
    assert asset_stored_at(owner, key) == "a"


@pytest.mark.parametrize("other", [TEST, STRANGER, Owner("w/live/j", True), Owner("", True)])
def test_a_place_tells_of_its_owners_asset_only(other: Owner) -> None:
    assert asset_stored_at(other, storage_key(LIVE, "j", "a", "image/png")) is None


def test_a_copy_says_where_it_is_how_long_it_is_kept() -> None:
    key = copy_key(LIVE, "a", "image/png", date(2026, 11, 30))
    assert key == "media/copies/2026-11-30/w/live/uploads/a.png"
    assert kept_until(key) == datetime(2026, 12, 1, tzinfo=UTC)
    assert asset_stored_at(LIVE, key) == "a"
    assert [asset_stored_at(other, key) for other in (TEST, STRANGER)] == [None, None]
    assert kept_until(storage_key(LIVE, "uploads", "a", "image/png")) is None


@pytest.mark.parametrize(
    ("mime", "sort"),
    [
        ("image/webp", AssetType.IMAGE),
        ("video/mp4", AssetType.VIDEO),
        ("audio/mpeg", AssetType.AUDIO),
        ("application/json", AssetType.ANALYSIS),
    ],
)
def test_a_type_of_file_is_a_sort_of_asset(mime: str, sort: AssetType) -> None:
    assert asset_type(mime) is sort


def test_a_deleted_asset_keeps_its_lineage() -> None:
    gone = asset(parent_id="before").deleted(NOW)
    assert (gone.deleted_at, gone.parent_id) == (NOW, "before")
