"""Stored outputs and inputs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from darkroom.domain.accounts.workspaces import Owner


class AssetType(StrEnum):
    """What an asset is to a client."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    CAROUSEL_SLIDE = "carousel_slide"
    ANALYSIS = "analysis"


COPIES_KEPT = timedelta(days=30)

_MEDIA = "media/"
_COPIES = "media/copies/"  # the bucket drops what is in here by itself
_COPY = re.compile(rf"{_COPIES}(\d{{4}}-\d\d-\d\d)/", re.ASCII)

SVG = "image/svg+xml"  # comes in as an input only: what is kept of it is a PNG

EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/bmp": "bmp",
    SVG: "svg",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/ogg": "ogg",
    "audio/mp4": "m4a",
    "application/json": "json",
    "font/ttf": "ttf",
    "font/otf": "otf",
    "font/woff2": "woff2",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One stored file and where it came from.

    ``collection`` is the list it shows up in (``image``, ``meme``, …); edits and reframes stay in their parent's.
    ``storage_key`` is the object in the media bucket. ``prompt`` is kept for searching. ``parent_id`` is what it was
    made from and ``root_id`` where that family begins; an asset that began one has neither. ``from_carousel`` is true
    of slides and of what was made from them.
    """

    id: str
    owner: Owner
    collection: str
    type: AssetType
    storage_key: str
    mime: str
    size: int
    aspect_ratio: str
    model: str
    created_at: datetime
    job_id: str
    prompt: str = ""
    parent_id: str | None = None
    slide_index: int | None = None
    deleted_at: datetime | None = None
    root_id: str | None = None
    from_carousel: bool | None = None

    def deleted(self, at: datetime) -> Asset:
        """The asset as soft-deleted: gone from lists, its lineage intact."""
        return replace(self, deleted_at=at)


def asset_type(mime: str) -> AssetType:
    """What an output of that type is to a client."""
    return AssetType.ANALYSIS if mime == "application/json" else AssetType(mime.partition("/")[0])


def storage_key(owner: Owner, job_id: str, asset_id: str, mime: str) -> str:
    """Where an output's bytes live; the same output is always written to the same place."""
    return f"{_folder(owner)}{job_id}/{asset_id}.{EXTENSIONS[mime]}"


def copy_key(owner: Owner, asset_id: str, mime: str, last_day: date) -> str:
    """Where the bytes of a copy from the web live, which is kept to the end of ``last_day``."""
    kept_for_good = storage_key(owner, "uploads", asset_id, mime)
    return f"{_COPIES}{last_day.isoformat()}/{kept_for_good.removeprefix(_MEDIA)}"


def kept_until(key: str) -> datetime | None:
    """When the bytes at ``key`` are gone; ``None`` if they are kept for good."""
    copy = _COPY.match(key)
    return copy and datetime.fromisoformat(copy[1]).replace(tzinfo=UTC) + timedelta(days=1)


def asset_stored_at(owner: Owner, key: str) -> str | None:
    """The id of the owner's asset whose bytes are at ``key``; ``None`` if the key is not the owner's."""
    key = _COPY.sub(_MEDIA, key)
    if not key.startswith(_folder(owner)):
        return None
    return key.rpartition("/")[2].partition(".")[0]


def _folder(owner: Owner) -> str:
    return f"{_MEDIA}{owner.workspace_id}/{'live' if owner.livemode else 'test'}/"
