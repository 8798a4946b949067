"""Drawings from outside as pictures of the size they are needed at."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Final

from darkroom.domain.caching import WeighedCache
from darkroom_graphics.decoding_apart import decode_apart
from darkroom_graphics.isolated import IsolatedProcess, IsolationLimits
from darkroom_graphics.picture_limits import PictureLimits
from darkroom_graphics.skia_api import Image
from darkroom_renderer.svg_requests import DrawingRequest

KEPT_PIXELS: Final = 12_000_000  # per process: 48 MB
# What one drawing may take. The largest that pass the budget of ``svg_effort`` stay below.
# Fonts are read when a drawing has words.
LIMITS: Final = IsolationLimits(seconds=4.0, memory_bytes=640_000_000, opens_files=True)
_DRAWN: Final = PictureLimits(("image/png",))


class Vectors:
    """Makes drawings pixels, and remembers them by their bytes and size.

    Nothing of a drawing is read or drawn in this process: it could take all of its time and memory.
    ``fonts`` are files for the text in drawings. ``drawn_count`` counts how many were drawn in fact.
    """

    def __init__(self, fonts: tuple[Path, ...] = (), kept_pixels: int = KEPT_PIXELS) -> None:
        self.drawn_count = 0
        self._fonts = tuple(str(path) for path in fonts)
        self._process = IsolatedProcess("darkroom_renderer.svg_drawing")
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
        request = DrawingRequest(*box, fit, self._fonts)
        png = bytes(self._process.call(request.as_bytes(data), LIMITS))
        self.drawn_count += 1
        return decode_apart(
            png, limits=_DRAWN
        )  # what comes out of there is believed no more than what went in
