"""Judging what was uploaded: a pending file becomes ready, with an asset of its id, or rejected with the reason.

S3 tells of an upload at least once and in no order, and a presigned URL may be used again. So an event is only a hint
to look: the file's record says whether there is anything to do, and the commit that settles it does so once. The
bytes are stored under the asset's own key before that; the upload itself is deleted last.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from darkroom.domain.errors import NotFound
from darkroom.domain.files.file import CleanMedia, File, FileStatus, Rejection, UnusableFile, asset_of
from darkroom.domain.files.uploads import place_of, possible_keys, uploaded
from darkroom.domain.writes import CountStoredFile, SaveAsset, SettleFile, WriteRefused
from darkroom.ports.files import Files, Inspector
from darkroom.ports.storage import Blobs, Store
from darkroom.ports.system import Clock


class Ingested(StrEnum):
    """What came of an event."""

    READY = "ready"
    REJECTED = "rejected"
    SETTLED_BEFORE = "settled_before"
    NOBODYS = "nobodys"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class IngestUpload:
    """Settles the file that an object was uploaded for."""

    store: Store
    files: Files
    blobs: Blobs
    inspector: Inspector
    clock: Clock

    def __call__(self, key: str) -> Ingested:
        """Look at the upload at ``key``.

        Raises
        ------
        Unavailable
            Something is to be tried again.
        """
        named = uploaded(key)
        file = self.files.get(*named) if named else None
        if file is None or file.settled:
            return self._clear_away(key, file)
        try:
            media = self._inspected(file, key)
        except NotFound:  # its time was over, or it was settled and deleted since the file was read
            return Ingested.GONE
        except UnusableFile as unusable:
            return self._reject(file, key, unusable)
        return self._accept(file, key, media)

    def _inspected(self, file: File, key: str) -> CleanMedia:
        data = self.blobs.get_within(key, file.size)
        if data is None or len(data) != file.size:
            raise UnusableFile(Rejection.SIZE_MISMATCH, f"does not have the announced {file.size} bytes")
        if hashlib.sha256(data).hexdigest() != file.checksum:
            raise UnusableFile(Rejection.CHECKSUM_MISMATCH, "does not have the announced SHA-256")
        return self.inspector.inspect(data, file.mime)

    def _reject(self, file: File, key: str, unusable: UnusableFile) -> Ingested:
        freed = CountStoredFile(file.owner, frozenset({place_of(file)}))
        try:
            self.store.commit(SettleFile(file.rejected(unusable, self.clock.now())), freed)
        except WriteRefused as refusal:
            return self._settled_meanwhile(refusal, key)
        self.blobs.delete(key)
        return Ingested.REJECTED

    def _accept(self, file: File, key: str, media: CleanMedia) -> Ingested:
        ready = file.ready(media, self.clock.now())
        asset = asset_of(ready)
        self.blobs.put(asset.storage_key, media.data, media.mime)
        counted = CountStoredFile(file.owner, frozenset({place_of(file)}), asset.size)
        try:
            self.store.commit(SettleFile(ready), counted, SaveAsset(asset))
        except WriteRefused as refusal:
            return self._settled_meanwhile(refusal, key)
        self.blobs.delete(key)
        return Ingested.READY

    def _settled_meanwhile(self, refusal: WriteRefused, key: str) -> Ingested:
        return self._clear_away(key, refusal.current if isinstance(refusal.current, File) else None)

    def _clear_away(self, key: str, file: File | None) -> Ingested:
        """Remove what nobody will come back for: the upload, and of a file that has no asset the bytes of one.

        A worker stores those before it commits, and may have died between the two.
        """
        if file is None or file.status is not FileStatus.READY:
            for stored_key in possible_keys(key):
                self.blobs.delete(stored_key)
        self.blobs.delete(key)
        return Ingested.SETTLED_BEFORE if file else Ingested.NOBODYS
