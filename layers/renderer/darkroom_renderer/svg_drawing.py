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
    drawing.effort.check(width * max(1, width / drawing.shape))
    return _rastered(drawing, width, asked.fonts)


def _width(drawing: Drawing, asked: DrawingRequest) -> int:
    """Wide enough for the box on both sides; only "contain" may leave one of them free."""
    sides = (asked.width, asked.height * drawing.shape)
    width = min(sides) if asked.fit == "contain" else max(sides)
    return max(1, math.ceil(min(width, math.sqrt(MAX_PIXELS * drawing.shape)) - 1e-3))


def _rastered(drawing: Drawing, width: int, fonts: tuple[str, ...]) -> bytes:
    """The drawing ``width`` pixels wide, as high as its own shape makes it."""
    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=drawing.markup,
                width=width,
                skip_system_fonts=True,
                font_files=list(fonts) if drawing.has_text else [],
                font_family=FONT,
                serif_family=FONT,
                sans_serif_family=FONT,
                monospace_family=FONT,
                cursive_family=FONT,
                fantasy_family=FONT,
            )
        )
    except ValueError as problem:
        raise UnusablePicture("cannot be drawn") from problem
