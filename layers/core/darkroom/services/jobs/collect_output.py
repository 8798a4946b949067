"""Storing a task's output in our bucket: bytes from an engine, or a file at a vendor.

A vendor's file may expire within the hour, so the step that learns of it copies it, streamed, byte for byte. The
file's first bytes say what it is; the vendor's name for its type is not believed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO

from darkroom.domain.accounts.workspaces import Feature, Owner
from darkroom.domain.jobs.assets import Asset, AssetType, asset_type, storage_key
from darkroom.domain.jobs.engine import Download, Output
from darkroom.domain.jobs.engine_failures import RouteFailed
from darkroom.domain.jobs.job import CAROUSEL, Job, Task
from darkroom.domain.media.sizes import nearest_aspect
from darkroom.domain.media.sniffing import Media, sniff, sniff_film
from darkroom.ports.storage import Blobs
from darkroom.ports.vendors import Downloads
from darkroom.services.jobs.find_root import Origin

MAX_IMAGE_BYTES = 50 * 1024 * 1024
MAX_FILM_BYTES = 500 * 1024 * 1024
_HEAD_BYTES = 1024 * 1024  # a picture's size is within these bytes, behind any camera metadata

_EXPECTED: Mapping[Feature, str] = {
    Feature.IMAGES: "image",
    Feature.VIDEO: "video",
    Feature.MUSIC: "audio",
}


@dataclass(frozen=True, slots=True)
class CollectOutput:
    """Stores a task's output. A worker whose engines return bytes needs no ``downloads``.

    ``find_root`` answers where what is made from an asset comes from; without it, from that asset.
    """

    blobs: Blobs
    downloads: Downloads | None
    find_root: Callable[[Owner, str], Origin] = lambda _, parent_id: Origin(parent_id)

    def __call__(self, job: Job, task: Task, output: Output | Download, now: datetime) -> Asset:
        """Store the output; returns its asset.

        Raises
        ------
        FileGone, VendorUnavailable, RouteFailed
        """
        asset = self._stored(job, task, output, now)
        if asset.parent_id is None:
            return asset
        origin = self.find_root(job.owner, asset.parent_id)
        return replace(asset, root_id=origin.root_id, from_carousel=origin.from_carousel)

    def _stored(self, job: Job, task: Task, output: Output | Download, now: datetime) -> Asset:
        if isinstance(output, Output):
            asset = _asset(job, task, output.mime, len(output.data), output.aspect_ratio, now)
            self.blobs.put(asset.storage_key, output.data, output.mime)
            return asset
        if self.downloads is None:
            raise RouteFailed("this worker fetches nothing", code="no_downloads")
        most = MAX_IMAGE_BYTES if job.feature is Feature.IMAGES else MAX_FILM_BYTES
        with self.downloads.open(output, max_bytes=most) as file:
            size, media = _inspected(file)
            expected = _EXPECTED.get(job.feature)
            if media is None or media.mime.partition("/")[0] != expected:
                mime = media.mime if media else "no known type"
                raise RouteFailed(f"a file of {mime} came for {job.feature.value}", code="wrong_type")
            ratio = output.aspect_ratio or _ratio(media) or job.spec.aspect_ratio
            asset = _asset(job, task, media.mime, size, ratio, now)
            self.blobs.put(asset.storage_key, file, media.mime)
        return asset


def _inspected(file: IO[bytes]) -> tuple[int, Media | None]:
    """A file's size and type; rewinds the file."""
    head = file.read(_HEAD_BYTES)
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size, sniff(head) or sniff_film(head)


def _ratio(media: Media) -> str:
    return nearest_aspect(media.width, media.height) if media.width and media.height else ""


def _asset(job: Job, task: Task, mime: str, size: int, aspect_ratio: str, now: datetime) -> Asset:
    is_slide = job.kind == CAROUSEL
    source = next((one for one in job.spec.inputs if one.role == "source"), None)
    return Asset(
        id=task.id,
        owner=job.owner,
        collection=job.collection,
        type=AssetType.CAROUSEL_SLIDE if is_slide else asset_type(mime),
        storage_key=storage_key(job.owner, job.id, task.id, mime),
        mime=mime,
        size=size,
        aspect_ratio=aspect_ratio,
        model=job.model,
        created_at=now,
        job_id=job.id,
        prompt=job.spec.prompt_of(task.index),
        parent_id=source.asset_id if source else None,
        slide_index=task.index if is_slide else None,
        from_carousel=is_slide or None,
    )
