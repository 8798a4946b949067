"""Brand kits: versions, the one default, lists."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.domain.accounts.api_keys import Token
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.brands.brand_kit import BrandKit
from darkroom.domain.brands.prefetch import BrandKitKey
from darkroom.domain.errors import InvalidParam
from darkroom.domain.paging import PageRequest
from darkroom.domain.writes import (
    CreateKey,
    CreateWorkspace,
    DeleteBrandKit,
    SaveBrandKit,
    SetDefaultBrandKit,
    WriteRefused,
)
from tests.contract.conftest import Ports
from tests.contract.examples import (
    NOW,
    OWNER,
    STRANGER,
    TEST_OWNER,
    WORKSPACE_ID,
    api_key,
    brand_kit,
    object_id,
    workspace,
)


def saved(ports: Ports, *numbers: int, **changes: Any) -> None:
    for number in numbers:
        ports.store.commit(SaveBrandKit(brand_kit(number, **changes)))


def listed(ports: Ports, page: PageRequest = PageRequest(), owner: Owner = OWNER) -> tuple[list[int], bool]:  # noqa: B008
    found = ports.brand_kits.list(owner, page)
    return [int(kit.id[-4:], 16) for kit in found.items], found.has_more


def test_a_kit_comes_back_as_it_was_saved(ports: Ports) -> None:
    saved(ports, 1)
    assert ports.brand_kits.get(OWNER, object_id(1)) == brand_kit(1)
    bare = BrandKit(id=object_id(2), owner=OWNER, name="n", version=1, created_at=NOW, updated_at=NOW)
    ports.store.commit(SaveBrandKit(bare))
    assert ports.brand_kits.get(OWNER, object_id(2)) == bare
    assert ports.brand_kits.get(OWNER, object_id(3)) is None


@pytest.mark.parametrize("owner", [STRANGER, TEST_OWNER])
def test_another_owner_has_none_of_it(ports: Ports, owner: Owner) -> None:
    saved(ports, 1)
    assert ports.brand_kits.get(owner, object_id(1)) is None
    assert listed(ports, owner=owner) == ([], False)
    with pytest.raises(WriteRefused):
        ports.store.commit(DeleteBrandKit(owner, object_id(1)))
    with pytest.raises(InvalidParam):
        ports.brand_kits.list(owner, PageRequest(after=object_id(1)))


@pytest.mark.parametrize("version", [1, 3])
def test_only_what_follows_the_stored_version_is_saved(ports: Ports, version: int) -> None:
    saved(ports, 1)
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(SaveBrandKit(brand_kit(1, version=version)))
    assert refused.value.current == 1
    saved(ports, 1, version=2, name="Second")
    kit = ports.brand_kits.get(OWNER, object_id(1))
    assert kit is not None
    assert (kit.name, kit.version) == ("Second", 2)


def test_a_deleted_kit_is_gone_and_not_brought_back_by_a_change(ports: Ports) -> None:
    saved(ports, 1, 2)
    ports.store.commit(DeleteBrandKit(OWNER, object_id(1)))
    assert ports.brand_kits.get(OWNER, object_id(1)) is None
    assert listed(ports) == ([2], False)
    with pytest.raises(WriteRefused):
        ports.store.commit(SaveBrandKit(brand_kit(1, version=2)))
    with pytest.raises(WriteRefused):
        ports.store.commit(DeleteBrandKit(OWNER, object_id(1)))


def test_one_kit_at_most_is_the_default_of_its_owner(ports: Ports) -> None:
    saved(ports, 1, 2)
    saved(ports, 3, owner=STRANGER)

    def defaults(owner: Owner = OWNER) -> list[str]:
        return [kit.id for kit in ports.brand_kits.list(owner, PageRequest()).items if kit.is_default]

    assert defaults() == []
    for number in (1, 2):
        ports.store.commit(SetDefaultBrandKit(OWNER, object_id(number)))
        assert defaults() == [object_id(number)]
    one, two = (ports.brand_kits.get(OWNER, object_id(number)) for number in (1, 2))
    assert (one and one.is_default, two and two.is_default) == (False, True)
    assert defaults(STRANGER) == []
    ports.store.commit(DeleteBrandKit(OWNER, object_id(2)))
    assert defaults() == []


def test_lists_are_newest_first_and_in_pages(ports: Ports) -> None:
    saved(ports, *range(1, 6))
    assert listed(ports) == ([5, 4, 3, 2, 1], False)
    assert listed(ports, PageRequest(limit=2)) == ([5, 4], True)
    assert listed(ports, PageRequest(limit=3, after=object_id(4))) == ([3, 2, 1], False)
    assert listed(ports, PageRequest(limit=2, newest_first=False)) == ([1, 2], True)


def test_a_page_cannot_begin_after_what_is_not_there(ports: Ports) -> None:
    saved(ports, 1)
    with pytest.raises(InvalidParam):
        ports.brand_kits.list(OWNER, PageRequest(after=object_id(9)))


def test_the_read_that_admits_a_request_also_reads_the_kit_it_names(ports: Ports) -> None:
    saved(ports, 1)
    saved(ports, 2, owner=TEST_OWNER)
    saved(ports, 3, owner=STRANGER)
    key = api_key()
    ports.store.commit(CreateWorkspace(workspace()), CreateKey(key))
    for number, found in ((1, brand_kit(1)), (2, None), (3, None), (4, None)):
        admission = ports.accounts.admit(
            Token(WORKSPACE_ID, key.id),
            RatePolicy("default", 9),
            NOW,
            prefetch=(BrandKitKey(object_id(number)),),
        )
        assert admission is not None
        assert admission.prefetched.get(BrandKitKey) == found
