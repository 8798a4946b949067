"""A manifest's results: its rows, each with what became of it, in the format it came in.

What Darkroom adds has names that begin with an underscore, as columns do that mean nothing in a manifest. So a
results file can be sent as a manifest again.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from darkroom.domain.manifests.records import Format
from darkroom.domain.manifests.segments import SegmentRow
from darkroom.domain.templates.problems import is_text

ADDED = ("_row", "_status", "_asset_url", "_error", "_warnings")
REPORT = ("row", "column", "error")

# What a spreadsheet would run as a formula; a plain number is none.
_FORMULA = re.compile(r"\s*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class RowResult:
    """A row and what became of it: ``status`` is succeeded, failed, invalid or skipped.

    ``warning`` is what its sender should know of a picture that was made all the same.
    """

    row: SegmentRow
    status: str
    url: str | None = None
    error: str | None = None
    warning: str | None = None


def unmade(row: SegmentRow, reason: str | None = None) -> RowResult:
    """The result of a row that has no task; ``reason`` is why one was skipped."""
    return (
        RowResult(row, "skipped", error=reason) if row.skipped else RowResult(row, "invalid", error=row.error)
    )


def results_to_lines(results: Iterable[RowResult]) -> bytes:
    """Results as JSON lines."""
    return b"".join(
        json.dumps(
            [it.row.number, it.row.content, it.row.column, it.status, it.url, it.error, it.warning],
            separators=(",", ":"),
        ).encode()
        + b"\n"
        for it in results
    )


def results_from_lines(lines: bytes) -> Iterable[RowResult]:
    """The results that were written as JSON lines."""
    for line in lines.splitlines():
        number, content, column, status, url, error, *later = json.loads(line)
        yield RowResult(SegmentRow(number, content, column=column), status, url, error, *later)


class ResultsWriter:
    """Writes the results and the report of bad rows of one manifest."""

    def __init__(self, format: Format, columns: Sequence[str], results: IO[str], report: IO[str]) -> None:
        self._format, self._results, self._report = format, results, report
        self._columns = [name for name in columns if name not in ADDED]
        if format is Format.CSV:
            self._results_csv, self._report_csv = csv.writer(results), csv.writer(report)
            self._results_csv.writerow([*map(safe, self._columns), *ADDED])
            self._report_csv.writerow(REPORT)

    def add(self, result: RowResult) -> None:
        """Write one row, and what is wrong with it."""
        row, content = result.row, result.row.content or {}
        added = (row.number, result.status, result.url, result.error, result.warning)
        if self._format is Format.CSV:
            cells = [content.get(name) for name in self._columns]
            self._results_csv.writerow(map(safe, [*cells, *added]))
        else:
            self._results.write(_json({**_kept(content), **dict(zip(ADDED, added, strict=True))}))
        if result.error is not None:
            self.report(result)

    def report(self, result: RowResult) -> None:
        """Write what is wrong with a row, into the report alone."""
        bad = (result.row.number, result.row.column, result.error)
        if self._format is Format.CSV:
            self._report_csv.writerow(map(safe, bad))
        else:
            self._report.write(_json(dict(zip(REPORT, bad, strict=True))))


def safe(cell: Any) -> str:
    """A CSV cell that no spreadsheet takes for a formula: an apostrophe stands before one."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _kept(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name not in ADDED}


def _json(document: Mapping[str, Any]) -> str:
    text = json.dumps(document, ensure_ascii=False)
    if not is_text(text):  # half a character in a row is written as it came
        text = json.dumps(document)
    return text + "\n"
