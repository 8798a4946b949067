"""A row of stars, filled exactly as far as the value says."""

from __future__ import annotations

import math
from typing import Final

from darkroom.domain.templates.elements import RatingElement
from darkroom_graphics.skia_api import Path, skia
from darkroom_renderer.elements.shape import star
from darkroom_renderer.frame import Frame
from darkroom_renderer.paints import plain

POINTS: Final = 5
DEPTH: Final = 0.47
ROUNDING: Final = 0.06  # of a star's side, how round its corners are


def draw_rating(frame: Frame, element: RatingElement) -> None:
    """Draws the stars from the box's left edge on, as large as the box allows, in its vertical middle."""
    value = frame.payload.get(element.id)
    filled = value.value if value and value.value is not None else element.value
    filled = min(max(filled, 0.0), float(element.max))
    gap = min(element.gap, element.width / (2 * element.max))
    side = min(element.height, (element.width - gap * (element.max - 1)) / element.max)
    top = element.y + (element.height - side) / 2
    whole, part = int(filled), filled - int(filled)
    lefts = [element.x + i * (side + gap) for i in range(element.max)]
    full, empty = plain(element.color), plain(element.empty_color)
    if rounding := skia.CornerPathEffect.Make(side * ROUNDING):
        full.setPathEffect(rounding)
        empty.setPathEffect(rounding)
    frame.canvas.drawPath(_stars(lefts[:whole], top, side), full)
    frame.canvas.drawPath(_stars(lefts[whole + bool(part) :], top, side), empty)
    if not part:
        return
    partial = _stars(lefts[whole : whole + 1], top, side)
    cut = lefts[whole] + side * part
    for left, right, paint in ((lefts[whole], cut, full), (cut, lefts[whole] + side, empty)):
        frame.canvas.save()
        frame.canvas.clipRect(skia.Rect.MakeLTRB(left, top, right, top + side), True)
        frame.canvas.drawPath(partial, paint)
        frame.canvas.restore()


def _stars(lefts: list[float], top: float, side: float) -> Path:
    """One path of stars that are ``side`` wide."""
    corners = star(POINTS, DEPTH)
    # A star with one point up is a little lower than it is wide; it stands in the middle of its square.
    wide = 2 * math.sin(2 * math.pi / POINTS)
    tall = 1 + math.cos(math.pi / POINTS)
    scale = side / wide
    middle_y = top + (side - tall * scale) / 2 + scale
    path = skia.Path()
    for left in lefts:
        path.addPoly(
            [skia.Point(left + side / 2 + x * scale, middle_y + y * scale) for x, y in corners], True
        )
    return path
