"""Cutting a manifest's bytes into records, whatever pieces they come in.

A record begins and ends at a byte of the file, and nothing of one record is needed to read the next: a place in a
file is the number of a byte. UTF-8 has no comma, quote or newline inside another character, so records are found in
bytes and only then decoded.
"""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any

MAX_RECORD_BYTES = 2 * 1024 * 1024  # a longer one is read over, not kept

# The csv module's own limit is for its whole process, and lower.
csv.field_size_limit(MAX_RECORD_BYTES)

BOM = codecs.BOM_UTF8
_OTHER_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_QUOTE = ord('"')


class Format(StrEnum):
    """How a manifest is written; also how its file's name ends."""

    CSV = "csv"
    JSONL = "jsonl"

    @property
    def mime(self) -> str:
        """The type its file is stored as."""
        return "text/csv" if self is Format.CSV else "application/jsonl"


class Unreadable(Exception):
    """A record, or a file, cannot be read. ``code`` is for programs, the text for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the bytes from ``start`` up to ``end``, its line break included.

    ``data`` is ``None`` of a record that is too long to be kept.
    """

    start: int
    end: int
    data: bytes | None

    @property
    def blank(self) -> bool:
        """Whether there is nothing in it but space: such a line is no row."""
        return self.data is not None and not self.data.strip(b" \t\r\n")


class _At(Enum):
    """Where in a record a byte stands."""

    CELL_START = 0
    PLAIN = 1
    QUOTED = 2
    QUOTE = 3  # behind a quote in a quoted cell, which ends it unless a second one follows


@dataclass(slots=True)
class RecordReader:
    """Finds the records in the bytes that it is fed, beginning at byte ``position`` of the file, a record's first.

    It keeps the record that is not complete yet, at most :data:`MAX_RECORD_BYTES` of it.
    """

    format: Format
    position: int = 0
    _start: int = field(init=False)
    _kept: bytearray = field(init=False, default_factory=bytearray)  # of the record since its start
    _at: _At = field(init=False, default=_At.CELL_START)
    _too_long: bool = field(init=False, default=False)
    _head: bytes = field(
        init=False, default=b""
    )  # of the file, as long as it may be part of a byte order mark

    def __post_init__(self) -> None:
        self._start = self.position

    def feed(self, data: bytes, *, last: bool = False) -> Iterator[Record]:
        """The records that end in ``data``; with ``last`` also the one that the file ends in.

        Raises
        ------
        Unreadable
            The file is in another encoding.
        """
        if self.position == 0:
            data = self._head + data
            if len(data) < len(BOM) and not last:
                self._head = data
                return
            data = self._without_bom(data)
        at = 0
        while (end := self._end(data, at)) is not None:
            self._keep(data[at:end])
            yield self._ended()
            at = end
        self._keep(data[at:])
        if last and self.position > self._start:
            yield self._ended()

    def _without_bom(self, data: bytes) -> bytes:
        if data.startswith(_OTHER_BOMS):
            raise Unreadable("encoding", "The file is UTF-16; it must be UTF-8.")
        if data.startswith(BOM):
            self.position = self._start = len(BOM)
            return data[len(BOM) :]
        return data

    def _end(self, data: bytes, at: int) -> int | None:
        """Where the record ends that ``data`` goes on with at ``at``; ``None`` if that is not in it."""
        if self.format is Format.CSV:
            return self._csv_end(data, at)
        newline = data.find(b"\n", at)
        return newline + 1 if newline >= 0 else None

    def _csv_end(self, data: bytes, at: int) -> int | None:
        newline = data.find(b"\n", at)
        while at < len(data):
            if self._at is _At.QUOTED:
                at = data.find(b'"', at) + 1
                if at == 0:
                    return None
                self._at = _At.QUOTE
            elif self._at is _At.PLAIN:
                newline = data.find(b"\n", at) if 0 <= newline < at else newline
                comma = data.find(b",", at, newline if newline >= 0 else len(data))
                if comma < 0:
                    return self._line_end(newline)
                at, self._at = comma + 1, _At.CELL_START
            elif data[at] == _QUOTE:
                at, self._at = at + 1, _At.QUOTED
            else:
                self._at = _At.PLAIN
        return None

    def _line_end(self, newline: int) -> int | None:
        if newline < 0:
            return None
        self._at = _At.CELL_START
        return newline + 1

    def _keep(self, piece: bytes) -> None:
        self.position += len(piece)
        if self.position - self._start > MAX_RECORD_BYTES:
            self._too_long = True
            self._kept.clear()
        else:
            self._kept += piece

    def _ended(self) -> Record:
        record = Record(self._start, self.position, None if self._too_long else bytes(self._kept))
        self._start, self._at, self._too_long = self.position, _At.CELL_START, False
        self._kept.clear()
        return record


def cells_of(record: Record) -> list[str]:
    """The cells of a CSV record.

    Raises
    ------
    Unreadable
    """
    text = _text(record)
    try:
        (cells,) = csv.reader([text], strict=True)
    except (csv.Error, ValueError) as error:
        raise Unreadable("quotes", "The quotes of this row do not match.") from error
    return cells


def object_of(record: Record) -> dict[str, Any]:
    """The JSON object of a JSONL record.

    Raises
    ------
    Unreadable
    """
    try:
        value = json.loads(_text(record), object_pairs_hook=_unique, parse_constant=_no_number)
    except Unreadable:
        raise
    except (ValueError, RecursionError) as error:
        raise Unreadable("json", "This line is no JSON.") from error
    if not isinstance(value, dict):
        raise Unreadable("json", "This line is JSON but no object.")
    return value


def _text(record: Record) -> str:
    if record.data is None:
        raise Unreadable("too_long", f"This row has more than {MAX_RECORD_BYTES // 1024**2} MB.")
    if b"\0" in record.data:
        raise Unreadable("nul", "This row has a NUL byte.")
    try:
        return record.data.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        raise Unreadable("encoding", "This row is not UTF-8.") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise Unreadable("duplicate", "This line names a member twice.")
    return members


def _no_number(_: str) -> None:
    raise ValueError("JSON has no such number")
