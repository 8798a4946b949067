"""Results have the rows as they came, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkroom.domain.manifests.records import Format
from darkroom.domain.manifests.results import (
    ResultsWriter,
    RowResult,
    results_from_lines,
    results_to_lines,
    safe,
    unmade,
)
from darkroom.domain.manifests.segments import SegmentRow

URL = "https://a.example/1.png"


def written(format: Format, columns: tuple[str, ...], results: Iterable[RowResult]) -> tuple[str, str]:
    out, report = io.StringIO(newline=""), io.StringIO(newline="")
    writer = ResultsWriter(format, columns, out, report)
    for result in results:
        writer.add(result)
    return out.getvalue(), report.getvalue()


def test_csv_results_have_the_rows_cells_and_five_more() -> None:
    results = [
        RowResult(
            SegmentRow(1, {"name": 'A, "B"\nC', "_id": "x"}), "succeeded", url=URL, warning="name: No font."
        ),
        RowResult(SegmentRow(2, {"name": "D", "_id": ""}, column="name"), "invalid", error="Too long."),
        RowResult(SegmentRow(3, None), "invalid", error="This row is not UTF-8."),
    ]
    text, report = written(Format.CSV, ("name", "_id"), results)
    assert list(csv.reader(io.StringIO(text, newline=""), strict=True)) == [
        ["name", "_id", "_row", "_status", "_asset_url", "_error", "_warnings"],
        ['A, "B"\nC', "x", "1", "succeeded", URL, "", "name: No font."],
        ["D", "", "2", "invalid", "", "Too long.", ""],
        ["", "", "3", "invalid", "", "This row is not UTF-8.", ""],
    ]
    assert report.splitlines() == ["row,column,error", "2,name,Too long.", "3,,This row is not UTF-8."]


def test_json_results_have_the_rows_members_and_five_more() -> None:
    row = SegmentRow(1, {"name": {"text": "é"}, "half": "\ud800"})
    text, report = written(Format.JSONL, (), [RowResult(row, "failed", error="No.")])
    assert json.loads(text) == {
        **(row.content or {}),
        "_row": 1,
        "_status": "failed",
        "_asset_url": None,
        "_error": "No.",
        "_warnings": None,
    }
    assert json.loads(report) == {"row": 1, "column": None, "error": "No."}
    text.encode()


def test_results_that_are_sent_again_do_not_grow() -> None:
    columns = ("name", "_row", "_status", "_asset_url", "_error", "_warnings")
    row = SegmentRow(7, dict.fromkeys(columns, "old"))
    text, _ = written(Format.CSV, columns, [RowResult(row, "succeeded", url=URL)])
    assert text.splitlines() == ["name,_row,_status,_asset_url,_error,_warnings", f"old,7,succeeded,{URL},,"]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1"]
)
def test_a_formula_is_defused(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("cell", "text"), [("-5", "-5"), ("+4.20", "+4.20"), ("a=b", "a=b"), (None, ""), (3, "3")]
)
def test_what_is_no_formula_is_left_alone(cell: object, text: str) -> None:
    assert safe(cell) == text


@given(st.lists(st.dictionaries(st.text(max_size=3), st.text(max_size=4))))
def test_results_come_back_as_they_were_kept(contents: list[dict[str, str]]) -> None:
    results = [
        RowResult(SegmentRow(number, content, column="c"), "succeeded", URL, None, "name: No font.")
        for number, content in enumerate(contents)
    ]
    assert list(results_from_lines(results_to_lines(results))) == results


def test_a_row_without_a_task_was_invalid_or_skipped() -> None:
    assert unmade(SegmentRow(1, None, error="bad")).status == "invalid"
    skipped = unmade(SegmentRow(1, {}, skipped=True), "Canceled.")
    assert (skipped.status, skipped.error) == ("skipped", "Canceled.")


def test_results_that_were_kept_before_there_were_warnings_are_read() -> None:
    (result,) = results_from_lines(b'[1,{"name":"Ada"},null,"succeeded","https://a.example/1.png",null]\n')
    assert result == RowResult(SegmentRow(1, {"name": "Ada"}), "succeeded", URL)
