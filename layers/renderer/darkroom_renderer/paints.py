"""Colours, gradients and shadows of a document as Skia's paints."""

from __future__ import annotations

import math
from typing import Any, Final

from darkroom.domain.templates.parts import LinearGradient, RadialGradient, Shadow, Stop, rgba
from darkroom_graphics.skia_api import Paint, skia

type Fill = str | LinearGradient | RadialGradient

# CSS blends a gradient's colours with their alpha applied, so that "transparent" brings no grey with it.
_PREMULTIPLIED: Final = 1


def colour(value: str) -> int:
    """A document's colour as Skia's ARGB number."""
    red, green, blue, alpha = rgba(value)
    return int(skia.Color(red, green, blue, alpha))


def is_clear(fill: Fill) -> bool:
    """Whether a fill leaves no trace."""
    return isinstance(fill, str) and rgba(fill)[3] == 0


def is_opaque(fill: Fill) -> bool:
    """Whether nothing behind a fill can be seen."""
    colours = [fill] if isinstance(fill, str) else [stop.color for stop in fill.stops]
    return all(rgba(each)[3] == 255 for each in colours)


def plain(value: str) -> Paint:
    """A smooth-edged paint of one colour."""
    return skia.Paint(AntiAlias=True, Color=colour(value))


def filling(fill: Fill, x: float, y: float, width: float, height: float) -> Paint:
    """The paint for a fill of the box at ``x``, ``y``, in px."""
    if isinstance(fill, str):
        return plain(fill)
    shader = _linear if isinstance(fill, LinearGradient) else _radial
    return skia.Paint(AntiAlias=True, Shader=shader(fill, x, y, max(width, 1e-3), max(height, 1e-3)))


def shadowed(shadow: Shadow, paint: Paint) -> Paint:
    """The shadow that what is painted with ``paint`` throws: of the shadow's colour, blurred."""
    made = skia.Paint(AntiAlias=True, Style=paint.getStyle(), StrokeWidth=paint.getStrokeWidth())
    made.setColor(colour(shadow.color))
    if effect := paint.getPathEffect():
        made.setPathEffect(effect)
    blur = skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, shadow.blur / 2) if shadow.blur > 0 else None
    if blur:  # too little of it is none at all
        made.setMaskFilter(blur)
    return made


def _linear(fill: Any, x: float, y: float, width: float, height: float) -> Any:
    angle = math.radians(fill.angle)
    sine, cosine = math.sin(angle), math.cos(angle)
    half = (abs(width * sine) + abs(height * cosine)) / 2
    middle_x, middle_y = x + width / 2, y + height / 2
    ends = [
        skia.Point(middle_x - sine * half, middle_y + cosine * half),
        skia.Point(middle_x + sine * half, middle_y - cosine * half),
    ]
    colours, offsets = _stops(fill.stops)
    return skia.GradientShader.MakeLinear(ends, colours, offsets, skia.TileMode.kClamp, _PREMULTIPLIED)


def _radial(fill: Any, x: float, y: float, width: float, height: float) -> Any:
    centre = skia.Point(x + fill.cx * width, y + fill.cy * height)
    colours, offsets = _stops(fill.stops)
    return skia.GradientShader.MakeRadial(
        centre, fill.radius * max(width, height), colours, offsets, skia.TileMode.kClamp, _PREMULTIPLIED
    )


def _stops(stops: tuple[Stop, ...]) -> tuple[list[int], list[float]]:
    """Colours and offsets; an offset before the one it follows counts as that one, as in CSS."""
    offsets: list[float] = []
    for stop in stops:
        offsets.append(max(stop.offset, offsets[-1] if offsets else 0.0))
    return [colour(stop.color) for stop in stops], offsets
