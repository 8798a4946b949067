"""Batches: how their rows and chunks are numbered, and where their payloads are.

A batch's rows are numbered through their ids: a batch's id ends in three zeros, its rows' in their number. So a row
leads back to its batch and its payload without a read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.ids import derived, is_uuid
from darkroom.domain.jobs.spec import PNG, Chunk, Encoding
from darkroom.domain.renders.names import payload_key

# Of one chunk: with each row its cache entry, they end in one transaction of at most 100 writes.
ROWS_AT_ONCE = 25
MAX_ROWS = 1_000  # so that a batch's chunks, each with its hold, fit one transaction too

_ROW_DIGITS = 3
_NO_ROW = "0" * _ROW_DIGITS


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


def manifest_key(owner: Owner, batch_id: str) -> str:
    """Where a batch's payloads are until its rows are rendered."""
    return f"tmp/batches/{owner.workspace_id}/{'live' if owner.livemode else 'test'}/{batch_id}.jsonl"


@dataclass(frozen=True, slots=True)
class Manifest:
    """A batch's distinct payloads as one object of JSON lines, and where in it each chunk's lines are.

    ``rows`` has for every payload of the request which distinct one it is.
    """

    body: bytes
    rows: tuple[int, ...]
    chunks: tuple[Chunk, ...]
    distinct: int


def manifest(payloads: Sequence[Mapping[str, Any]], ratio: float, encoding: Encoding = PNG) -> Manifest:
    """The manifest of a batch's payloads, each as JSON; identical ones are in it once."""
    places: dict[str, int] = {}
    lines: list[bytes] = []
    rows: list[int] = []
    for payload in payloads:
        key = payload_key(payload, ratio, encoding)
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
