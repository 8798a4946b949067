"""Registering a file and presigning its upload."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.errors import FeatureQuotaExceeded, InvalidParam
from darkroom.domain.files.file import MAX_BYTES, UPLOAD_LIFE, File
from darkroom.domain.files.uploads import (
    MAX_PENDING,
    MAX_STORED_BYTES,
    FileUpload,
    FileUsage,
    place_of,
    upload_key,
)
from darkroom.domain.writes import CountStoredFile, CreateFile, TakeUploadPlace, WriteRefused
from darkroom.ports.storage import Blobs, Store
from darkroom.ports.system import Clock, Ids
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.commit_counted import commit_counted
from darkroom.services.idempotency import IdempotencyContext


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file as a client announces it: its type, its size in bytes and its SHA-256 as hex digits.

    ``family`` is what a font's family is to be called, if not as the font itself says.
    """

    filename: str
    mime: str
    size: int
    checksum: str
    family: str | None = None


@dataclass(frozen=True, slots=True)
class RequestUpload:
    """Registers files. What is uploaded later must be exactly what was announced."""

    store: Store
    blobs: Blobs
    clock: Clock
    ids: Ids

    def __call__(
        self, caller: Caller, announced: NewFile, idempotency: IdempotencyContext[FileUpload] | None = None
    ) -> FileUpload:
        """Register a file as pending and take a place for its upload.

        Raises
        ------
        InvalidParam, RateLimited, AlreadyAnswered, IdempotencyConflict
        FeatureQuotaExceeded
            Too many uploads are unfinished, or too much is stored.
        """
        _check(announced)
        requested = self._requested(caller, announced)
        try:
            self._commit(caller, requested, idempotency)
        except WriteRefused as refusal:
            self._make_room(caller, refusal)
            self._commit_or_refuse(caller, requested, idempotency)
        return requested

    def _requested(self, caller: Caller, announced: NewFile) -> FileUpload:
        now = self.clock.now()
        file = File(
            self.ids.new(),
            caller.owner,
            announced.filename,
            announced.mime,
            announced.size,
            announced.checksum,
            created_at=now,
            upload_until=now + UPLOAD_LIFE,
            family=announced.family,
        )
        upload = self.blobs.presigned_put(
            upload_key(file),
            mime=file.mime,
            size=file.size,
            checksum=file.checksum,
            expires_seconds=int(UPLOAD_LIFE.total_seconds()),
        )
        return FileUpload(file, upload)

    def _commit(
        self, caller: Caller, requested: FileUpload, idempotency: IdempotencyContext[FileUpload] | None
    ) -> None:
        file = requested.file
        place = TakeUploadPlace(caller.owner, place_of(file), MAX_PENDING, MAX_STORED_BYTES)
        commit_counted(self.store, caller, idempotency, requested, self.clock.now(), CreateFile(file), place)

    def _commit_or_refuse(
        self, caller: Caller, requested: FileUpload, idempotency: IdempotencyContext[FileUpload] | None
    ) -> None:
        try:
            self._commit(caller, requested, idempotency)
        except WriteRefused as refusal:
            raise _quota(refusal) from refusal

    def _make_room(self, caller: Caller, refusal: WriteRefused) -> None:
        """Free the places of uploads whose time is over, so that no clock has to.

        Raises
        ------
        FeatureQuotaExceeded
            There are none.
        """
        usage = refusal.current
        stale = usage.stale(self.clock.now()) if isinstance(usage, FileUsage) else frozenset()
        if not stale:
            raise _quota(refusal) from refusal
        self.store.commit(CountStoredFile(caller.owner, stale))


def _check(announced: NewFile) -> None:
    if announced.mime not in MAX_BYTES:
        raise InvalidParam(f"content_type must be one of {', '.join(MAX_BYTES)}.", param="content_type")
    most = MAX_BYTES[announced.mime]
    if not 0 < announced.size <= most:
        raise InvalidParam(f"size must be from 1 byte to {most // 1024**2} MB.", param="size")


def _quota(refusal: WriteRefused) -> Exception:
    """What the client is told; a refusal that has nothing to do with places is not its business."""
    if not isinstance(refusal.write, TakeUploadPlace):
        return refusal
    usage = refusal.current
    if isinstance(usage, FileUsage) and usage.stored_bytes > MAX_STORED_BYTES:
        detail = f"Ready files may have {MAX_STORED_BYTES // 1024**3} GB; delete some."
    else:
        detail = f"At most {MAX_PENDING} uploads may be unfinished; finish or delete some."
    return FeatureQuotaExceeded(detail, feature="files")
