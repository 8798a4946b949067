"""Renders: what one is called, what is known of a finished one, and how the rows of a batch are found again.

A render is one PNG of one version of a template, filled with one payload at one pixel ratio. That triple is its
*content*; whatever has the same content is the same render, so it is made and charged once.

    payload key   payload and ratio, without the version: the finished render of a payload is found by it, together
                  with the template, in the read that admits a request
    fields hash   the whole content and the mode, because a test render is watermarked; it names the picture

A batch's rows are numbered through their ids: a batch's id ends in three zeros, its rows' in their number. So a row
leads back to its batch and its payload without a read.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.ids import derived, is_uuid
from darkroom.domain.jobs.job import Job
from darkroom.domain.jobs.spec import Chunk

RENDERER = "darkroom"

RENDER = "render"
PREVIEW = "preview"
BATCH = "render_batch"

PNG = "image/png"

ROWS_AT_ONCE = (
    25  # rows of one chunk: with each its cache entry they end in one transaction of at most 100 writes
)
MAX_ROWS = 1_000  # so that a batch's chunks, each with its hold, fit one transaction too

_HASH_BYTES = 10  # 80 bits, sixteen letters
_ROW_DIGITS = 3
_NO_ROW = "0" * _ROW_DIGITS


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished render as it is remembered: free and at once for whoever asks for the same again.

    ``size`` is bytes, ``render_ms`` how long it took when it was made.
    """

    owner: Owner
    template_id: str
    version: int
    payload_key: str
    fields_hash: str
    storage_key: str
    size: int
    render_ms: int
    created_at: datetime


class RenderRefused(Exception):
    """A payload cannot be rendered; nobody but its sender can change that.

    ``element_id`` and ``field`` say what of it, ``message`` why, in words for the client; without a ``field`` it is
    the element as a whole. A canvas' background belongs to no element: its ``element_id`` is ``canvas``.
    """

    def __init__(self, element_id: str, field: str, message: str) -> None:
        super().__init__(message)
        self.element_id = element_id
        self.field = field
        self.message = message


