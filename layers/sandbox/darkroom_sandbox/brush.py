"""The paint box: short names for the fills, gradients and shapes that every scene is made of."""

from collections.abc import Sequence
from math import cos, pi, sin
from typing import Any

from darkroom_graphics.skia_api import Paint, Path, skia
from darkroom_sandbox.colours import Rgb, argb

type Stop = tuple[float, Rgb, float]
type Point = tuple[float, float]


def fill(colour: Rgb, alpha: float = 1.0, *, blend: str | None = None, blur: float = 0.0) -> Paint:
    """A flat colour; ``blur`` is a sigma in pixels and softens the shape's edge."""
    paint = skia.Paint(AntiAlias=True, Color=argb(colour, alpha))
    return _with(paint, blend, blur)


def stroke(
    colour: Rgb, width: float, alpha: float = 1.0, *, blend: str | None = None, blur: float = 0.0
) -> Paint:
    """A round-ended line of ``width`` pixels."""
    paint = fill(colour, alpha, blend=blend, blur=blur)
    paint.setStyle(skia.Paint.kStroke_Style)
    paint.setStrokeWidth(width)
    paint.setStrokeCap(skia.Paint.kRound_Cap)
    paint.setStrokeJoin(skia.Paint.kRound_Join)
    return paint


def linear(
    start: Point, end: Point, stops: Sequence[Stop], *, blend: str | None = None, blur: float = 0.0
) -> Paint:
    """A straight gradient through ``(position, colour, alpha)`` stops."""
    shader = skia.GradientShader.MakeLinear(
        [skia.Point(*start), skia.Point(*end)],
        [argb(colour, alpha) for _, colour, alpha in stops],
        [position for position, _, _ in stops],
    )
    return _with(skia.Paint(AntiAlias=True, Dither=True, Shader=shader), blend, blur)


def radial(centre: Point, radius: float, stops: Sequence[Stop], *, blend: str | None = None) -> Paint:
    """A round gradient from the centre (position 0) to ``radius`` pixels (position 1)."""
    shader = skia.GradientShader.MakeRadial(
        skia.Point(*centre),
        max(radius, 0.5),
        [argb(colour, alpha) for _, colour, alpha in stops],
        [position for position, _, _ in stops],
    )
    return _with(skia.Paint(AntiAlias=True, Dither=True, Shader=shader), blend, 0.0)


def vertical(top: float, bottom: float, upper: Rgb, lower: Rgb, alpha: float = 1.0) -> Paint:
    """The gradient used most: one colour above, another below."""
    return linear((0, top), (0, bottom), ((0, upper, alpha), (1, lower, alpha)))


def _with(paint: Paint, blend: str | None, blur: float) -> Paint:
    if blend is not None:
        paint.setBlendMode(getattr(skia.BlendMode, f"k{blend}"))
    if blur > 0:
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
    return paint


def polygon(points: Sequence[Point], *, closed: bool = True) -> Path:
    """Straight lines through the points."""
    path = skia.Path()
    path.addPoly([skia.Point(x, y) for x, y in points], closed)
    return path


def curve(points: Sequence[Point], *, closed: bool = False) -> Path:
    """A smooth line through the points (Catmull-Rom as cubics)."""
    path = skia.Path()
    count = len(points)
    path.moveTo(*points[0])
    for i in range(count if closed else count - 1):
        if closed:
            p0, p1, p2, p3 = (points[(i + k) % count] for k in (-1, 0, 1, 2))
        else:
            p0, p1, p2, p3 = points[max(i - 1, 0)], points[i], points[i + 1], points[min(i + 2, count - 1)]
        path.cubicTo(
            p1[0] + (p2[0] - p0[0]) / 6,
            p1[1] + (p2[1] - p0[1]) / 6,
            p2[0] - (p3[0] - p1[0]) / 6,
            p2[1] - (p3[1] - p1[1]) / 6,
            p2[0],
            p2[1],
        )
    if closed:
        path.close()
    return path


def rect(x: float, y: float, w: float, h: float) -> Any:
    """A rectangle by corner and size."""
    return skia.Rect.MakeXYWH(x, y, w, h)


def oval(cx: float, cy: float, rx: float, ry: float) -> Any:
    """The box of an ellipse by centre and radii."""
    return skia.Rect.MakeLTRB(cx - rx, cy - ry, cx + rx, cy + ry)


def rounded(x: float, y: float, w: float, h: float, r: float) -> Any:
    """A rounded rectangle by corner, size and corner radius."""
    return skia.RRect.MakeRectXY(rect(x, y, w, h), r, r)


def around(cx: float, cy: float, radius: float, angle: float) -> Point:
    """The point at an angle (in turns, clockwise from the right) on a circle."""
    return cx + radius * cos(angle * 2 * pi), cy + radius * sin(angle * 2 * pi)
