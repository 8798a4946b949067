"""Paragraphs to lines: where they break, and how much of a text a box takes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from darkroom_type.typesetting.shaping import Paragraph

TOLERANCE: Final = 1e-6  # em


@dataclass(frozen=True, slots=True)
class Line:
    """Characters ``start`` to ``end`` of a paragraph, without the spaces after them.

    ``last`` is the paragraph's last line; ``cut`` says that an ellipsis follows.
    """

    paragraph: Paragraph
    start: int
    end: int
    last: bool
    cut: bool = False

    @property
    def width(self) -> float:
        """In em, without an ellipsis."""
        return self.paragraph.width(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Broken:
    """Lines, and whether they are all of the text with all of its words whole."""

    lines: tuple[Line, ...]
    complete: bool
    whole_words: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """What lines are broken to: a width in em, a number of lines, and what to do about more."""

    width: float
    most_lines: int
    wrap: bool
    ellipsis: float | None  # how wide the dots are in em; None for a text that just stops


def break_lines(paragraphs: Sequence[Paragraph], measure: Measure) -> Broken:
    """Fills lines one after the other, as many words to each as it takes."""
    lines: list[Line] = []
    whole_words = True
    for index, paragraph in enumerate(paragraphs):
        at, length = -1, len(paragraph.text)
        while at < length:
            line, at, is_whole = _line(paragraph, max(at, 0), measure)
            lines.append(line)
            whole_words = whole_words and is_whole
            if len(lines) < measure.most_lines:
                continue
            goes_on = _goes_on(paragraphs[index:], at)
            if goes_on:
                lines[-1] = _cut(line, measure)
            return Broken(tuple(lines), not goes_on and (whole_words or measure.wrap), whole_words)
    return Broken(tuple(lines), whole_words or measure.wrap, whole_words)


def _goes_on(paragraphs: Sequence[Paragraph], at: int) -> bool:
    """Whether there is anything to see after ``at`` in the first of these, or in the others."""
    rest = (paragraphs[0].text[at:], *(paragraph.text for paragraph in paragraphs[1:]))
    return any(each and not each.isspace() for each in rest)


def _line(paragraph: Paragraph, start: int, measure: Measure) -> tuple[Line, int, bool]:
    """The line that begins at ``start``, where the next one does, and whether no word was broken."""
    length = len(paragraph.text)
    if not length:
        return Line(paragraph, 0, 0, last=True), length, True
    if not measure.wrap:
        line = Line(paragraph, start, _trimmed(paragraph, start, length), last=True)
        fits = line.width <= measure.width + TOLERANCE
        return (line if fits else _cut(line, measure)), length, fits
    limit = paragraph.edges[start] + measure.width + paragraph.spacing + TOLERANCE
    stops, first = paragraph.stops, bisect_right(paragraph.stops, start)
    index = bisect_right(
        stops, limit, lo=first, key=lambda stop: paragraph.edges[_trimmed(paragraph, start, stop)]
    )
    if index > first:
        stop = stops[index - 1]
        return Line(paragraph, start, _trimmed(paragraph, start, stop), last=stop == length), stop, True
    end = _cut_before(paragraph, start, measure.width, least=1)
    whole = end >= stops[first]
    end = min(end, stops[first])
    return Line(paragraph, start, _trimmed(paragraph, start, end), last=end == length), end, whole


def _cut(line: Line, measure: Measure) -> Line:
    """The line as it ends a text that goes on: with an ellipsis where one fits."""
    paragraph, start = line.paragraph, line.start
    dots = measure.ellipsis
    if dots is None or dots > measure.width + TOLERANCE:
        end = min(_cut_before(paragraph, start, measure.width, least=0), line.end)
        return replace(line, end=_trimmed(paragraph, start, end), last=True)
    end = _cut_before(paragraph, start, measure.width - dots - paragraph.spacing, least=0)
    return replace(line, end=_trimmed(paragraph, start, end), last=True, cut=True)


def _cut_before(paragraph: Paragraph, start: int, width: float, least: int) -> int:
    """The furthest place to cut within ``width`` em, ``least`` graphemes on at the least."""
    cuts, limit = paragraph.cuts, paragraph.edges[start] + width + paragraph.spacing + TOLERANCE
    first = bisect_right(cuts, start)
    index = bisect_right(cuts, limit, lo=first, key=paragraph.edges.__getitem__)
    index = max(index, min(first + least, len(cuts)))
    return cuts[index - 1]


def _trimmed(paragraph: Paragraph, start: int, end: int) -> int:
    """``end`` without the spaces before it."""
    text = paragraph.text
    while end > start and text[end - 1].isspace() and text[end - 1] != "\u00a0":
        end -= 1
    return end
