"""Drawings from outside as pictures of the size they are needed at."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path
from typing import Any, Final

import resvg_py

from darkroom.domain.caching import WeighedCache
from darkroom_graphics.decoding import UnusablePicture
from darkroom_graphics.skia_api import Image, skia
from darkroom_renderer.svg_safety import Drawing, sanitised

FONT: Final = "Inter Variable"  # of words in drawings, whatever family they ask for
KEPT_PIXELS: Final = 12_000_000  # per process: 48 MB
MAX_PIXELS: Final = 9_000_000  # of a drawing; one that is shown larger is enlarged


class Vectors:
    """Makes drawings pixels, and remembers them by their bytes and size.

    ``fonts`` are files for the text in drawings. ``drawn_count`` counts how many were drawn in fact.
    """

    def __init__(self, fonts: tuple[Path, ...] = (), kept_pixels: int = KEPT_PIXELS) -> None:
        self.drawn_count = 0
        self._fonts = [str(path) for path in fonts]
        self._kept: WeighedCache[tuple[Any, ...], Image] = WeighedCache(
            kept_pixels, lambda image: int(image.width() * image.height())
        )

    def drawn(self, data: bytes, box: tuple[float, float], *, fit: str) -> Image:
        """The drawing, with enough pixels to be fitted into ``box``, in pixels. Raises UnusablePicture."""
        key = (hashlib.sha256(data).digest(), round(box[0], 2), round(box[1], 2), fit)
        return self._kept.get(key, lambda: self._draw(data, box, fit))

    def clear(self) -> None:
        """Forget all of them."""
        self._kept.clear()

    def _draw(self, data: bytes, box: tuple[float, float], fit: str) -> Image:
        drawing = sanitised(data)
        self.drawn_count += 1
        # Wide enough for the box on both sides; only "contain" may leave one of them free.
        either = min if fit == "contain" else max
        width = min(either(box[0], box[1] * drawing.shape), math.sqrt(MAX_PIXELS * drawing.shape))
        return self._rastered(drawing, max(1, math.ceil(width - 1e-3)))

    def _rastered(self, drawing: Drawing, width: int) -> Image:
        """The drawing ``width`` pixels wide, as high as its own shape makes it."""
        try:
            png = resvg_py.svg_to_bytes(
                svg_string=drawing.markup,
                width=width,
                skip_system_fonts=True,
                font_files=self._fonts if drawing.has_text else [],
                font_family=FONT,
                serif_family=FONT,
                sans_serif_family=FONT,
                monospace_family=FONT,
                cursive_family=FONT,
                fantasy_family=FONT,
            )
        except ValueError as problem:
            raise UnusablePicture("cannot be drawn") from problem
        image = skia.Image.MakeFromEncoded(skia.Data.MakeWithCopy(bytes(png)))
        if image is None:
            raise UnusablePicture("cannot be drawn")
        return image.makeRasterImage()