def payload_key(payload_json: Mapping[str, Any], ratio: float) -> str:
    """What names a payload at a ratio, whatever the order of its keys and the spelling of its numbers."""
    filled = {element: _canonical(value) for element, value in payload_json.items()}
    text = json.dumps([filled, _number(ratio)], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def fields_hash(template_id: str, version: int, payload_key: str, livemode: bool) -> str:
    """What names a content: sixteen characters of ``[0-9a-z]``."""
    parts = (template_id, str(version), payload_key, "live" if livemode else "test")
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()[:_HASH_BYTES]
    return base64.b32encode(digest).decode().lower()


def image_key(template_id: str, fields_hash: str) -> str:
    """Where a finished render's bytes are."""
    return f"img/t/{template_id}/{fields_hash}.png"


def preview_key(owner: Owner, job_id: str) -> str:
    """Where a preview's bytes are for the hour or so it lives."""
    return f"tmp/previews/{owner.workspace_id}/{'live' if owner.livemode else 'test'}/{job_id}.png"


def manifest_key(owner: Owner, batch_id: str) -> str:
    """Where a batch's payloads are until its rows are rendered."""
    return f"tmp/batches/{owner.workspace_id}/{'live' if owner.livemode else 'test'}/{batch_id}.jsonl"


def is_render(job: Job) -> bool:
    """Whether a job is a render, a preview or a batch of renders: these are in no list of generations."""
    return job.engine == RENDERER


# ------------------------------------------------------------------- rows and chunks


def batch_id(new_id: str) -> str:
    """A fresh id as a batch's: room is left in it for the numbers of its rows."""
    return new_id[:-_ROW_DIGITS] + _NO_ROW


def row_id(batch_id: str, index: int) -> str:
    """The id of a batch's row at ``index``, from 0."""
    return f"{batch_id[:-_ROW_DIGITS]}{index + 1:0{_ROW_DIGITS}x}"


def row_ids(batch_id: str, count: int) -> tuple[str, ...]:
    """The ids of all rows of a batch, in order."""
    return tuple(row_id(batch_id, index) for index in range(count))


def row_place(row_id: str) -> tuple[str, int] | None:
    """The batch a row's id leads to and the row's index there; ``None`` if it cannot be a row's id."""
    if not is_uuid(row_id) or row_id.endswith(_NO_ROW):
        return None
    return batch_id(row_id), int(row_id[-_ROW_DIGITS:], 16) - 1


def chunk_id(batch_id: str, number: int) -> str:
    """The id of a batch's chunk; the same however often the batch is expanded."""
    return derived(batch_id, "chunk", number)


@dataclass(frozen=True, slots=True)
class Manifest:
    """A batch's distinct payloads as one object of JSON lines, and where in it each chunk's lines are.

    ``rows`` has for every payload of the request which distinct one it is.
    """

    body: bytes
    rows: tuple[int, ...]
    chunks: tuple[Chunk, ...]
    distinct: int


def manifest(payloads: Sequence[Mapping[str, Any]], ratio: float) -> Manifest:
    """The manifest of a batch's payloads, each as JSON; identical ones are in it once."""
    places: dict[str, int] = {}
    lines: list[bytes] = []
    rows: list[int] = []
    for payload in payloads:
        key = payload_key(payload, ratio)
        if key not in places:
            places[key] = len(lines)
            lines.append(json.dumps(payload, separators=(",", ":")).encode() + b"\n")
        rows.append(places[key])
    chunks: list[Chunk] = []
    offset = 0
    for some in batched(lines, ROWS_AT_ONCE, strict=False):
        length = sum(map(len, some))
        chunks.append(Chunk(len(some), offset, length))
        offset += length
    return Manifest(b"".join(lines), tuple(rows), tuple(chunks), len(lines))


def manifest_lines(part: bytes) -> Iterator[Mapping[str, Any]]:
    """The payloads in a part of a manifest, as JSON."""
    return (json.loads(line) for line in part.splitlines())


# ----------------------------------------------------------------------------- views


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of a batch. ``status`` is ``queued``, ``running``, ``completed`` or ``failed``.

    ``progress`` is percent. ``image_key`` is where a completed row's picture is; ``from_cache`` says that it was
    there before, or was made for an identical row, so that this one cost nothing.
    """

    id: str
    status: str
    progress: int = 0
    image_key: str | None = None
    from_cache: bool = False
    failed_reason: str | None = None
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class BatchView:
    """How a batch stands: ``total`` is always the sum of the four counts."""

    id: str
    results: tuple[RowView, ...]
    created_at: datetime

    @property
    def total(self) -> int:
        """All rows."""
        return len(self.results)

    @property
    def queued(self) -> int:
        """Rows that nobody works on yet."""
        return self._count("queued")

    @property
    def running(self) -> int:
        """Rows a worker has."""
        return self._count("running")

    @property
    def completed(self) -> int:
        """Rows with a picture."""
        return self._count("completed")

    @property
    def failed(self) -> int:
        """Rows that ended without one."""
        return self._count("failed")

    @property
    def done(self) -> bool:
        """Whether nothing will change any more."""
        return self.queued == 0 and self.running == 0

    def _count(self, status: str) -> int:
        return sum(row.status == status for row in self.results)


@dataclass(frozen=True, slots=True)
class BatchAccepted:
    """An accepted batch and the ids of its rows, in the order of its payloads."""

    batch_id: str
    row_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RenderOutcome:
    """A single render as it is answered.

    ``key`` is where its bytes are, ``size`` how many, ``render_ms`` how long it took when it was made, which for one
    ``from_cache`` was earlier. ``credits_remaining`` are the sender's, after this.
    """

    key: str
    fields_hash: str
    from_cache: bool
    render_ms: int
    size: int
    credits_remaining: int
    preview: bool = False


def _canonical(value: Any) -> Any:
    """One element's value without what makes no difference: empty members, and how a whole number is spelled."""
    if not isinstance(value, Mapping):
        return value
    return {name: _number(held) for name, held in value.items() if held is not None}


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
