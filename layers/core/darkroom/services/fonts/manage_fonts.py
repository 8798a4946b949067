"""Uploading, reading and deleting a workspace's own fonts."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import FeatureQuotaExceeded, InUse, InvalidParam, NotFound, Unavailable
from darkroom.domain.files.file import File, FileStatus
from darkroom.domain.files.uploads import FileUpload, place_of, upload_key
from darkroom.domain.fonts.font import MAX_FONTS, Font, family_problem
from darkroom.domain.writes import CountStoredFile, DeleteFile, DeleteFont, Write, WriteRefused
from darkroom.ports.files import Files
from darkroom.ports.fonts import Fonts
from darkroom.ports.storage import Blobs, Store
from darkroom.ports.system import Clock
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.commit_counted import commit_counted
from darkroom.services.files.request_upload import NewFile, RequestUpload
from darkroom.services.idempotency import IdempotencyContext

NAMED = 5  # of the templates that have a font, in a refusal


@dataclass(frozen=True, slots=True)
class UploadedFont:
    """The file of a font and, once that is ready, the font."""

    file: File
    font: Font | None


@dataclass(frozen=True, slots=True)
class ManageFonts:
    """Fonts are files until they are ready: announced, uploaded and judged as these are."""

    store: Store
    files: Files
    fonts: Fonts
    blobs: Blobs
    clock: Clock
    request_upload: RequestUpload

    def request(
        self, caller: Caller, announced: NewFile, idempotency: IdempotencyContext[FileUpload] | None = None
    ) -> FileUpload:
        """Register a font's upload.

        Raises
        ------
        InvalidParam, RateLimited, AlreadyAnswered, IdempotencyConflict
        FeatureQuotaExceeded
            There are as many fonts as there can be, or too many uploads.
        """
        if announced.family is not None and (problem := family_problem(announced.family)):
            raise InvalidParam(f"family: the name {problem}.", param="family")
        if len(self.fonts.list(caller.owner)) >= MAX_FONTS:
            raise FeatureQuotaExceeded(
                f"A workspace can have {MAX_FONTS} fonts. Delete one first.", feature="fonts"
            )
        return self.request_upload(caller, announced, idempotency)

    def get(self, owner: Owner, font_id: str) -> UploadedFont:
        """A font, whatever its status.

        Raises
        ------
        NotFound
        """
        file = self.files.get(owner, font_id)
        if file is None or not file.is_font:
            raise NotFound("No such font.")
        return UploadedFont(file, self.fonts.get(owner, font_id) if file.settled else None)

    def list(self, owner: Owner) -> tuple[Font, ...]:
        """The fonts that are ready, those of a family together, older versions before newer ones."""
        return tuple(sorted(self.fonts.list(owner), key=lambda font: (*font.slot, font.version, font.id)))

    def delete(self, caller: Caller, font_id: str) -> None:
        """Remove a font that no template has, and its bytes.

        Raises
        ------
        NotFound, RateLimited
        InUse
            It names some of the templates.
        Unavailable
            The font was judged at that moment.
        """
        file = self.get(caller.owner, font_id).file
        now = self.clock.now()
        freed = CountStoredFile(file.owner, frozenset({place_of(file)}), -file.stored_bytes)
        writes: list[Write] = [DeleteFile(file.owner, file.id, file.status), freed]
        if file.status is FileStatus.READY:
            writes.append(DeleteFont(file.owner, file.id))
        try:
            commit_counted(self.store, caller, None, None, now, *writes)
        except WriteRefused as refusal:
            raise _refusal(refusal) from refusal
        # Last: what is not deleted because this call was cut short is nobody's, and costs a little room.
        self.blobs.delete(file.storage_key or upload_key(file))


def _refusal(refusal: WriteRefused) -> Exception:
    font = refusal.current
    if font is None:
        return NotFound("No such font.")
    if isinstance(font, Font):
        named = ", ".join(sorted(font.users)[:NAMED])
        others = f" and {len(font.users) - NAMED} more" if len(font.users) > NAMED else ""
        return InUse(f"The font is used by these templates: {named}{others}. Change or delete them first.")
    return Unavailable("The font is being checked; try again.")
