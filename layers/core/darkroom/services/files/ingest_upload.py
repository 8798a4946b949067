"""Judging what was uploaded: a pending file becomes ready, with an asset or font of its id, or rejected.

S3 tells of an upload at least once and in no order, and a presigned URL may be used again. So an event is only a hint
to look: the file's record says whether there is anything to do, and the commit that settles it does so once. The
bytes are stored under the asset's own key before that; the upload itself is deleted last.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum

from darkroom.domain.errors import NotFound
from darkroom.domain.files.file import CleanMedia, File, FileStatus, Rejection, UnusableFile, asset_of
from darkroom.domain.files.uploads import place_of, possible_keys, uploaded
from darkroom.domain.fonts.font import MAX_FONTS, Font, FontFacts, family_problem, next_version
from darkroom.domain.writes import CountStoredFile, SaveAsset, SaveFont, SettleFile, Write, WriteRefused
from darkroom.ports.files import Files, Inspector
from darkroom.ports.fonts import Fonts
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
    fonts: Fonts
    blobs: Blobs
    inspector: Inspector
    font_inspector: Inspector
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
        if file.is_font:
            return self._named(file, self.font_inspector.inspect(data, file.mime))
        return self.inspector.inspect(data, file.mime)

    def _named(self, file: File, media: CleanMedia) -> CleanMedia:
        """A font under the name its family is to have."""
        facts = _facts(media)
        facts = replace(facts, family=file.family or facts.family)
        if problem := family_problem(facts.family):
            detail = f"has a family whose name {problem}; say another one as family"
            raise UnusableFile(Rejection.NOT_ALLOWED, detail)
        if len(self.fonts.list(file.owner)) >= MAX_FONTS:
            raise UnusableFile(
                Rejection.NOT_ALLOWED, f"would be one more than the {MAX_FONTS} that there can be"
            )
        return replace(media, font=facts)

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
        self.blobs.put(ready.storage_key or "", media.data, media.mime)
        counted = CountStoredFile(file.owner, frozenset({place_of(file)}), ready.stored_bytes)
        try:
            self.store.commit(SettleFile(ready), counted, self._made_of(ready, media))
        except WriteRefused as refusal:
            return self._settled_meanwhile(refusal, key)
        self.blobs.delete(key)
        return Ingested.READY

    def _made_of(self, ready: File, media: CleanMedia) -> Write:
        """What there is of a file once it is ready."""
        if not ready.is_font:
            return SaveAsset(asset_of(ready))
        key, size = ready.storage_key or "", ready.stored_bytes
        font = Font(ready.id, ready.owner, _facts(media), 1, key, media.mime, size, ready.created_at)
        return SaveFont(replace(font, version=next_version(self.fonts.list(ready.owner), font.slot)))

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


def _facts(media: CleanMedia) -> FontFacts:
    if media.font is None:
        raise ValueError("a font was judged as something else")
    return media.font
