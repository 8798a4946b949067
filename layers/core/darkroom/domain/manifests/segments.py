"""Packing the rows of a segment into jobs of up to 25 tasks.

Renders: every distinct payload is one task, and a job is a chunk of them as batches have it. Generations: pictures
that differ in nothing but their prompts are tasks of one job. A segment's jobs, each with its hold, are created in
one transaction, which takes a hundred writes and 4 MB; a segment is full before either is reached.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from darkroom.domain.jobs.spec import PNG, Chunk, ChunkSpec, Encoding, ImageSpec, Spec
from darkroom.domain.manifests.rows import ImageRow
from darkroom.domain.renders.batches import ROWS_AT_ONCE
from darkroom.domain.renders.names import payload_key

MAX_SEGMENT_ROWS = 1_000
MAX_SEGMENT_BYTES = 4 * 1024 * 1024  # of the file
MAX_JOBS = 45  # with an entry each, the hold and the manifest: 92 writes

_JOB_BYTES = 128 * 1024  # of prompts, for a row can have 400 KB
_SEGMENT_BYTES = 2 * 1024 * 1024  # of prompts, for a transaction can have 4 MB


@dataclass(frozen=True, slots=True)
class Place:
    """Which task of a segment's jobs makes a row."""

    job: int
    task: int


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One row of a segment: as it was read, and where it is made, or why it is not.

    ``content`` is ``None`` where the row could not be read. A row that is ``skipped`` had nothing wrong with it.
    """

    number: int
    content: Mapping[str, Any] | None
    place: Place | None = None
    error: str | None = None
    column: str | None = None
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class JobPlan:
    """What a job is to make, in how many tasks."""

    spec: Spec
    tasks: int


class Packing[R](Protocol):
    """Takes rows until it is full."""

    @property
    def full(self) -> bool: ...

    def add(self, row: R) -> Place: ...

    def plans(self) -> Sequence[JobPlan]: ...


@dataclass(slots=True)
class RenderPacking:
    """Packs payloads. ``batch`` is what a picture is fetched once for, ``manifest`` where the payloads will be."""

    template: str
    version: int
    ratio: float
    batch: str
    manifest: str
    encoding: Encoding = PNG
    _places: dict[str, int] = field(default_factory=dict)
    _lines: list[bytes] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Whether no more rows fit."""
        return len(self._lines) >= MAX_SEGMENT_ROWS

    def add(self, row: Mapping[str, Any]) -> Place:
        """Take a payload; one that is there already is made once."""
        key = payload_key(row, self.ratio, self.encoding)
        if key not in self._places:
            self._places[key] = len(self._lines)
            self._lines.append(json.dumps(row, separators=(",", ":")).encode() + b"\n")
        return Place(*divmod(self._places[key], ROWS_AT_ONCE))

    @property
    def body(self) -> bytes:
        """All payloads, as the object that the jobs read their parts of."""
        return b"".join(self._lines)

    def plans(self) -> Sequence[JobPlan]:
        """The jobs."""
        return [
            JobPlan(
                ChunkSpec(
                    template=self.template,
                    version=self.version,
                    ratio=self.ratio,
                    encoding=self.encoding,
                    manifest=self.manifest,
                    batch=self.batch,
                    offset=chunk.offset,
                    length=chunk.length,
                ),
                chunk.rows,
            )
            for chunk in self._chunks()
        ]

    def _chunks(self) -> Iterator[Chunk]:
        offset = 0
        for first in range(0, len(self._lines), ROWS_AT_ONCE):
            some = self._lines[first : first + ROWS_AT_ONCE]
            length = sum(map(len, some))
            yield Chunk(len(some), offset, length)
            offset += length


@dataclass(slots=True)
class _Pictures:
    rows: list[ImageRow] = field(default_factory=list)
    weight: int = 0


@dataclass(slots=True)
class ImagePacking:
    """Packs pictures. ``meme`` says that they are memes."""

    meme: bool = False
    _jobs: list[_Pictures] = field(default_factory=list)
    _filling: dict[tuple[object, ...], int] = field(default_factory=dict)
    _weight: int = 0

    @property
    def full(self) -> bool:
        """Whether no more rows fit."""
        return len(self._jobs) >= MAX_JOBS or self._weight >= _SEGMENT_BYTES

    def add(self, row: ImageRow) -> Place:
        """Take a picture."""
        weight = len(json.dumps(row.prompt, ensure_ascii=False).encode())
        number = self._filling.get(row.settings)
        if number is None or not _room(self._jobs[number], weight):
            number = self._filling[row.settings] = len(self._jobs)
            self._jobs.append(_Pictures())
        job = self._jobs[number]
        job.rows.append(row)
        job.weight += weight
        self._weight += weight
        return Place(number, len(job.rows) - 1)

    def plans(self) -> Sequence[JobPlan]:
        """The jobs."""
        return [JobPlan(self._spec(job.rows), len(job.rows)) for job in self._jobs]

    def _spec(self, rows: Sequence[ImageRow]) -> ImageSpec:
        first = rows[0]
        return ImageSpec(
            prompt=first.prompt,
            aspect_ratio=first.aspect_ratio,
            quality=first.quality,
            prompts=tuple(row.prompt for row in rows),
            format="meme" if self.meme else None,
            enhance=first.enhance,
            template_prompt=first.template_prompt,
        )


def _room(job: _Pictures, weight: int) -> bool:
    return len(job.rows) < ROWS_AT_ONCE and job.weight + weight <= _JOB_BYTES


# ------------------------------------------------------------------ the rows, until the segment is closed


def rows_to_lines(rows: Sequence[SegmentRow]) -> bytes:
    """The rows as JSON lines."""
    return b"".join(_line(row) for row in rows)


def rows_from_lines(lines: bytes) -> Iterator[SegmentRow]:
    """The rows that were written as JSON lines."""
    return map(_row, lines.splitlines())


def _line(row: SegmentRow) -> bytes:
    place = None if row.place is None else [row.place.job, row.place.task]
    document = [row.number, row.content, place, row.error, row.column, row.skipped]
    return json.dumps(document, separators=(",", ":")).encode() + b"\n"


def _row(line: bytes) -> SegmentRow:
    number, content, place, error, column, skipped = json.loads(line)
    return SegmentRow(number, content, Place(*place) if place else None, error, column, skipped)
