"""Plain shapes: rectangles, ellipses, lines, polygons and stars."""

from __future__ import annotations

import math
from typing import Any, Final

from darkroom.domain.templates.elements import ShapeElement, ShapeMask
from darkroom_graphics.skia_api import Paint, Path, skia
from darkroom_renderer.frame import Frame
from darkroom_renderer.paints import colour, filling, is_clear, shadowed
from darkroom_renderer.placing import Box

FINEST_DASH: Final = (
    0.1  # px; of finer ones, thousands of which take long to draw, nobody sees that they are dashes
)
STAR_DEPTH: Final = 0.45  # of the outer radius, where a star's inner corners are


def draw_shape(frame: Frame, element: ShapeElement) -> None:
    """Draws shadow, fill and stroke, in this order."""
    path = outline(element, Box(element.x, element.y, element.width, element.height))
    paints = _paints(element)
    if element.shadow and paints:
        thrown = element.shadow
        frame.canvas.save()
        frame.canvas.translate(thrown.x, thrown.y)
        for paint in paints:
            frame.canvas.drawPath(path, shadowed(thrown, paint))
        frame.canvas.restore()
    for paint in paints:
        frame.canvas.drawPath(path, paint)


def outline(shape: ShapeElement | ShapeMask, box: Box) -> Path:
    """The shape's edge where it fills the box, in the template's px."""
    x, y, width, height = box.x, box.y, box.width, box.height
    rect = skia.Rect.MakeXYWH(x, y, width, height)
    path = skia.Path()
    match shape.shape:
        case "rect":
            radius = min(shape.radius, width / 2, height / 2)
            path.addRRect(skia.RRect.MakeRectXY(rect, radius, radius))
        case "ellipse":
            path.addOval(rect)
        case "line":
            path.moveTo(x, y)
            path.lineTo(x + width, y + height)
        case "polygon":
            path.addPoly(_stretched(_corners(shape.sides), rect), True)
        case "star":
            path.addPoly(_stretched(star(shape.sides), rect), True)
    return path


def star(points: int, depth: float = STAR_DEPTH) -> list[tuple[float, float]]:
    """The corners of a star with one point up, around the origin, its points at a distance of 1."""
    return [_on_circle(i / (2 * points), depth if i % 2 else 1.0) for i in range(2 * points)]


def _paints(element: ShapeElement) -> list[Paint]:
    paints = []
    if element.shape != "line" and not is_clear(element.fill):
        paints.append(filling(element.fill, element.x, element.y, element.width, element.height))
    if element.stroke and not is_clear(element.stroke) and element.stroke_width > 0:
        paints.append(_stroke(element, element.stroke))
    return paints


def _stroke(element: ShapeElement, value: str) -> Paint:
    paint = skia.Paint(
        AntiAlias=True,
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=element.stroke_width,
        Color=colour(value),
    )
    if element.stroke_dash and min(element.stroke_dash) >= FINEST_DASH:
        paint.setPathEffect(skia.DashPathEffect.Make(list(element.stroke_dash), 0.0))
    return paint


def _corners(sides: int) -> list[tuple[float, float]]:
    return [_on_circle(i / sides, 1.0) for i in range(sides)]


def _on_circle(turn: float, radius: float) -> tuple[float, float]:
    return radius * math.sin(2 * math.pi * turn), -radius * math.cos(2 * math.pi * turn)


def _stretched(corners: list[tuple[float, float]], rect: Any) -> list[Any]:
    """The corners, moved and stretched so that they touch all four sides of ``rect``."""
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    top, bottom = min(y for _, y in corners), max(y for _, y in corners)
    return [
        skia.Point(
            rect.left() + (x - left) / (right - left) * rect.width(),
            rect.top() + (y - top) / (bottom - top) * rect.height(),
        )
        for x, y in corners
    ]
