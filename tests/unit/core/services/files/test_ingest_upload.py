"""Uploads become assets or are rejected, once, however often and in whatever order S3 tells of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from darkroom.domain.errors import Unavailable
from darkroom.domain.files.file import MAX_BYTES, FileStatus, Rejection, UnusableFile
from darkroom.domain.files.uploads import FileUsage, upload_key
from darkroom.domain.writes import SettleFile
from darkroom.services.files.ingest_upload import Ingested
from tests.fakes.calls import Crash
from tests.unit.core.services.files.conftest import DATA, FilesHarness


def settlements(harness: FilesHarness) -> int:
    return sum(isinstance(write, SettleFile) for commit in harness.store.commits for write in commit)


def test_an_upload_becomes_an_asset_of_its_files_id(harness: FilesHarness) -> None:
    file = harness.announce()
    key = harness.upload(file)
    assert harness.ingest(key) is Ingested.READY
    ready = harness.file(file)
    assert ready.status is FileStatus.READY
    assert (ready.width, ready.height, ready.stored_size) == (100, 100, len(b"clean " + DATA))
    asset = harness.memory.assets[harness.owner, file.id]
    assert harness.blobs.get(asset.storage_key) == b"clean " + DATA
    assert list(harness.blobs.objects) == [asset.storage_key]
    assert harness.memory.file_usage[harness.owner] == FileUsage(frozenset(), asset.size)
    assert harness.inspector.inspected == [(DATA, "image/png")]


def test_the_same_event_twice_changes_nothing(harness: FilesHarness) -> None:
    file = harness.announce()
    key = harness.upload(file)
    assert [harness.ingest(key) for _ in range(2)] == [Ingested.READY, Ingested.SETTLED_BEFORE]
    assert settlements(harness) == 1
    assert harness.memory.file_usage[harness.owner].stored_bytes == len(b"clean " + DATA)


def test_a_presigned_url_that_is_used_again_replaces_nothing(harness: FilesHarness) -> None:
    file = harness.announce()
    harness.ingest(harness.upload(file))
    before = harness.file(file), dict(harness.memory.assets), dict(harness.blobs.objects)
    key = harness.upload(file, b"something else")
    assert harness.ingest(key) is Ingested.SETTLED_BEFORE
    assert (harness.file(file), harness.memory.assets, harness.blobs.objects) == before
    assert len(harness.inspector.inspected) == 1


def test_two_workers_that_judge_one_upload_settle_it_once(harness: FilesHarness) -> None:
    file = harness.announce()
    key = harness.upload(file)
    inspect = harness.inspector.inspect

    def meanwhile(data: bytes, mime: str) -> object:
        harness.inspector.inspect = inspect  # type: ignore[method-assign]
        assert harness.ingest(key) is Ingested.READY
        return inspect(data, mime)

    harness.inspector.inspect = meanwhile  # type: ignore[method-assign, assignment]
    assert harness.ingest(key) is Ingested.SETTLED_BEFORE
    assert settlements(harness) == 1
    asset = harness.memory.assets[harness.owner, file.id]
    assert list(harness.blobs.objects) == [asset.storage_key]
    assert harness.memory.file_usage[harness.owner].stored_bytes == asset.size


def test_a_file_deleted_while_it_is_judged_leaves_nothing(harness: FilesHarness) -> None:
    file = harness.announce()
    key = harness.upload(file)
    inspect = harness.inspector.inspect

    def meanwhile(data: bytes, mime: str) -> object:
        harness.core.manage_files.delete(harness.caller(), file.id)
        return inspect(data, mime)

    harness.inspector.inspect = meanwhile  # type: ignore[method-assign, assignment]
    assert harness.ingest(key) is Ingested.NOBODYS
    assert harness.blobs.objects == {}
    assert harness.memory.assets == {}
    assert harness.memory.file_usage[harness.owner] == FileUsage()


@pytest.mark.parametrize(
    ("sent", "rejection"),
    [
        (b"", Rejection.SIZE_MISMATCH),
        (DATA[:-1], Rejection.SIZE_MISMATCH),
        (DATA + b"!", Rejection.SIZE_MISMATCH),
        (DATA[::-1], Rejection.CHECKSUM_MISMATCH),
    ],
)
def test_other_bytes_than_announced_are_rejected(
    harness: FilesHarness, sent: bytes, rejection: Rejection
) -> None:
    file = harness.announce()
    key = harness.upload(file, sent)
    assert harness.ingest(key) is Ingested.REJECTED
    assert harness.file(file).rejection is rejection
    assert harness.inspector.inspected == []
    assert harness.blobs.objects == {}
    assert harness.memory.assets == {}
    assert harness.memory.file_usage[harness.owner] == FileUsage()


def test_what_the_inspector_refuses_is_rejected_with_its_reason(harness: FilesHarness) -> None:
    harness.inspector.refusal = UnusableFile(Rejection.DAMAGED, "is damaged or not complete")
    file = harness.announce()
    key = harness.upload(file)
    assert [harness.ingest(key) for _ in range(2)] == [Ingested.REJECTED, Ingested.SETTLED_BEFORE]
    rejected = harness.file(file)
    assert (rejected.status, rejected.rejection, rejected.detail) == (
        FileStatus.REJECTED,
        Rejection.DAMAGED,
        "is damaged or not complete",
    )
    assert settlements(harness) == 1


def test_an_object_that_is_gone_leaves_its_file_pending(harness: FilesHarness) -> None:
    file = harness.announce()
    assert harness.ingest(upload_key(file)) is Ingested.GONE
    assert harness.file(file) == file
    assert harness.ingest(harness.upload(file)) is Ingested.READY


@pytest.mark.parametrize("key", ["uploads/readme.txt", "uploads/", "uploads/w/live/f"])
def test_an_object_that_is_nobodys_is_removed(harness: FilesHarness, key: str) -> None:
    harness.blobs.put(key, b"?", "text/plain")
    assert harness.ingest(key) is Ingested.NOBODYS
    assert harness.blobs.objects == {}


def test_a_key_names_its_owner(harness: FilesHarness) -> None:
    file = harness.announce()
    harness.upload(file)
    other = upload_key(replace(file, owner=replace(file.owner, livemode=False)))
    harness.blobs.put(other, DATA, "image/png")
    assert harness.ingest(other) is Ingested.NOBODYS
    assert harness.file(file) == file


@pytest.mark.parametrize("after_effect", [False, True])
def test_a_worker_that_dies_anywhere_is_repeated_to_the_same_end(after_effect: bool) -> None:
    for place in range(1, 20):
        harness = FilesHarness()
        file = harness.announce()
        key = harness.upload(file)
        harness.calls.made.clear()
        harness.calls.die_at, harness.calls.die_after_effect = place, after_effect
        try:
            harness.ingest(key)
        except Crash:
            harness.calls.die_at = None
            harness.ingest(key)
        else:
            assert place > 4
            return
        assert harness.file(file).status is FileStatus.READY
        asset = harness.memory.assets[harness.owner, file.id]
        assert list(harness.blobs.objects) == [asset.storage_key]
        assert harness.memory.file_usage[harness.owner] == FileUsage(frozenset(), asset.size)


@pytest.mark.parametrize("mime", MAX_BYTES)
def test_bytes_of_a_worker_that_died_go_with_the_file_they_were_for(harness: FilesHarness, mime: str) -> None:
    file = harness.announce(mime=mime)
    key = harness.upload(file)
    harness.core.store, store = _Busy(), harness.core.store
    with pytest.raises(Unavailable):
        harness.ingest(key)
    harness.core.store = store
    assert len(harness.blobs.objects) == 2
    for service in ("manage_files", "manage_fonts", "request_upload"):
        vars(harness.core).pop(service, None)
    manage = harness.core.manage_fonts if file.is_font else harness.core.manage_files
    manage.delete(harness.caller(), file.id)
    assert harness.ingest(key) is Ingested.NOBODYS
    assert harness.blobs.objects == {}


def test_bytes_stored_by_a_worker_do_not_outlive_anothers_rejection(harness: FilesHarness) -> None:
    file = harness.announce()
    key = harness.upload(file)
    inspect = harness.inspector.inspect

    def meanwhile(data: bytes, mime: str) -> object:
        harness.inspector.inspect = inspect  # type: ignore[method-assign]
        harness.upload(file, DATA[::-1])
        assert harness.ingest(key) is Ingested.REJECTED
        return inspect(data, mime)

    harness.inspector.inspect = meanwhile  # type: ignore[method-assign, assignment]
    assert harness.ingest(key) is Ingested.SETTLED_BEFORE
    assert harness.file(file).rejection is Rejection.CHECKSUM_MISMATCH
    assert harness.blobs.objects == {}


def test_a_store_that_is_busy_is_asked_again_later(harness: FilesHarness) -> None:
    file = harness.announce()
    key = harness.upload(file)
    harness.core.store = _Busy()
    with pytest.raises(Unavailable):
        harness.ingest(key)
    assert harness.file(file) == file
    assert harness.blobs.exists(key)


class _Busy:
    def commit(self, *_: object) -> None:
        raise Unavailable("busy")
