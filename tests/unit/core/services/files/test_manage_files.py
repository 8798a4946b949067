"""Reading, listing and deleting files."""

from __future__ import annotations

from dataclasses import replace

import pytest

from darkroom.domain.errors import InvalidParam, NotFound, Unavailable
from darkroom.domain.files.uploads import FileUsage, upload_key
from darkroom.domain.paging import PageRequest
from darkroom.services.files.ingest_upload import Ingested
from tests.unit.core.services.files.conftest import DATA, FilesHarness


def test_another_workspaces_file_is_not_found(harness: FilesHarness) -> None:
    file = harness.announce()
    stranger = replace(harness.owner, livemode=False)
    assert harness.core.manage_files.get(harness.owner, file.id) == file
    with pytest.raises(NotFound):
        harness.core.manage_files.get(stranger, file.id)
    assert harness.core.manage_files.list(stranger, PageRequest()).items == ()


def test_files_are_listed_newest_first_and_an_unknown_cursor_is_refused(harness: FilesHarness) -> None:
    first, second, third = (harness.announce() for _ in range(3))
    manage = harness.core.manage_files
    assert manage.list(harness.owner, PageRequest(limit=2)).items == (third, second)
    assert manage.list(harness.owner, PageRequest(after=second.id)).items == (first,)
    with pytest.raises(InvalidParam) as refused:
        manage.list(harness.owner, PageRequest(after="5f2b1c34-7a90-4c0e-9b21-2e6f3a8d1c44"))
    assert refused.value.param == "starting_after"


def test_deleting_a_pending_file_frees_its_place(harness: FilesHarness) -> None:
    file = harness.announce()
    key = harness.upload(file)
    harness.core.manage_files.delete(harness.caller(), file.id)
    assert harness.memory.files == {}
    assert harness.memory.file_usage[harness.owner] == FileUsage()
    assert not harness.blobs.exists(key)


def test_an_upload_of_a_deleted_file_comes_to_nothing(harness: FilesHarness) -> None:
    file = harness.announce()
    harness.core.manage_files.delete(harness.caller(), file.id)
    key = harness.upload(file)
    assert harness.ingest(key) is Ingested.NOBODYS
    assert harness.blobs.objects == {}
    assert harness.memory.assets == {}


def test_deleting_a_ready_file_removes_its_bytes_and_keeps_its_asset_as_deleted(
    harness: FilesHarness,
) -> None:
    file = harness.announce()
    harness.ingest(harness.upload(file))
    harness.core.manage_files.delete(harness.caller(), file.id)
    assert harness.blobs.objects == {}
    assert harness.memory.assets[harness.owner, file.id].deleted_at == harness.clock.now()
    assert harness.memory.file_usage[harness.owner] == FileUsage()
    with pytest.raises(NotFound):
        harness.core.manage_files.delete(harness.caller(), file.id)


def test_a_file_that_is_settled_while_it_is_deleted_can_be_deleted_after_that(harness: FilesHarness) -> None:
    file = harness.announce()
    harness.upload(file)
    delete = harness.blobs.delete

    def meanwhile(key: str) -> None:
        harness.blobs.delete = delete  # type: ignore[method-assign]
        assert harness.ingest(key) is Ingested.READY

    harness.blobs.delete = meanwhile  # type: ignore[method-assign]
    caller = harness.caller()
    with pytest.raises(Unavailable):
        harness.core.manage_files.delete(caller, file.id)
    harness.core.manage_files.delete(harness.caller(), file.id)
    assert harness.blobs.objects == {}
    assert upload_key(file) not in harness.blobs.objects
    assert DATA
