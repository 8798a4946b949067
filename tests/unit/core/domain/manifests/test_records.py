"""Records come out the same however the bytes come in, and from wherever reading goes on."""

from __future__ import annotations

import csv
import io
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkroom.domain.manifests.records import (
    MAX_RECORD_BYTES,
    Format,
    Record,
    RecordReader,
    Unreadable,
    cells_of,
    object_of,
)

# What is dangerous in a CSV file, and something that is not.
PIECES = st.lists(st.sampled_from(['"', '""', ",", "\n", "\r\n", "a", "é", "🗼", " ", "'", ";", "1"]))
CELLS = st.text(st.sampled_from('ab",\n\r é🗼'), max_size=6)
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=6)


def records(data: bytes, *cuts: int, format: Format = Format.CSV, position: int = 0) -> list[Record]:
    """The records of a file that comes in pieces, cut at those bytes."""
    reader = RecordReader(format, position)
    places = sorted({min(cut, len(data)) for cut in cuts})
    pieces = [data[start:end] for start, end in zip([0, *places], [*places, len(data)], strict=True)]
    read = [record for piece in pieces[:-1] for record in reader.feed(piece)]
    return read + list(reader.feed(pieces[-1], last=True))


def written(table: list[list[str]], line_break: str = "\r\n") -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator=line_break, quoting=csv.QUOTE_ALL).writerows(table)
    return file.getvalue().encode()


@given(PIECES.map("".join), st.lists(st.integers(0, 60)), st.booleans())
def test_any_cut_of_a_file_has_the_same_records(text: str, cuts: list[int], bom: bool) -> None:
    data = b"\xef\xbb\xbf" * bom + text.encode()
    assert records(data, *cuts) == records(data)


@given(PIECES.map("".join))
def test_no_byte_is_lost_and_none_is_in_two_records(text: str) -> None:
    data = text.encode()
    assert b"".join(record.data or b"" for record in records(data)) == data


@given(TABLES, st.sampled_from(["\n", "\r\n"]))
def test_a_file_is_read_as_it_was_written(table: list[list[str]], line_break: str) -> None:
    assert [cells_of(record) for record in records(written(table, line_break))] == table


@given(TABLES)
def test_reading_goes_on_from_the_end_of_any_record(table: list[list[str]]) -> None:
    data = written(table)
    whole = records(data)
    for number, record in enumerate(whole, 1):
        assert records(data[record.end :], position=record.end) == whole[number:]


@given(st.lists(st.dictionaries(CELLS, st.none() | st.integers() | CELLS)), st.lists(st.integers(0, 99)))
def test_json_lines_are_read_as_they_were_written(rows: list[dict[str, object]], cuts: list[int]) -> None:
    data = "\n".join(json.dumps(row) for row in rows).encode()
    assert [object_of(it) for it in records(data, *cuts, format=Format.JSONL)] == rows


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a,b\n", ["a", "b"]),
        ("a,b", ["a", "b"]),
        ('"a\nb",c\r\n', ["a\nb", "c"]),
        ('"say ""hi""",x\n', ['say "hi"', "x"]),
        ('5" pipe,x\n', ['5" pipe', "x"]),
        (",\n", ["", ""]),
        ("=1+1,x\n", ["=1+1", "x"]),
    ],
)
def test_cells(text: str, cells: list[str]) -> None:
    (record,) = records(text.encode())
    assert cells_of(record) == cells


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'"a"b,c\n', "quotes"),
        (b'a,"b', "quotes"),
        (b"a\0,b\n", "nul"),
        (b"caf\xe9,b\n", "encoding"),
        (b"a\rb,c\n", "quotes"),
    ],
)
def test_a_record_that_cannot_be_read_says_why(data: bytes, code: str) -> None:
    (record,) = records(data)
    with pytest.raises(Unreadable) as refused:
        cells_of(record)
    assert refused.value.code == code


@pytest.mark.parametrize("line", [b"[1]", b"{", b'{"a": NaN}', b'{"a": 1, "a": 2}', b"[" * 99_999, b"\xff{}"])
def test_a_line_that_is_no_object_is_refused(line: bytes) -> None:
    (record,) = records(line, format=Format.JSONL)
    with pytest.raises(Unreadable):
        object_of(record)


def test_a_byte_order_mark_is_no_part_of_the_first_cell() -> None:
    assert cells_of(records(b'\xef\xbb\xbf"a,b",c\n')[0]) == ["a,b", "c"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_refused_as_a_whole(encoding: str) -> None:
    with pytest.raises(Unreadable, match="UTF-8"):
        records("\ufeffa,b\n".encode(encoding))


def test_cells_of_a_megabyte_are_read() -> None:
    cell = "x" * 1024**2
    (record,) = records(f"{cell},b\n".encode(), 70_000, 500_000)
    assert cells_of(record) == [cell, "b"]


@pytest.mark.parametrize("filling", [b"x", b",", b'"', b'","', b'\n"",'])
def test_a_record_that_is_too_long_is_read_over(filling: bytes) -> None:
    long = b'"' + filling.replace(b'"', b'""') * (11 * MAX_RECORD_BYTES // 10 // len(filling)) + b'"\n'
    data = b"a,b\n" + long + b"c,d\n"
    read = records(data, *range(0, len(data), 1_000_003))
    assert [record.data for record in read] == [b"a,b\n", None, b"c,d\n"]
    assert (read[2].start, read[2].end) == (len(data) - 4, len(data))
    with pytest.raises(Unreadable, match="2 MB"):
        cells_of(read[1])


def test_a_quote_that_is_never_closed_takes_the_rest_of_the_file_and_little_memory() -> None:
    reader, kept = RecordReader(Format.CSV), 0
    assert [record.data for record in reader.feed(b'a,b\n"c')] == [b"a,b\n"]
    for _ in range(20):
        assert not list(reader.feed(b"line,\n" * 100_000))
        kept = max(kept, len(reader._kept))
    assert kept <= MAX_RECORD_BYTES
    (record,) = reader.feed(b"", last=True)
    assert record.data is None


def test_blank_lines_are_told_apart() -> None:
    assert [record.blank for record in records(b"\n \r\na\n,\n")] == [True, True, False, False]


def test_a_file_of_random_bytes_ends() -> None:
    chance = random.Random(7)
    data = chance.randbytes(50_000)
    assert records(data, *(chance.randrange(50_000) for _ in range(99))) == records(data)
