"""Drawings, made pixels at the size they are shown at."""

from __future__ import annotations

from darkroom.domain.renders.rendered import RenderRefused
from darkroom.domain.templates.elements import SvgElement
from darkroom_graphics.skia_api import skia
from darkroom_graphics.unusable_picture import UnusablePicture
from darkroom_renderer.frame import Frame
from darkroom_renderer.paints import colour
from darkroom_renderer.photographs import showing
from darkroom_renderer.placing import Box, place


def draw_svg(frame: Frame, element: SvgElement) -> None:
    """Draws the drawing of the payload or, without one, the template's. Raises RenderRefused."""
    value = frame.payload.get(element.id)
    src = value.src if value and value.src is not None else element.src
    inline = element.svg if src is None else None
    if src is not None:
        data = frame.bytes_of(src, element.id, "src")
    elif inline:
        data = inline.encode()
    else:
        return
    box = Box(element.x, element.y, element.width, element.height)
    pixels = (element.width * frame.ratio, element.height * frame.ratio)
    try:
        image = frame.tools.vectors.drawn(data, pixels, fit=element.fit)
    except UnusablePicture as problem:
        raise RenderRefused(element.id, "svg" if inline else "src", f"the drawing {problem}") from problem
    placed = place(element.fit, (image.width(), image.height()), box)
    paint = showing(image, placed.part, placed.at, skia.SamplingOptions(skia.FilterMode.kLinear))
    if element.color:
        paint.setColorFilter(skia.ColorFilters.Blend(colour(element.color), skia.BlendMode.kSrcIn))
    at = placed.at
    frame.canvas.drawRect(skia.Rect.MakeXYWH(at.x, at.y, at.width, at.height), paint)
