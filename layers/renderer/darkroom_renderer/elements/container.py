"""Groups and stacks: a surface, and the elements on it where the layout has put them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from darkroom.domain.templates.elements import AnyElement, GroupElement, StackElement
from darkroom_graphics.skia_api import Path, skia
from darkroom_renderer.elements.effects import check_layers, layers_of
from darkroom_renderer.frame import Frame
from darkroom_renderer.paints import colour, filling, is_clear, shadowed


def inside(frame: Frame, element: GroupElement | StackElement) -> Frame:
    """The context of what is in an element. Raises RenderRefused where too much would be drawn apart."""
    layers = max(layers_of(element), int(element.opacity < 1))
    check_layers(frame, element, layers)
    return replace(frame, nested=frame.nested + layers, turned=_turned(frame, element))


def draw_container(
    frame: Frame, element: GroupElement | StackElement, draw: Callable[[Frame, AnyElement], None]
) -> None:
    """Draws shadow and surface, the elements on it by ``draw``, and the border over them. Raises RenderRefused."""
    canvas, edge = frame.canvas, _edge(element)
    if not is_clear(element.background):
        paint = filling(element.background, element.x, element.y, element.width, element.height)
        if element.shadow:
            canvas.save()
            canvas.translate(element.shadow.x, element.shadow.y)
            canvas.drawPath(edge, shadowed(element.shadow, paint))
            canvas.restore()
        canvas.drawPath(edge, paint)
    canvas.save()
    if element.clip:
        canvas.clipPath(edge, True)
    for child in element.children:
        draw(frame, child)
    canvas.restore()
    if element.border:
        width = min(element.border.width, element.width, element.height)
        line = skia.Paint(
            AntiAlias=True,
            Style=skia.Paint.kStroke_Style,
            StrokeWidth=width,
            Color=colour(element.border.color),
        )
        canvas.drawPath(_edge(element, width / 2), line)


def _edge(element: GroupElement | StackElement, inset: float = 0.0) -> Path:
    rect = skia.Rect.MakeXYWH(
        element.x + inset, element.y + inset, element.width - 2 * inset, element.height - 2 * inset
    )
    radius = max(0.0, min(element.radius, element.width / 2, element.height / 2) - inset)
    path = skia.Path()
    path.addRRect(skia.RRect.MakeRectXY(rect, radius, radius))
    return path


def _turned(frame: Frame, element: GroupElement | StackElement) -> Any:
    """How the element turns what is in it, on top of those around it; ``None`` if nothing is turned."""
    if not element.rotation:
        return frame.turned
    middle = (element.x + element.width / 2) * frame.ratio, (element.y + element.height / 2) * frame.ratio
    turned = skia.Matrix()
    turned.setRotate(element.rotation, *middle)
    return skia.Matrix.Concat(frame.turned, turned) if frame.turned else turned
