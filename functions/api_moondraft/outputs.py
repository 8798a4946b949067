"""Outputs as they are answered: data URLs while they fit a Lambda's answer, signed https URLs beyond that."""

from __future__ import annotations

from darkroom.domain.errors import NotFound, Unavailable
from darkroom.domain.jobs.assets import Asset
from darkroom.domain.jobs.job import Job, TaskState
from darkroom.domain.media.data_urls import data_url, data_url_length
from darkroom.wiring import container

MAX_INLINE_CHARS = 5_500_000  # an answer may have 6 MB, with everything around it


def outputs(job: Job, room: int = MAX_INLINE_CHARS) -> tuple[str | None, ...]:
    """A job's outputs in order, ``None`` for each that does not exist. One that has no ``room`` is a URL."""
    texts: list[str | None] = []
    for task in job.tasks:
        asset = task.asset if task.state is TaskState.SUCCEEDED else None
        inline = asset is not None and data_url_length(asset.size, asset.mime) <= room
        text = _output(asset, inline=inline) if asset else None
        texts.append(text)
        if inline and text:
            room -= len(text)
    return tuple(texts)


def _output(asset: Asset, *, inline: bool) -> str:
    if inline:
        try:
            return data_url(container().blobs.get(asset.storage_key), asset.mime)
        except (NotFound, Unavailable):
            pass  # the file has expired, or the bucket is busy; the URL answers so itself
    return container().links.file(asset.storage_key)
