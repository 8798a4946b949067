"""Stored outputs and inputs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from darkroom.domain.accounts import Owner


class AssetType(StrEnum):
    """What an asset is to a client."""

    IMAGE = "image"
    VIDEO = "video"
    CAROUSEL_SLIDE = "carousel_slide"
    ANALYSIS = "analysis"


EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/gif": "gif",
    "video/mp4": "mp4",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "application/json": "json",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One stored file and where it came from.

    ``collection`` is the list it shows up in (``image``, ``meme``, …); edits and reframes stay in their parent's.
    ``storage_key`` is the object in the media bucket. ``prompt`` is kept for searching.
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

    def deleted(self, at: datetime) -> Asset:
        """The asset as soft-deleted: gone from lists, its lineage intact."""
        return replace(self, deleted_at=at)


def storage_key(owner: Owner, job_id: str, asset_id: str, mime: str) -> str:
    """Where an output's bytes live; the same output is always written to the same place."""
    mode = "live" if owner.livemode else "test"
    return f"media/{owner.workspace_id}/{mode}/{job_id}/{asset_id}.{EXTENSIONS[mime]}"
