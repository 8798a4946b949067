"""Draws a canvas' background."""

from __future__ import annotations

from darkroom.domain.renders.rendered import RenderRefused
from darkroom.domain.templates.definition import Canvas as CanvasModel
from darkroom.domain.templates.parts import ImageBackground
from darkroom.domain.templates.payload import BACKGROUND
from darkroom_graphics.skia_api import skia
from darkroom_graphics.unusable_picture import UnusablePicture
from darkroom_renderer.frame import Frame
from darkroom_renderer.paints import filling, is_clear, plain
from darkroom_renderer.photographs import photograph
from darkroom_renderer.placing import Box, place


def draw_background(frame: Frame, model: CanvasModel) -> None:
    """Fills the canvas with its colour, gradient or picture. Raises RenderRefused."""
    background = model.background
    if isinstance(background, ImageBackground):
        _draw_picture(frame, background, Box(0, 0, model.width, model.height))
    elif not is_clear(background):
        # The whole canvas: a fractional ratio may make it a part of a pixel larger than the template says.
        frame.canvas.drawPaint(filling(background, 0, 0, model.width, model.height))


def _draw_picture(frame: Frame, background: ImageBackground, box: Box) -> None:
    if not is_clear(background.color):
        frame.canvas.drawPaint(plain(background.color))
    data = frame.bytes_of(background.src, BACKGROUND, "background.src")
    focal = (background.focal_x, background.focal_y)
    pictures = frame.tools.pictures
    try:
        paint = photograph(pictures, data, background.fit, box, focal, frame.ratio)
        at = place(background.fit, pictures.size(data), box, focal).at
    except UnusablePicture as problem:
        raise RenderRefused(BACKGROUND, "background.src", f"the picture {problem}") from problem
    if at == box:
        frame.canvas.drawPaint(paint)
    else:
        frame.canvas.drawRect(skia.Rect.MakeXYWH(at.x, at.y, at.width, at.height), paint)
