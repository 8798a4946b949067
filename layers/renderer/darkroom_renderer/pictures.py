"""Pictures from outside, decoded once and kept at the size they are drawn at."""

from __future__ import annotations

import hashlib
import math
from typing import Any, Final

from darkroom.domain.caching import WeighedCache
from darkroom_graphics.decoding_apart import decode_apart, size_apart
from darkroom_graphics.skia_api import Image, skia
from darkroom_renderer.placing import Box

KEPT_SIZES: Final = 1000
KEPT_PIXELS: Final = 24_000_000  # of decoded pictures per process: 96 MB


class Pictures:
    """Decodes pictures, and remembers them by their bytes.

    ``decoded`` counts how many were decoded in fact.
    """

    def __init__(self, kept_pixels: int = KEPT_PIXELS) -> None:
        self.decoded = 0
        self._kept: WeighedCache[tuple[Any, ...], Image] = WeighedCache(kept_pixels, _pixels)
        self._sizes: WeighedCache[bytes, tuple[int, int]] = WeighedCache(KEPT_SIZES, lambda _: 1)

    def whole(self, data: bytes, shrink: float = 1.0) -> Image:
        """A picture, upright, no smaller than ``shrink`` times its size, which must be over 0.

        Raises
        ------
        UnusablePicture
            It is no picture, is damaged, or has too many pixels.
        """
        scale = 1.0 if shrink > 0.5 else 2.0 ** math.ceil(math.log2(max(shrink, 1 / 64)))
        return self._kept.get((_digest(data), scale), lambda: self._decode(data, scale))

    def size(self, data: bytes) -> tuple[int, int]:
        """Width and height of a picture as it is looked at, in px; raises as :meth:`whole` does."""
        return self._sizes.get(_digest(data), lambda: size_apart(data))

    def fitted(self, data: bytes, part: Box, width: int, height: int) -> Image:
        """``part`` of a picture, made ``width`` by ``height`` pixels large; never larger than it is.

        Raises as :meth:`whole` does.
        """
        key = (_digest(data), part, width, height)
        return self._kept.get(key, lambda: self._fit(data, part, width, height))

    def clear(self) -> None:
        """Forget all of them."""
        self._kept.clear()
        self._sizes.clear()

    def _fit(self, data: bytes, part: Box, width: int, height: int) -> Image:
        image = self.whole(data, max(width / part.width, height / part.height))
        ratio = image.width() / self.size(data)[0]
        source = skia.Rect.MakeXYWH(part.x * ratio, part.y * ratio, part.width * ratio, part.height * ratio)
        surface = skia.Surface(width, height)
        surface.getCanvas().drawImageRect(
            image, source, skia.Rect.MakeWH(width, height), _sampling(source.width() / width)
        )
        return surface.makeImageSnapshot()

    def _decode(self, data: bytes, scale: float) -> Image:
        image = decode_apart(data, scale)
        self.decoded += 1
        return image


def _digest(data: bytes) -> bytes:
    """The key a picture is kept under. Its bytes as a key would be kept in memory too."""
    return hashlib.sha256(data).digest()


def _sampling(shrinks: float) -> Any:
    """How to read a picture that is drawn ``shrinks`` times smaller than it is."""
    if shrinks > 2:
        return skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)
    return skia.SamplingOptions(skia.CubicResampler.Mitchell())


def _pixels(image: Image) -> int:
    return int(image.width() * image.height())
