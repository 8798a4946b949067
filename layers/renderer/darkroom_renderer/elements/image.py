"""Pictures of pixels, cut to their box."""

from __future__ import annotations

from typing import Any

from darkroom.domain.renders.rendered import RenderRefused
from darkroom.domain.templates.elements import Border, ImageElement
from darkroom_graphics.skia_api import skia
from darkroom_graphics.unusable_picture import UnusablePicture
from darkroom_renderer.frame import Frame
from darkroom_renderer.paints import colour, is_clear, plain
from darkroom_renderer.photographs import photograph
from darkroom_renderer.placing import Box, place


def draw_image(frame: Frame, element: ImageElement) -> None:
    """Draws the picture of the payload or, without one, the template's. Raises RenderRefused."""
    value = frame.payload.get(element.id)
    src = value.src if value and value.src is not None else element.src
    if src is None:
        return
    data = frame.bytes_of(src, element.id, "src")
    box = Box(element.x, element.y, element.width, element.height)
    focal = (element.focal_x, element.focal_y)
    pictures = frame.tools.pictures
    try:
        paint = photograph(pictures, data, element.fit, box, focal, frame.ratio)
        at = place(element.fit, pictures.size(data), box, focal).at
    except UnusablePicture as problem:
        raise RenderRefused(element.id, "src", f"the picture {problem}") from problem
    outline = _outline(element)
    if not is_clear(element.background):
        frame.canvas.drawPath(outline, plain(element.background))
    if at == box:
        frame.canvas.drawPath(outline, paint)
    else:
        frame.canvas.save()
        frame.canvas.clipPath(outline, True)
        frame.canvas.drawRect(skia.Rect.MakeXYWH(at.x, at.y, at.width, at.height), paint)
        frame.canvas.restore()
    if element.border:
        frame.canvas.drawPath(_outline(element, element.border.width / 2), _line(element, element.border))


def _outline(element: ImageElement, inset: float = 0.0) -> Any:
    """The edge of the picture, or a line that far inside of it."""
    inset = min(inset, element.width / 2, element.height / 2)
    rect = skia.Rect.MakeXYWH(
        element.x + inset, element.y + inset, element.width - 2 * inset, element.height - 2 * inset
    )
    path = skia.Path()
    if element.circle:
        path.addOval(rect)
    else:
        radius = max(0.0, min(element.radius, element.width / 2, element.height / 2) - inset)
        path.addRRect(skia.RRect.MakeRectXY(rect, radius, radius))
    return path


def _line(element: ImageElement, border: Border) -> Any:
    return skia.Paint(
        AntiAlias=True,
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=min(border.width, element.width, element.height),
        Color=colour(border.color),
    )
