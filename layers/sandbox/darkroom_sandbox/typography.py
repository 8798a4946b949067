"""Sets words in any script there is a font for: the largest size that fits a box, lines of even length."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from darkroom_graphics.skia_api import Canvas, Paint, skia
from darkroom_type.typesetting import bidi
from darkroom_type.typesetting.cleaning import cleaned
from darkroom_type.typesetting.faces import Face, Faces, Style
from darkroom_type.typesetting.items import Casting
from darkroom_type.typesetting.lines import Broken, Line, Measure, break_lines
from darkroom_type.typesetting.placing import Placed, place_line
from darkroom_type.typesetting.shaping import Paragraph, Shaped, shape

MOST_CHARACTERS: Final = 1200  # of a text that is set at all; what fits a picture is far less
_MOST_STOPS: Final = 72  # places to break of a text whose lines are evened out exactly
_STEPS: Final = 11  # of the searches for a size and for a width
_ACCENT: Final = 0.2  # em, how much higher a capital with an accent stands
_BELOW: Final = 0.22  # em, how deep Latin letters reach
_LETTERFORMS: Final = 32.0  # px, the size whose letterforms are used: a display size


@dataclass(frozen=True, slots=True)
class Manner:
    """How words are set. ``leading`` is in em, ``spacing`` in em between letters."""

    family: str
    weight: int
    leading: float = 1.12
    italic: bool = False
    capitals: bool = False
    spacing: float = 0.0


@dataclass(frozen=True, slots=True)
class Fit:
    """What words are to fit: a box in pixels, sizes in pixels, a number of lines.

    Below ``breaking`` px a word that is too long is broken instead of making everything smaller.
    """

    width: float
    height: float
    largest: float
    smallest: float
    most_lines: int = 12
    breaking: float = 0.0


@dataclass(frozen=True, slots=True)
class Block:
    """Words broken into lines at a size in pixels.

    ``above`` is from the block's top to the first line's foot, ``leading`` from foot to foot, ``below`` from the last
    line's foot to the block's bottom.
    """

    shaped: Shaped
    lines: tuple[Line, ...]
    size: float
    leading: float
    above: float
    below: float
    complete: bool

    @property
    def height(self) -> float:
        """From the top of the first line's letters to the bottom of the last one's, in pixels."""
        return self.above + self.leading * (len(self.lines) - 1) + self.below

    @property
    def width(self) -> float:
        """Of the longest line, in pixels."""
        return max(_width(self, line) for line in self.lines)

    @property
    def rtl(self) -> bool:
        """Whether its lines begin at the right."""
        return self.shaped.rtl

    def draw(self, canvas: Canvas, x: float, y: float, width: float, align: str, *paints: Paint) -> None:
        """Draws it with each paint in turn, its top at ``y``; ``align`` is start, center or end in ``width``."""
        blob = self._blob(x, y, width, align)
        if blob is None:
            return
        for paint in paints:
            canvas.drawTextBlob(blob, 0, 0, paint)

    def _blob(self, x: float, y: float, width: float, align: str) -> Any:
        builder, empty = skia.TextBlobBuilder(), True
        if align != "center" and self.rtl:
            align = "end" if align == "start" else "start"
        share = {"start": 0.0, "center": 0.5, "end": 1.0}[align]
        for row, line in enumerate(self.lines):
            left = x + (width - _width(self, line)) * share
            foot = y + self.above + self.leading * row
            for placed in place_line(line, self.shaped.ellipsis):
                if len(placed.glyphs):
                    _add(builder, placed, left, foot, self.size)
                    empty = False
        return None if empty else builder.make()


def fitted(text: str, manner: Manner, fit: Fit) -> Block | None:
    """The words at the largest size at which they fit whole, in lines of even length; ``None`` where nothing shows.

    What does not fit at the smallest size ends in an ellipsis.
    """
    shaped = _shaped(text, manner)
    if shaped is None:
        return None
    size = _largest(lambda size: _is_whole(_broken(shaped, manner, fit, size)), fit.largest, fit.smallest)
    if size < fit.breaking:
        size = _largest(lambda size: _broken(shaped, manner, fit, size).complete, fit.breaking, fit.smallest)
    broken = _broken(shaped, manner, fit, size)
    lines = _balanced(shaped, broken, fit.width / size) if broken.complete else broken.lines
    above, leading, below = (each * size for each in _measures(shaped, manner))
    return Block(shaped, lines, size, leading, above, below, broken.complete)


def can_be_set(text: str) -> bool:
    """Whether there is anything in a text that a font has a shape for."""
    return _shaped(text, Manner("Inter", 600)) is not None


@lru_cache(maxsize=1)
def _faces() -> Faces:
    return Faces()


@lru_cache(maxsize=32)
def _casting(family: str, weight: int, italic: bool) -> Casting:
    return Casting(_faces(), Style(family, weight, italic=italic, size=_LETTERFORMS))


@lru_cache(maxsize=64)
def _shaped(text: str, manner: Manner) -> Shaped | None:
    """The text's glyphs, ``None`` if none of them can be seen."""
    text = cleaned(text[:MOST_CHARACTERS], "uppercase" if manner.capitals else "none").strip()
    text = "\n".join(re.sub(" +", " ", line).strip() for line in text.split("\n") if line.strip())
    if not text:
        return None
    casting = _casting(manner.family, manner.weight, manner.italic)
    shaped = shape(text.split("\n"), bidi.first_strong(text) or 0, casting, manner.spacing)
    seen = any(
        glyph not in {0, run.face.space}
        for paragraph in shaped.paragraphs
        for run in paragraph.runs
        for glyph in run.glyphs.tolist()
    )
    return shaped if seen else None


