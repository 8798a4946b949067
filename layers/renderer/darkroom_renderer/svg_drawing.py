"""Draws one drawing from outside, in the isolated process (``darkroom_graphics.isolated``)."""

from __future__ import annotations

import math
from typing import Final

import resvg_py

from darkroom_graphics.unusable_picture import UnusablePicture
from darkroom_renderer.svg_requests import DrawingRequest
from darkroom_renderer.svg_safety import Drawing, sanitised

FONT: Final = "Inter Variable"  # of words in drawings, whatever family they ask for
MAX_PIXELS: Final = 9_000_000  # of a drawing; one that is shown larger is enlarged


def work(request: bytes) -> bytes:
    """The drawing as a PNG. Raises UnusablePicture."""
    asked, data = DrawingRequest.parsed(request)
    drawing = sanitised(data)
    width = _width(drawing, asked)
    drawing.effort.check(width * max(1, width / drawing.shape), width / drawing.units)
    try:
        return drawn_as_it_is(drawing.markup, width, asked.fonts if drawing.has_text else ())
    except ValueError as problem:
        raise UnusablePicture("cannot be drawn") from problem


def _width(drawing: Drawing, asked: DrawingRequest) -> int:
    """Wide enough for the box on both sides; only "contain" may leave one of them free."""
    sides = (asked.width, asked.height * drawing.shape)
    width = min(sides) if asked.fit == "contain" else max(sides)
    return max(1, math.ceil(min(width, math.sqrt(MAX_PIXELS * drawing.shape)) - 1e-3))


def drawn_as_it_is(markup: str, width: int, fonts: tuple[str, ...]) -> bytes:
    """What the engine makes of markup, ``width`` pixels wide and as high as its own shape makes it.

    Raises ValueError.
    """
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=markup,
            width=width,
            skip_system_fonts=True,
            font_files=list(fonts),
            font_family=FONT,
            serif_family=FONT,
            sans_serif_family=FONT,
            monospace_family=FONT,
            cursive_family=FONT,
            fantasy_family=FONT,
        )
    )
