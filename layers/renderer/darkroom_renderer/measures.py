"""How high the lines of a text are, and how much of it a box takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from darkroom.domain.templates.elements import TextElement
from darkroom_type.typesetting.lines import Broken, Line, Measure, break_lines
from darkroom_type.typesetting.shaping import Run, Shaped

LENIENCE: Final = 0.05  # em a text may be higher than its box; only a few letters reach that low


@dataclass(frozen=True, slots=True)
class LineHeight:
    """A line's leading, and how far its letters reach above and below their foot; all in em of the text."""

    leading: float
    ascent: float
    descent: float


def line_height(element: TextElement, shaped: Shaped, line: Line) -> LineHeight:
    """How high a line is: as the highest of its styles above and below their common foot."""
    return _together([_style_height(element, shaped, style) for style in sorted(_styles_on(line))])


def tops(heights: Sequence[float]) -> list[float]:
    """Where lines of these heights begin below the first one's top, and where the last one ends."""
    if len(set(heights)) == 1:
        return [heights[0] * at for at in range(len(heights) + 1)]  # without the errors of a long sum
    return [0.0, *accumulate(heights)]


def ellipsis_of(shaped: Shaped, line: Line) -> Run:
    """What the line ends in if it is cut: dots in the style of its last character."""
    styles = line.paragraph.styles
    return shaped.ellipses[styles[line.end - 1] if line.end > line.start else styles[line.start]]


def broken_at(element: TextElement, shaped: Shaped, size: float) -> Broken:
    """The text's lines at a size in px, as many as the box and the element allow."""
    heights = [_style_height(element, shaped, style) for style in sorted(_used(shaped))]
    lowest = min(heights, key=lambda it: it.leading)
    fitting = _lines_that_fit(element, lowest, size)
    broken = _broken(element, shaped, size, fitting)
    if len(set(heights)) > 1 and fitting:
        fitting = _lines_within(element, shaped, broken, size)
        if fitting < len(broken.lines):
            broken = _broken(element, shaped, size, fitting)
    return broken if fitting else replace(broken, complete=False)


def _used(shaped: Shaped) -> set[int]:
    """The styles that are in a text."""
    if len(shaped.styles) == 1:
        return {0}
    return {style for paragraph in shaped.paragraphs for style in set(paragraph.styles)}


def _styles_on(line: Line) -> set[int]:
    styles = line.paragraph.styles
    return set(styles[line.start : line.end]) or {styles[line.start]}


def _style_height(element: TextElement, shaped: Shaped, style: int) -> LineHeight:
    scale, lead = shaped.styles[style].scale, shaped.styles[style].casting.lead
    return LineHeight(element.line_height * scale, lead.ascent * scale, lead.descent * scale)


def _together(heights: Sequence[LineHeight]) -> LineHeight:
    if len(set(heights)) == 1:
        return heights[0]
    above = max((it.leading - (it.ascent + it.descent)) / 2 + it.ascent for it in heights)
    below = max((it.leading - (it.ascent + it.descent)) / 2 + it.descent for it in heights)
    return LineHeight(above + below, above, below)


def _broken(element: TextElement, shaped: Shaped, size: float, fitting: int) -> Broken:
    """Lines that leave room for dots in the style that each is cut in; where that is uncertain, for the widest."""
    most = max(1, min(fitting, element.max_lines or fitting))

    def lines(dots: float) -> Broken:
        return break_lines(
            shaped.paragraphs,
            Measure(element.width / size, most, element.wrap, dots if element.ellipsis else None),
        )

    def dots_of(broken: Broken) -> float:
        return max((_width(ellipsis_of(shaped, line)) for line in broken.lines if line.cut), default=0.0)

    widest = max(_width(shaped.ellipses[style]) for style in _used(shaped))
    broken = lines(widest)
    needed = dots_of(broken)
    if not 0 < needed < widest:
        return broken
    closer = lines(needed)
    return closer if dots_of(closer) <= needed else broken


def _width(dots: Run) -> float:
    return float(dots.advances.sum())


def _lines_that_fit(element: TextElement, height: LineHeight, size: float) -> int:
    """How many lines the box is high enough for; the last one needs no leading below its letters."""
    leading = size * height.leading
    last = min(leading, (height.ascent + height.descent) * size)
    return max(0, 1 + math.floor((element.height + LENIENCE * size - last) / leading))


def _lines_within(element: TextElement, shaped: Shaped, broken: Broken, size: float) -> int:
    """How many of these lines, of different heights, the box is high enough for."""
    heights = [line_height(element, shaped, line) for line in broken.lines]
    room = element.height / size + LENIENCE
    begins = tops([it.leading for it in heights])
    needed = [top + min(it.leading, it.ascent + it.descent) for top, it in zip(begins, heights, strict=False)]
    return next((at for at, each in enumerate(needed) if each > room), len(needed))
