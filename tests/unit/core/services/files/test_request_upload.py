"""Announcing files: what is refused, how many may be pending, and that repeating it makes one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.errors import FeatureQuotaExceeded, IdempotencyConflict, InvalidParam
from darkroom.domain.files.file import MAX_BYTES, UPLOAD_GRACE, UPLOAD_LIFE, FileStatus
from darkroom.domain.files.uploads import MAX_PENDING, MAX_STORED_BYTES, FileUpload, FileUsage
from darkroom.domain.writes import CreateFile, StoredResponse
from darkroom.services.files.request_upload import NewFile
from darkroom.services.idempotency import AlreadyAnswered, IdempotencyContext
from tests.unit.core.services.files.conftest import FilesHarness

SHA = "0" * 64


def context(fingerprint: str = "f") -> IdempotencyContext[FileUpload]:
    return IdempotencyContext("k", fingerprint, lambda made: StoredResponse(201, made.file.id))


def test_a_file_is_pending_and_its_upload_bound_to_what_was_announced(harness: FilesHarness) -> None:
    made = harness.core.request_upload(harness.caller(), NewFile("a.png", "image/png", 3, SHA))
    assert harness.file(made.file) == made.file
    assert made.file.status is FileStatus.PENDING
    assert made.file.upload_until == harness.clock.now() + UPLOAD_LIFE
    assert made.upload.headers["Content-Length"] == "3"
    assert made.upload.headers["Content-Type"] == "image/png"
    assert f"X-Amz-Expires={int(UPLOAD_LIFE.total_seconds())}" in made.upload.url


def test_announcing_takes_one_transaction(harness: FilesHarness) -> None:
    caller = harness.caller()
    harness.calls.made.clear()
    harness.core.request_upload(caller, NewFile("a.png", "image/png", 3, SHA))
    assert [call for call in harness.calls.made if call.startswith("store")] == ["store.commit"]
    assert caller.counted


@pytest.mark.parametrize("mime", MAX_BYTES)
def test_sizes_are_limited_by_type(harness: FilesHarness, mime: str) -> None:
    for size in (0, -1, MAX_BYTES[mime] + 1):
        with pytest.raises(InvalidParam) as refused:
            harness.core.request_upload(harness.caller(), NewFile("", mime, size, SHA))
        assert refused.value.param == "size"
    harness.core.request_upload(harness.caller(), NewFile("", mime, MAX_BYTES[mime], SHA))


def test_what_is_neither_picture_nor_sound_is_refused(harness: FilesHarness) -> None:
    with pytest.raises(InvalidParam) as refused:
        harness.core.request_upload(harness.caller(), NewFile("", "image/svg+xml", 3, SHA))
    assert refused.value.param == "content_type"
    assert harness.memory.files == {}


def test_repeating_a_request_answers_the_first_file(harness: FilesHarness) -> None:
    first = harness.announce(idempotency=context())
    with pytest.raises(AlreadyAnswered) as again:
        harness.announce(idempotency=context())
    assert again.value.response.body == first.id
    with pytest.raises(IdempotencyConflict):
        harness.announce(idempotency=context("other"))
    assert len(harness.memory.files) == 1
    assert len(harness.memory.file_usage[harness.owner].places) == 1


def test_so_many_uploads_may_be_pending(harness: FilesHarness) -> None:
    for _ in range(MAX_PENDING):
        harness.announce()
    with pytest.raises(FeatureQuotaExceeded) as refused:
        harness.announce()
    assert refused.value.feature == "files"
    assert len(harness.memory.files) == MAX_PENDING


def test_places_of_uploads_whose_time_is_over_are_free_again(harness: FilesHarness) -> None:
    for _ in range(MAX_PENDING):
        harness.announce()
    harness.clock.advance((UPLOAD_LIFE + UPLOAD_GRACE + timedelta(seconds=1)).total_seconds())
    harness.announce()
    assert len(harness.memory.file_usage[harness.owner].places) == 1


def test_who_stores_too_much_announces_nothing(harness: FilesHarness) -> None:
    harness.memory.file_usage[harness.owner] = FileUsage(stored_bytes=MAX_STORED_BYTES + 1)
    with pytest.raises(FeatureQuotaExceeded, match="10 GB"):
        harness.announce()
    harness.memory.file_usage[harness.owner] = FileUsage(stored_bytes=MAX_STORED_BYTES)
    harness.announce()


def test_another_workspaces_places_are_its_own(harness: FilesHarness) -> None:
    for _ in range(MAX_PENDING):
        harness.announce()
    other = replace(harness.owner, livemode=False)
    assert other not in harness.memory.file_usage
    assert all(isinstance(write, CreateFile) for write, *_ in harness.store.commits[-MAX_PENDING:])
