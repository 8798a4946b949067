"""The mark of test mode: unmistakable, repeated, and light enough to see the picture through it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from darkroom_graphics.skia_api import Canvas, Paint, Path, skia
from darkroom_graphics.watermark_letters import EM, HEAVY, PLAIN, Letter

MARK: Final = "TEST MODE"
TAG: Final = "TEST MODE · NOT FOR USE"

_COMMAND: Final = re.compile(r"([MLQZ])([-0-9 ]*)")
_TAG_RED: Final = (0.82, 0.1, 0.16)
_SWELL: Final = (
    0.3  # px by which light letters are made bolder: drawn as they are they look thin on dark pictures
)


class _Word:
    """A word as one outline, ``width`` wide; both are for a type size of 1."""

    def __init__(self, text: str, letters: Mapping[str, Letter]) -> None:
        self.outline: Path = skia.Path()
        x = 0
        for character in text:
            advance, commands = letters[character]
            for name, numbers in _commands(commands):
                _extend(self.outline, name, numbers, x)
            x += advance
        self.outline.transform(skia.Matrix.Scale(1 / EM, 1 / EM))
        self.width: Final = x / EM


def stamp(canvas: Canvas, width: int, height: int) -> None:
    """Draws the diagonal marks and the corner tag over a canvas of this size in pixels."""
    size = max(10.0, min(width, height) * 0.062)
    word, gap_x, gap_y = _mark(), 2.2, 3.3  # in type sizes, as all that follows
    step_x, step_y = word.width + gap_x, gap_y
    reach = (width**2 + height**2) ** 0.5 / size
    rows, columns = int(reach / step_y / 2) + 1, int(reach / step_x / 2) + 2
    edge, ink = _edge(0.04), _ink(0.3, size)
    canvas.save()
    canvas.translate(width / 2, height / 2)
    canvas.rotate(-30)
    canvas.scale(size, size)
    for row in range(-rows, rows + 1):
        for column in range(-columns, columns + 1):
            _draw(canvas, word, ((column + (row % 2) * 0.5) * step_x, row * step_y), edge, ink)
    canvas.restore()
    _draw_tag(canvas, width, height)


def _draw_tag(canvas: Canvas, width: int, height: int) -> None:
    """Draws the red plate that says it in full, in the lower right corner."""
    size = max(9.0, min(width, height) * 0.022)
    word = _tag()
    wide, tall, margin = word.width + 1.8, 2.1, 1.0  # in type sizes
    canvas.save()
    canvas.translate(width - (margin + wide) * size, height - (margin + tall) * size)
    canvas.scale(size, size)
    plate = skia.RRect.MakeRectXY(skia.Rect.MakeWH(wide, tall), 0.5, 0.5)
    canvas.drawRRect(plate, skia.Paint(AntiAlias=True, Color4f=skia.Color4f(*_TAG_RED, 0.94)))
    _draw(canvas, word, (0.9, tall / 2 + 0.36), _ink(1.0, size))
    canvas.restore()


def _draw(canvas: Canvas, word: _Word, place: tuple[float, float], *paints: Paint) -> None:
    canvas.save()
    canvas.translate(*place)
    if not canvas.quickReject(word.outline):
        for paint in paints:
            canvas.drawPath(word.outline, paint)
    canvas.restore()


def _edge(width: float) -> Paint:
    """A dark line along a letter's outline, which keeps white letters readable on a white picture."""
    paint = skia.Paint(AntiAlias=True, Color4f=skia.Color4f(0, 0, 0, 0.26), Style=skia.Paint.kStroke_Style)
    return _stroked(paint, width)


def _ink(alpha: float, size: float) -> Paint:
    """White for letters of a type size in px."""
    paint = skia.Paint(
        AntiAlias=True, Color4f=skia.Color4f(1, 1, 1, alpha), Style=skia.Paint.kStrokeAndFill_Style
    )
    return _stroked(paint, _SWELL / size)


def _stroked(paint: Paint, width: float) -> Paint:
    paint.setStrokeWidth(width)
    paint.setStrokeJoin(skia.Paint.kRound_Join)
    return paint


@cache
def _mark() -> _Word:
    return _Word(MARK, HEAVY)


@cache
def _tag() -> _Word:
    return _Word(TAG, PLAIN)


def _commands(outline: str) -> Iterator[tuple[str, list[int]]]:
    for name, numbers in _COMMAND.findall(outline):
        yield name, [int(number) for number in numbers.split()]


def _extend(path: Path, name: str, numbers: list[int], x: int) -> None:
    """Adds one drawing command to a path, ``x`` further right."""
    moved: list[Any] = [number + x * (index % 2 == 0) for index, number in enumerate(numbers)]
    match name:
        case "M":
            path.moveTo(*moved)
        case "L":
            path.lineTo(*moved)
        case "Q":
            path.quadTo(*moved)
        case _:
            path.close()
