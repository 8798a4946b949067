"""Pictures of pixels, cut to their box."""

from __future__ import annotations

import math
from typing import Any, Final

from darkroom.domain.renders.rendered import RenderRefused
from darkroom.domain.templates.elements import Border, Duotone, ImageElement
from darkroom.domain.templates.parts import rgba
from darkroom_graphics.skia_api import Paint, skia
from darkroom_graphics.unusable_picture import UnusablePicture
from darkroom_renderer.elements.effects import shrinking
from darkroom_renderer.frame import Frame
from darkroom_renderer.paints import colour, is_clear, plain
from darkroom_renderer.photographs import photograph, showing
from darkroom_renderer.placing import Box, place

BRIGHTNESS: Final = (0.2126, 0.7152, 0.0722)  # of red, green and blue, as eyes see them
MAX_BLURRED: Final = 6_000_000  # pixels of a picture while it is blurred


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
    if element.duotone:
        paint.setColorFilter(_in_two_colours(element.duotone))
    outline = _outline(element)
    if element.blur:
        paint, at = _blurred(frame, paint, at, element), box
    elif not is_clear(element.background):
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


def _blurred(frame: Frame, paint: Paint, at: Box, element: ImageElement) -> Paint:
    """The picture where it goes, and what is behind it, blurred as far as the box goes."""
    ratio = frame.ratio
    sigma = (element.blur or 0.0) / 2 * ratio
    area = element.width * element.height * ratio**2
    times = max(1 if frame.is_page else shrinking(sigma), math.sqrt(area / MAX_BLURRED))
    width, height = (max(1, math.ceil(side * ratio / times)) for side in (element.width, element.height))
    sharp, soft = skia.Surface(width, height), skia.Surface(width, height)
    canvas = sharp.getCanvas()
    canvas.scale(width / element.width, height / element.height)
    canvas.translate(-element.x, -element.y)
    canvas.drawPaint(plain(element.background))
    canvas.drawRect(skia.Rect.MakeXYWH(at.x, at.y, at.width, at.height), paint)
    everything, clamp = skia.IRect.MakeWH(width, height), skia.TileMode.kClamp
    filtered = skia.Paint(
        ImageFilter=skia.ImageFilters.Blur(sigma / times, sigma / times, clamp, None, everything)
    )
    linear = skia.SamplingOptions(skia.FilterMode.kLinear)
    soft.getCanvas().drawImage(sharp.makeImageSnapshot(), 0, 0, linear, filtered)
    box = Box(element.x, element.y, element.width, element.height)
    return showing(soft.makeImageSnapshot(), Box(0, 0, width, height), box, linear)


def _in_two_colours(duotone: Duotone) -> Any:
    """From ``dark`` to ``light`` by how bright a colour is; what is translucent stays so."""
    dark, light = rgba(duotone.dark), rgba(duotone.light)
    rows = []
    for least, most in zip(dark[:3], light[:3], strict=True):
        span = (most - least) / 255
        rows += [*(share * span for share in BRIGHTNESS), 0.0, least / 255]
    return skia.ColorFilters.Matrix([*rows, 0.0, 0.0, 0.0, 1.0, 0.0])


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
