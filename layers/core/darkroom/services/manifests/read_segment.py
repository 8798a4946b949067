"""Reading a manifest's file in segments, by ranges: never more of it at once than a piece and a record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from darkroom.domain.manifests.manifest import MAX_ROWS, Manifest, Position
from darkroom.domain.manifests.records import Format, Record, RecordReader, Unreadable
from darkroom.domain.manifests.rows import RowRefused, content_of, header_of
from darkroom.domain.manifests.segments import MAX_SEGMENT_BYTES, MAX_SEGMENT_ROWS, SegmentRow
from darkroom.ports.manifests import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Callable

    from darkroom.domain.manifests.segments import Packing
    from darkroom.ports.manifests import ManifestFiles

PIECE_BYTES = 4 * 1024 * 1024

EMPTY = "The file has no rows."
TOO_MANY = f"A manifest may have at most {MAX_ROWS} rows."


@dataclass(frozen=True, slots=True)
class ReadRows:
    """Rows as they were read and packed, and the position behind them."""

    rows: tuple[SegmentRow, ...]
    position: Position


@dataclass(slots=True)
class SegmentReader:
    """Reads a manifest's rows from where it stands. It goes on where the last segment ended, so it is read once.

    ``columns_problem`` says what is wrong with a file's header as a whole.
    """

    files: ManifestFiles
    manifest: Manifest
    columns_problem: Callable[[tuple[str, ...]], str | None]
    _position: Position = field(init=False)
    _records: Iterator[Record] = field(init=False)
    _broken: Exception | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._position = self.manifest.position
        self._records = self._read()

    def next[R](self, read_row: Callable[[dict[str, Any]], R], packing: Packing[R] | None) -> ReadRows:
        """The next rows, packed; without a ``packing`` they are read and skipped.

        Raises
        ------
        Unreadable
            The file cannot be read, from here on.
        SourceChanged
        """
        rows: list[SegmentRow] = []
        begun = self._position.offset
        self._skip_header()
        while len(rows) < MAX_SEGMENT_ROWS and not (packing and packing.full):
            try:
                record = self._next_record()
            except (Unreadable, SourceChanged):
                if rows:
                    break  # these are made; it is raised again for the next
                raise
            if record is None:
                self._position = replace(self._position, at_end=True)
                break
            self._position = replace(self._position, offset=record.end)
            if record.blank:
                continue
            self._position = replace(self._position, rows=self._position.rows + 1)
            rows.append(self._row(record, read_row, packing))
            if record.end - begun >= MAX_SEGMENT_BYTES:
                break
        if self._position.offset >= self.manifest.size:
            self._position = replace(self._position, at_end=True)
        if self._position.at_end and self._position.rows == 0:
            raise Unreadable("empty", EMPTY)
        self._position = replace(self._position, segments=self._position.segments + bool(rows))
        return ReadRows(tuple(rows), self._position)

    def _next_record(self) -> Record | None:
        """The next record; ``None`` at the end.

        Raises
        ------
        Unreadable, SourceChanged
            Again for every later call: a file that broke off has not ended.
        """
        if self._broken is not None:
            raise self._broken
        try:
            record = next(self._records, None)
        except (Unreadable, SourceChanged) as broken:
            self._broken = broken
            raise
        if record is not None and not record.blank and self._position.rows >= MAX_ROWS:
            self._broken = Unreadable("too_many_rows", TOO_MANY)
            raise self._broken
        return record

    def _read(self) -> Iterator[Record]:
        manifest, offset = self.manifest, self._position.offset
        reader = RecordReader(manifest.format, offset)
        while offset < manifest.size:
            length = min(PIECE_BYTES, manifest.size - offset)
            data = self.files.read(manifest.source, manifest.etag or "", offset, length)
            offset += length
            yield from reader.feed(data, last=offset >= manifest.size)

    def _skip_header(self) -> None:
        """Read a CSV file's header, if that was not done before.

        Raises
        ------
        Unreadable
        """
        if self.manifest.format is not Format.CSV or self._position.columns:
            return
        header = self._next_record()
        while header is not None and header.blank:
            header = self._next_record()
        if header is None:
            raise Unreadable("empty", EMPTY)
        columns = header_of(header)
        problem = self.columns_problem(columns)
        if problem is not None:
            raise Unreadable("header", problem)
        self._position = replace(self._position, offset=header.end, columns=columns)

    def _row[R](
        self, record: Record, read_row: Callable[[dict[str, Any]], R], packing: Packing[R] | None
    ) -> SegmentRow:
        number, content = self._position.rows, None
        try:
            content = content_of(self.manifest.format, self._position.columns, record)
            if packing is None:
                return SegmentRow(number, content, skipped=True)
            return SegmentRow(number, content, packing.add(read_row(content)))
        except Unreadable as problem:
            return SegmentRow(number, content, error=problem.message)
        except RowRefused as problem:
            return SegmentRow(number, content, error=problem.message, column=problem.column)