def _largest(fits: Callable[[float], bool], high: float, low: float) -> float:
    if high <= low or fits(high):
        return max(low, high)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if fits(middle):
            low = middle
        else:
            high = middle
    return low


def _broken(shaped: Shaped, manner: Manner, fit: Fit, size: float) -> Broken:
    above, leading, below = _measures(shaped, manner)
    rows = math.floor((fit.height / size - above - below) / leading + 1e-6) + 1
    dots = float(shaped.ellipsis.advances.sum())
    measure = Measure(fit.width / size, max(1, min(rows, fit.most_lines)), wrap=True, ellipsis=dots)
    return break_lines(shaped.paragraphs, measure)


def _is_whole(broken: Broken) -> bool:
    return broken.complete and broken.whole_words


def _balanced(shaped: Shaped, broken: Broken, width: float) -> tuple[Line, ...]:
    """The same words in as many lines of even length: no last line of one short word."""
    count = len(broken.lines)
    if count < 2 or not broken.whole_words:
        return broken.lines
    if len(shaped.paragraphs) == 1 and len(shaped.paragraphs[0].stops) <= _MOST_STOPS:
        return _evenly(shaped.paragraphs[0], count, width) or broken.lines
    return _narrowed(shaped, broken, width)


def _evenly(paragraph: Paragraph, count: int, width: float) -> tuple[Line, ...] | None:
    """Of all ways to break a short text into so many lines, the one with the least sum of squared gaps."""
    stops = [0, *paragraph.stops]
    ends = [_without_spaces(paragraph.text, stop) for stop in stops]
    # For each stop: the least sum with which lines can end there, and the stop at which the last of them begins.
    rows: list[list[tuple[float, int]]] = [[(0.0 if at == 0 else math.inf, 0) for at in range(len(stops))]]
    for _ in range(count):
        row = []
        for end in range(len(stops)):
            ways = [(math.inf, 0)]
            for start in range(end):
                wide = paragraph.width(stops[start], ends[end])
                if wide <= width + 1e-6 and rows[-1][start][0] < math.inf:
                    ways.append((rows[-1][start][0] + (width - wide) ** 2, start))
            row.append(min(ways))
        rows.append(row)
    if rows[-1][-1][0] == math.inf:
        return None
    lines, end = [], len(stops) - 1
    for row in reversed(rows[1:]):
        start = row[end][1]
        lines.append(Line(paragraph, stops[start], ends[end], last=end == len(stops) - 1))
        end = start
    return tuple(reversed(lines))


def _without_spaces(text: str, end: int) -> int:
    while end and text[end - 1] == " ":
        end -= 1
    return end


def _narrowed(shaped: Shaped, broken: Broken, width: float) -> tuple[Line, ...]:
    """A longer text in as many lines, as narrow as that can be done."""
    count = len(broken.lines)
    low, high, best = width * 0.4, width, broken.lines
    for _ in range(_STEPS):
        middle = (low + high) / 2
        tried = break_lines(shaped.paragraphs, Measure(middle, count, wrap=True, ellipsis=None))
        if _is_whole(tried) and len(tried.lines) == count:
            high, best = middle, tried.lines
        else:
            low = middle
    return best


def _measures(shaped: Shaped, manner: Manner) -> tuple[float, float, float]:
    """In em: the height of the first line, the leading and the depth of the last. Tall scripts need more of each."""
    faces = {run.face for paragraph in shaped.paragraphs for run in paragraph.runs if len(run.glyphs)}
    tall = [face for face in faces if face is not shaped.lead]
    accented = any(_is_accented_capital(each) for paragraph in shaped.paragraphs for each in paragraph.text)
    above = max([_capitals(shaped.lead) + _ACCENT * accented, *(_height(face) for face in tall)])
    below = max([0.04 if manner.capitals else _BELOW, *(min(face.descent, 0.42) for face in tall)])
    leading = max([manner.leading, *(min(face.ascent + face.descent, 1.5) * 0.94 for face in tall)])
    return above, leading, below


def _capitals(face: Face) -> float:
    """How high a face's capitals stand, in em."""
    extents = face.shaper.get_glyph_extents(face.glyph(ord("H")))
    return float(extents.y_bearing) / face.units


def _is_accented_capital(character: str) -> bool:
    return character > "\x7f" and character.isupper() and len(unicodedata.normalize("NFD", character)) > 1


def _height(face: Face) -> float:
    """How high a face's letters stand, in em; what fonts say leaves room for marks that are rare."""
    return min(face.ascent, 0.98)


def _width(block: Block, line: Line) -> float:
    dots = float(block.shaped.ellipsis.advances.sum()) if line.cut else 0.0
    return (line.width + dots) * block.size


def _add(builder: Any, placed: Placed, left: float, foot: float, size: float) -> None:
    font, glyphs = placed.face.at(size), placed.glyphs.tolist()
    across = (left + placed.places * size).tolist()
    if placed.rises is None:
        builder.allocRunPosH(font, glyphs, across, foot)
        return
    down = (foot - placed.rises * size).tolist()
    builder.allocRunPos(font, glyphs, list(map(skia.Point, across, down)))
