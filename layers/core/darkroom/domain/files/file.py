"""An uploaded file, from the request for its upload to what was found in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.jobs.assets import Asset, asset_type, storage_key
from darkroom.domain.media.sizes import nearest_aspect

if TYPE_CHECKING:
    from darkroom.domain.fonts.font import FontFacts

UPLOAD_LIFE = timedelta(hours=1)  # of a presigned URL; a Lambda function's credentials outlive it
UPLOAD_GRACE = timedelta(minutes=15)  # for an upload that began in time, and for being checked
UNSETTLED_KEPT = timedelta(days=7)
REJECTED_KEPT = timedelta(days=30)

COLLECTION = "upload"
FOLDER = "files"  # where the bytes of ready files are, in the owner's folder

FONT_TYPES = ("font/ttf", "font/otf", "font/woff2")
_MB = 1024 * 1024
MAX_BYTES = {
    **dict.fromkeys(("image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp"), 25 * _MB),
    **dict.fromkeys(("audio/mpeg", "audio/wav", "audio/ogg", "audio/mp4"), 50 * _MB),
    **dict.fromkeys(FONT_TYPES, 20 * _MB),
}


class FileStatus(StrEnum):
    """How far a file is. ``EXPIRED`` is never stored: it is what a pending file is called after its time."""

    PENDING = "pending"
    READY = "ready"
    REJECTED = "rejected"
    EXPIRED = "expired"


class Rejection(StrEnum):
    """Why an uploaded file cannot be used."""

    SIZE_MISMATCH = "size_mismatch"
    CHECKSUM_MISMATCH = "checksum_mismatch"
    TYPE_MISMATCH = "type_mismatch"
    TOO_LARGE = "too_large"
    DAMAGED = "damaged"
    TOO_COMPLEX = "too_complex"
    NOT_ALLOWED = "not_allowed"


class UnusableFile(ValueError):
    """What was uploaded cannot be used. ``detail`` continues "The file …" and is safe to show."""

    def __init__(self, rejection: Rejection, detail: str) -> None:
        super().__init__(detail)
        self.rejection = rejection
        self.detail = detail


@dataclass(frozen=True, slots=True)
class CleanMedia:
    """A checked file without its metadata.

    Pictures have a size in pixels, sounds last so many ``seconds``, of a ``font`` there is what it says of itself.
    """

    data: bytes
    mime: str
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    font: FontFacts | None = None


@dataclass(frozen=True, slots=True)
class File:
    """One file a client uploads. Once it is ready, an asset has its id.

    ``mime``, ``size`` (bytes) and ``checksum`` (SHA-256, hex) are what the client said; ``stored_mime`` and
    ``stored_size`` are of what is kept, at ``storage_key``. ``upload_until`` is when the presigned URL ends.
    ``family`` is what the client wants a font's family to be called.
    """

    id: str
    owner: Owner
    filename: str
    mime: str
    size: int
    checksum: str
    created_at: datetime
    upload_until: datetime
    status: FileStatus = FileStatus.PENDING
    storage_key: str | None = None
    stored_mime: str | None = None
    stored_size: int | None = None
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    rejection: Rejection | None = None
    detail: str | None = None
    settled_at: datetime | None = None
    family: str | None = None

    @property
    def is_font(self) -> bool:
        """Whether it is a font: no asset comes of it, and no list of files has it."""
        return self.mime in FONT_TYPES

    def status_at(self, now: datetime) -> FileStatus:
        """The status as a client sees it."""
        late = self.status is FileStatus.PENDING and now >= self.upload_until + UPLOAD_GRACE
        return FileStatus.EXPIRED if late else self.status

    @property
    def settled(self) -> bool:
        """Whether what was uploaded has been judged."""
        return self.status is not FileStatus.PENDING

    @property
    def why_unusable(self) -> str:
        """Why a request that names the file cannot be accepted, after "The file …"."""
        match self.status:
            case FileStatus.REJECTED:
                return f"was rejected: it {self.detail}."
            case FileStatus.READY if self.is_font:
                return "is a font."
            case FileStatus.READY:
                return "became ready just now; try again."
            case _:
                return "is not ready: upload it, then wait for its status or for the event file.ready."

    @property
    def kept_until(self) -> datetime | None:
        """When the record is forgotten; ``None`` for never."""
        if self.status is FileStatus.READY:
            return None
        if self.settled_at is not None:
            return self.settled_at + REJECTED_KEPT
        return self.upload_until + UNSETTLED_KEPT

    def ready(self, media: CleanMedia, now: datetime) -> File:
        """The file as ready, with what was found in it."""
        return replace(
            self,
            status=FileStatus.READY,
            storage_key=storage_key(self.owner, FOLDER, self.id, media.mime),
            stored_mime=media.mime,
            stored_size=len(media.data),
            width=media.width,
            height=media.height,
            seconds=media.seconds,
            settled_at=now,
        )

    def rejected(self, unusable: UnusableFile, now: datetime) -> File:
        """The file as rejected, with the reason."""
        return replace(
            self,
            status=FileStatus.REJECTED,
            rejection=unusable.rejection,
            detail=unusable.detail,
            settled_at=now,
        )

    @property
    def stored_bytes(self) -> int:
        """How many bytes are kept of it."""
        return self.stored_size or 0

    @property
    def aspect_ratio(self) -> str:
        """The nearest aspect ratio that has a name; empty for a sound."""
        return nearest_aspect(self.width, self.height) if self.width and self.height else ""


def asset_of(file: File) -> Asset:
    """The asset that a ready file is.

    Raises
    ------
    ValueError
        The file is not ready.
    """
    if file.storage_key is None or file.stored_mime is None or file.stored_size is None:
        raise ValueError(f"file {file.id} is not ready")
    return Asset(
        id=file.id,
        owner=file.owner,
        collection=COLLECTION,
        type=asset_type(file.stored_mime),
        storage_key=file.storage_key,
        mime=file.stored_mime,
        size=file.stored_size,
        aspect_ratio=file.aspect_ratio,
        model="",
        created_at=file.created_at,
        job_id="",
    )
