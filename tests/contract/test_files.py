"""Uploaded files, and how many an owner may have."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from darkroom.domain.files.file import CleanMedia, File, FileStatus, Rejection, UnusableFile
from darkroom.domain.files.uploads import FileUsage, place_of
from darkroom.domain.paging import PageRequest
from darkroom.domain.writes import (
    CountStoredFile,
    CreateFile,
    DeleteFile,
    SettleFile,
    TakeUploadPlace,
    Write,
    WriteRefused,
)
from tests.contract.conftest import Ports
from tests.contract.examples import MINUTE, NOW, OWNER, STRANGER, TEST_OWNER, file, object_id

READY = file().ready(CleanMedia(b"12345", "image/png", 4, 3), NOW)
SOUND = file(mime="audio/wav").ready(CleanMedia(b"12345", "audio/wav", seconds=2.5), NOW)
REJECTED = file().rejected(UnusableFile(Rejection.DAMAGED, "is damaged"), NOW)


def created(ports: Ports, *numbers: int, **changes: Any) -> None:
    for number in numbers:
        ports.store.commit(CreateFile(file(number, **changes)))


def refused(ports: Ports, *writes: Write) -> object:
    with pytest.raises(WriteRefused) as refusal:
        ports.store.commit(*writes)
    return refusal.value.current


def test_a_file_comes_back_as_it_was_created_to_its_owner_alone(ports: Ports) -> None:
    created(ports, 1)
    assert ports.files.get(OWNER, object_id(1)) == file(1)
    assert ports.files.get(STRANGER, object_id(1)) is None
    assert ports.files.get(TEST_OWNER, object_id(1)) is None
    assert refused(ports, CreateFile(file(1, filename="other"))) == file(1)


@pytest.mark.parametrize("settled", [READY, SOUND, REJECTED])
def test_a_pending_file_is_settled_once(ports: Ports, settled: File) -> None:
    created(ports, 1, mime=settled.mime)
    ports.store.commit(SettleFile(settled))
    assert ports.files.get(OWNER, object_id(1)) == settled
    for again in (READY, REJECTED):
        assert refused(ports, SettleFile(again)) == settled


def test_a_file_that_is_not_there_is_not_settled(ports: Ports) -> None:
    assert refused(ports, SettleFile(READY)) is None
    assert ports.files.get(OWNER, object_id(1)) is None


def test_a_file_is_deleted_in_the_state_it_was_seen_in(ports: Ports) -> None:
    created(ports, 1)
    assert refused(ports, DeleteFile(OWNER, object_id(1), FileStatus.READY)) == file(1)
    ports.store.commit(DeleteFile(OWNER, object_id(1), FileStatus.PENDING))
    assert ports.files.get(OWNER, object_id(1)) is None
    assert refused(ports, DeleteFile(OWNER, object_id(1), FileStatus.PENDING)) is None


def test_many_are_read_at_once_and_missing_ones_left_out(ports: Ports) -> None:
    created(ports, 1, 2)
    created(ports, 3, owner=STRANGER)
    wanted = [object_id(2), object_id(1), object_id(2), object_id(3), object_id(4)]
    assert ports.files.get_many(OWNER, wanted) == {object_id(1): file(1), object_id(2): file(2)}
    assert ports.files.get_many(OWNER, []) == {}


def test_files_are_listed_in_order_and_only_ones_own(ports: Ports) -> None:
    created(ports, *range(1, 6))
    created(ports, 7, owner=STRANGER)

    def listed(**page: Any) -> tuple[list[str], bool]:
        found = ports.files.list(OWNER, PageRequest(**page))
        return [item.id for item in found.items], found.has_more

    assert listed(limit=2) == ([object_id(5), object_id(4)], True)
    assert listed(limit=3, after=object_id(4)) == ([object_id(3), object_id(2), object_id(1)], False)
    assert listed(limit=1, newest_first=False) == ([object_id(1)], True)


# ------------------------------------------------------------------- places


def take(number: int, most: int = 2, most_bytes: int = 10, owner: Any = OWNER) -> TakeUploadPlace:
    return TakeUploadPlace(owner, place_of(file(number)), most, most_bytes)


def test_there_are_so_many_places_and_no_more(ports: Ports) -> None:
    ports.store.commit(take(1))
    ports.store.commit(take(1))
    ports.store.commit(take(2))
    places = frozenset({place_of(file(1)), place_of(file(2))})
    assert refused(ports, take(3)) == FileUsage(places)
    ports.store.commit(take(3, owner=STRANGER))
    ports.store.commit(CountStoredFile(OWNER, frozenset({place_of(file(1))})))
    ports.store.commit(take(3))
    assert refused(ports, take(1)) == FileUsage(frozenset({place_of(file(2)), place_of(file(3))}))


def test_no_place_is_given_to_who_stores_too_much(ports: Ports) -> None:
    ports.store.commit(CountStoredFile(OWNER, bytes=10))
    ports.store.commit(take(1))
    ports.store.commit(CountStoredFile(OWNER, frozenset({place_of(file(1)), "unknown"}), 1))
    assert refused(ports, take(2)) == FileUsage(frozenset(), 11)
    ports.store.commit(CountStoredFile(OWNER, bytes=-1))
    ports.store.commit(take(2))


def test_what_an_owner_uses_can_be_asked_for(ports: Ports) -> None:
    assert ports.files.usage(OWNER) == FileUsage()
    ports.store.commit(take(1))
    ports.store.commit(CountStoredFile(OWNER, bytes=10))
    assert ports.files.usage(OWNER) == FileUsage(frozenset({place_of(file(1))}), 10)
    assert ports.files.usage(STRANGER) == FileUsage()


def test_a_refused_place_leaves_no_file(ports: Ports) -> None:
    ports.store.commit(take(1))
    refused(ports, CreateFile(file(2)), take(2, most=1))
    assert ports.files.get(OWNER, object_id(2)) is None


def test_places_become_stale_in_time() -> None:
    places = frozenset({place_of(file(1)), place_of(file(2, upload_until=NOW + 120 * MINUTE))})
    usage = FileUsage(places)
    assert usage.stale(NOW + timedelta(minutes=75)) == frozenset()
    assert usage.stale(NOW + timedelta(minutes=75, microseconds=1)) == {place_of(file(1))}
