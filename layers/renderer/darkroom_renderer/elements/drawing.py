"""Draws any element: how its box is shown first, then what is in it."""

from __future__ import annotations

from typing import Any, Final, assert_never

from darkroom.domain.templates.elements import (
    AnyElement,
    BarcodeElement,
    GroupElement,
    ImageElement,
    QrElement,
    RatingElement,
    ShapeElement,
    StackElement,
    SvgElement,
    TextElement,
)
from darkroom_graphics.skia_api import skia
from darkroom_renderer.elements.barcode import draw_barcode
from darkroom_renderer.elements.container import draw_container, inside
from darkroom_renderer.elements.effects import check_layers, layered, layers_of
from darkroom_renderer.elements.image import draw_image
from darkroom_renderer.elements.qr import draw_qr
from darkroom_renderer.elements.rating import draw_rating
from darkroom_renderer.elements.shape import draw_shape
from darkroom_renderer.elements.svg import draw_svg
from darkroom_renderer.elements.text import draw_text_element
from darkroom_renderer.frame import Frame

SPECK: Final = 0.001  # px


def draw_element(frame: Frame, element: AnyElement) -> None:
    """Draws an element as a whole: turned about its middle, and translucent, blurred and masked as one thing.

    Raises RenderRefused.
    """
    if not round(element.opacity * 255) or _leaves_no_trace(element):
        return
    frame.check_time(element.id)
    canvas = frame.canvas
    mark = canvas.save()
    if isinstance(element, GroupElement | StackElement):
        frame = inside(frame, element)
    else:
        check_layers(frame, element, layers_of(element))
    if element.rotation:
        canvas.rotate(element.rotation, element.x + element.width / 2, element.y + element.height / 2)
    try:
        with layered(frame, element, _reach(element)):
            _draw(frame, element)
    finally:
        canvas.restoreToCount(mark)


def _draw(frame: Frame, element: AnyElement) -> None:
    match element:
        case TextElement():
            draw_text_element(frame, element)
        case ImageElement():
            draw_image(frame, element)
        case SvgElement():
            draw_svg(frame, element)
        case QrElement():
            draw_qr(frame, element)
        case BarcodeElement():
            draw_barcode(frame, element)
        case RatingElement():
            draw_rating(frame, element)
        case ShapeElement():
            draw_shape(frame, element)
        case GroupElement() | StackElement():
            draw_container(frame, element, draw_element)
        case _:
            assert_never(element)


def _leaves_no_trace(element: AnyElement) -> bool:
    """Whether the box is too small for anything in it to be seen. A shape's stroke stands outside of its box."""
    return min(element.width, element.height) < SPECK and not isinstance(element, ShapeElement)


def _reach(element: AnyElement) -> Any:
    """What an element can touch, ``None`` for all of the picture: words and shadows leave their boxes."""
    if isinstance(element, TextElement | ShapeElement | GroupElement | StackElement):
        return None
    rect = skia.Rect.MakeXYWH(element.x, element.y, element.width, element.height)
    return rect.makeOutset(2, 2)
