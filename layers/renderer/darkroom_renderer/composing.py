"""Composes a picture of the parts all pictures of a template share, which are kept, and of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby, takewhile
from typing import Any, Self

import numpy as np

from darkroom.domain.caching import WeighedCache
from darkroom.domain.renders.rendered import RenderRefused, RenderWarning
from darkroom.domain.templates.elements import AnyElement, TextElement, within
from darkroom.domain.templates.layout import laid_out
from darkroom.domain.templates.payload import Payload, sources, words_of
from darkroom.domain.templates.template import Template
from darkroom_graphics.png import Ground, Pixels
from darkroom_graphics.rasters import from_pixels
from darkroom_graphics.skia_api import Canvas, Image, skia
from darkroom_graphics.watermark import stamp
from darkroom_renderer.backgrounds import draw_background
from darkroom_renderer.elements.drawing import draw_element
from darkroom_renderer.elements.effects import blends
from darkroom_renderer.frame import Frame, Tools
from darkroom_renderer.text import text_extent

type Warnings = tuple[RenderWarning, ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """Something that looks the same in every picture, drawn once; ``image`` goes to ``x``, ``y``, in pixels."""

    image: Image | None
    x: int = 0
    y: int = 0
    warnings: Warnings = ()

    @property
    def size(self) -> int:
        """Bytes that keeping it takes, about."""
        return self.image.width() * self.image.height() * 4 if self.image else 1


class Kept:
    """Keeps parts from one picture to the next: up to ``limit`` bytes each of grounds and of layers."""

    def __init__(self, limit: int) -> None:
        self.grounds: WeighedCache[tuple[Any, ...], tuple[Ground, Warnings]] = WeighedCache(
            limit, lambda it: it[0].size
        )
        self.layers: WeighedCache[tuple[Any, ...], Layer] = WeighedCache(limit, lambda it: it.size)


class Composition:
    """One picture to be drawn, ``size`` pixels large.

    The ground is the canvas with all elements up to the first one that the payload fills in. Behind that one, runs
    of elements that it does not fill in, and that blend with nothing, are layers. Both are kept under everything
    that decides how they look, the bytes of their pictures among it. ``warnings`` are of all that was drawn or laid
    so far.
    """

    def __init__(
        self,
        template: Template,
        payload: Payload,
        pictures: Mapping[str, bytes],
        ratio: float,
        size: tuple[int, int],
        *,
        tools: Tools,
        kept: Kept,
        in_time: Callable[[], bool],
    ) -> None:
        self._template = template
        self._payload = payload
        self._pictures = pictures
        self._ratio = ratio
        self._size = size
        self._tools = replace(tools, fonts=tools.fonts.of(template)) if template.fonts else tools
        self._kept = kept
        self._in_time = in_time
        self._page: Any = None
        elements = laid_out(template.document, payload, self._extent)
        self._first = tuple(takewhile(lambda it: not self._is_filled(it), elements))
        rest = elements[len(self._first) :]
        self._runs = [(anew, tuple(run)) for anew, run in groupby(rest, self._is_drawn_anew)]
        self._seen = self._pictures_of_template()
        self.warnings: list[RenderWarning] = []

    def for_page(self, pixels: Any) -> Self:
        """The same, to be drawn on a page; ``pixels`` is the matrix that puts the picture's pixels there."""
        self._page = pixels
        return self

    @property
    def is_kept(self) -> bool:
        """Whether a picture of this size has parts that are kept; of the largest ones nothing is."""
        width, height = self._size
        return self._kept.grounds.holds(width * height * 5)

    def ground(self) -> Ground:
        """The ground, drawn or kept."""
        ground, warnings = self._kept.grounds.get(self._key(self._first), self._new_ground)
        self.warnings += warnings
        return ground

    def _new_ground(self) -> tuple[Ground, Warnings]:
        pixels, warnings = self._drawn(self.draw_ground)
        return Ground(pixels), warnings

    def draw_ground(self, canvas: Canvas) -> None:
        """Draws the canvas' background and the elements on it that the payload does not touch."""
        frame = self._frame(canvas)
        canvas.save()
        canvas.scale(self._ratio, self._ratio)
        draw_background(frame, self._template.document.canvas)
        for element in self._first:
            draw_element(frame, element)
        canvas.restore()

    def draw_rest(self, canvas: Canvas) -> None:
        """Draws everything from the first element on that the payload fills in."""
        for anew, elements in self._runs:
            if anew or not self.is_kept:
                self._draw_elements(canvas, elements)
            else:
                self._lay(canvas, self._key(elements), partial(self._draw_elements, elements=elements))

    def draw_watermark(self, canvas: Canvas) -> None:
        """Draws the mark of test mode over all of it."""
        width, height = self._size
        if self.is_kept:
            self._lay(canvas, ("watermark", width, height), lambda to: stamp(to, width, height))
        else:
            stamp(canvas, width, height)

    def _draw_elements(self, canvas: Canvas, elements: Sequence[AnyElement]) -> None:
        frame = self._frame(canvas)
        canvas.save()
        canvas.scale(self._ratio, self._ratio)
        for element in elements:
            draw_element(frame, element)
        canvas.restore()

    def _lay(self, canvas: Canvas, key: tuple[Any, ...], draw: Callable[[Canvas], None]) -> None:
        layer = self._kept.layers.get(key, lambda: _layer(*self._drawn(draw)))
        self.warnings += layer.warnings
        if layer.image:
            canvas.drawImage(layer.image, layer.x, layer.y)

    def _drawn(self, draw: Callable[[Canvas], None]) -> tuple[Pixels, Warnings]:
        """What is to be kept, drawn by itself, with its own warnings."""
        pixels, before = blank(self._size), self.warnings
        self.warnings = []
        try:
            draw(canvas_on(pixels))
            return pixels, tuple(self.warnings)
        finally:
            self.warnings = before

    def _extent(self, element: TextElement, width: float, height: float) -> tuple[float, float]:
        if not self._in_time():
            raise RenderRefused(element.id, "", "the picture takes too long to lay out, make it simpler")
        words = words_of(element, self._payload)
        return text_extent(element, words, width, height, self._tools.fonts)

    def _is_filled(self, element: AnyElement) -> bool:
        """Whether the payload fills in the element or anything in it."""
        return any(it.id in self._payload for it in within((element,)))

    def _is_drawn_anew(self, element: AnyElement) -> bool:
        """Whether it is no part of a layer: one that blends does so with what is behind the layer."""
        return self._is_filled(element) or any(map(blends, within((element,))))

    def _frame(self, canvas: Canvas) -> Frame:
        return Frame(
            canvas,
            self._ratio,
            self._payload,
            self._pictures,
            self._tools,
            self._in_time,
            self.warnings,
            turned=self._page,
            is_page=self._page is not None,
        )

    def _key(self, elements: Sequence[AnyElement]) -> tuple[Any, ...]:
        template = self._template
        ids = tuple(element.id for element in within(elements))
        return (template.owner, template.id, template.version, self._ratio, ids, self._seen)

    def _pictures_of_template(self) -> tuple[bytes, ...]:
        """Digests of the template's own pictures: an address may change what it shows."""
        named = sources(self._template.document, self._payload)
        pictures = (
            self._pictures.get(each.url, b"") for each in named if each.element_id not in self._payload
        )
        return tuple(hashlib.sha256(data).digest() for data in pictures)


def blank(size: tuple[int, int]) -> Pixels:
    """Pixels with nothing on them, for :func:`canvas_on`."""
    width, height = size
    return np.zeros((height, width, 4), np.uint8)


def canvas_on(pixels: Pixels) -> Canvas:
    """A canvas that draws into a ``(height, width, 4)`` array, which must outlive it."""
    height, width = pixels.shape[:2]
    info = skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    return skia.Canvas.MakeRasterDirect(info, pixels, info.minRowBytes())


def _layer(pixels: Pixels, warnings: Warnings) -> Layer:
    """A layer of what is on ``pixels``, without the empty margin around it."""
    alphas = pixels[:, :, 3]
    ys, xs = np.flatnonzero(alphas.any(axis=1)), np.flatnonzero(alphas.any(axis=0))
    if not len(ys):
        return Layer(None, warnings=warnings)
    top, left = int(ys[0]), int(xs[0])
    inside = np.ascontiguousarray(pixels[top : int(ys[-1]) + 1, left : int(xs[-1]) + 1])
    return Layer(from_pixels(inside), left, top, warnings)
