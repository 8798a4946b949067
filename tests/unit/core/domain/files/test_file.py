"""A file's way from announced to ready, rejected or expired."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest

from darkroom.domain.files.file import (
    FONT_TYPES,
    MAX_BYTES,
    REJECTED_KEPT,
    UNSETTLED_KEPT,
    UPLOAD_GRACE,
    CleanMedia,
    FileStatus,
    Rejection,
    UnusableFile,
    asset_of,
)
from darkroom.domain.jobs.assets import EXTENSIONS, AssetType, asset_stored_at
from darkroom.http.file_requests import ContentType
from tests.contract.examples import NOW, OWNER, file

PICTURE = CleanMedia(b"12345", "image/png", 1600, 900)
SOUND = CleanMedia(b"123", "audio/mpeg", seconds=2.5)


def test_a_pending_file_expires_a_while_after_its_url_does() -> None:
    pending = file()
    end = pending.upload_until + UPLOAD_GRACE
    assert pending.status_at(pending.upload_until) is FileStatus.PENDING
    assert pending.status_at(end - timedelta(microseconds=1)) is FileStatus.PENDING
    assert pending.status_at(end) is FileStatus.EXPIRED
    assert pending.kept_until == pending.upload_until + UNSETTLED_KEPT


def test_a_settled_file_never_expires() -> None:
    late = NOW + timedelta(days=365)
    ready, rejected = file().ready(PICTURE, NOW), file().rejected(UnusableFile(Rejection.DAMAGED, "is"), NOW)
    assert ready.status_at(late) is FileStatus.READY
    assert ready.kept_until is None
    assert rejected.status_at(late) is FileStatus.REJECTED
    assert rejected.kept_until == NOW + REJECTED_KEPT


def test_a_ready_picture_is_an_asset_of_its_id() -> None:
    ready = file().ready(PICTURE, NOW)
    asset = asset_of(ready)
    assert (asset.id, asset.owner, asset.type, asset.mime) == (ready.id, OWNER, AssetType.IMAGE, "image/png")
    assert (asset.size, asset.aspect_ratio, asset.parent_id) == (5, "16:9", None)
    assert asset_stored_at(OWNER, asset.storage_key) == ready.id


def test_a_ready_sound_is_an_asset_without_a_shape() -> None:
    asset = asset_of(file(mime="audio/mpeg").ready(SOUND, NOW))
    assert (asset.type, asset.aspect_ratio) == (AssetType.AUDIO, "")


def test_what_is_not_ready_is_no_asset() -> None:
    for other in (file(), file().rejected(UnusableFile(Rejection.DAMAGED, "is damaged"), NOW)):
        with pytest.raises(ValueError, match="not ready"):
            asset_of(other)


def test_a_file_says_why_it_cannot_be_used() -> None:
    assert "is not ready" in file().why_unusable
    rejected = file().rejected(UnusableFile(Rejection.DAMAGED, "is damaged"), NOW)
    assert rejected.why_unusable == "was rejected: it is damaged."
    assert "just now" in file().ready(PICTURE, NOW).why_unusable


def test_the_types_that_are_taken_are_those_that_can_be_announced_and_stored() -> None:
    assert {*get_args(ContentType.__value__), *FONT_TYPES} == set(MAX_BYTES)
    assert set(MAX_BYTES) <= set(EXTENSIONS)
