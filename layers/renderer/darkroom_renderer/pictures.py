"""Pictures from outside: sniffed, capped, decoded upright, and kept at the size they are drawn at."""

from __future__ import annotations

import hashlib
import math
from typing import Any, Final

import numpy as np

from darkroom.domain.media.sniffing import MAX_PIXELS, sniff
from darkroom_graphics.caching import WeighedCache
from darkroom_graphics.skia_api import Image, skia
from darkroom_renderer.placing import Box

KINDS: Final = {"image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp"}
KEPT_PIXELS: Final = 24_000_000  # of decoded pictures per process: 96 MB

_SIDEWAYS: Final = (
    skia.kLeftTop_EncodedOrigin,
    skia.kRightTop_EncodedOrigin,
    skia.kRightBottom_EncodedOrigin,
    skia.kLeftBottom_EncodedOrigin,
)


class Unusable(Exception):
    """A picture that cannot be drawn; the message continues a sentence and is safe to show."""


class Pictures:
    """Decodes pictures, and remembers them by their bytes.

    ``decoded`` counts how many were decoded in fact.
    """

    def __init__(self, kept_pixels: int = KEPT_PIXELS) -> None:
        self.decoded = 0
        self._kept: WeighedCache[tuple[Any, ...], Image] = WeighedCache(kept_pixels, _pixels)

    def whole(self, data: bytes, shrink: float = 1.0) -> Image:
        """A picture, upright, no smaller than ``shrink`` times its size, which must be over 0.

        Raises
        ------
        Unusable
            It is no picture, is damaged, or has too many pixels.
        """
        scale = 1.0 if shrink > 0.5 else 2.0 ** math.ceil(math.log2(max(shrink, 1 / 64)))
        return self._kept.get((_digest(data), scale), lambda: self._decode(data, scale))

    def size(self, data: bytes) -> tuple[int, int]:
        """Width and height of a picture as it is looked at, in px; raises as :meth:`whole` does."""
        codec = _codec(data)
        width, height = codec.dimensions().width(), codec.dimensions().height()
        return (height, width) if codec.getOrigin() in _SIDEWAYS else (width, height)

    def fitted(self, data: bytes, part: Box, width: int, height: int) -> Image:
        """``part`` of a picture, made ``width`` by ``height`` pixels large; never larger than it is.

        Raises as :meth:`whole` does.
        """
        key = (_digest(data), part, width, height)
        return self._kept.get(key, lambda: self._fit(data, part, width, height))

    def clear(self) -> None:
        """Forget all of them."""
        self._kept.clear()

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
        codec = _codec(data)
        self.decoded += 1
        # JPEG and WebP can be decoded smaller at once, which saves most of the time of a photograph.
        size = codec.getScaledDimensions(scale)
        info = skia.ImageInfo.Make(
            size, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType, skia.ColorSpace.MakeSRGB()
        )
        pixels = np.zeros((size.height(), size.width(), 4), np.uint8)
        if codec.getPixels(info, pixels, info.minRowBytes()) != skia.Codec.kSuccess:
            raise Unusable("is damaged or not complete")
        return _upright(from_pixels(pixels), codec.getOrigin())


def from_pixels(pixels: Any) -> Image:
    """An image that reads a ``(height, width, 4)`` array of premultiplied RGBA without copying it."""
    height, width = pixels.shape[:2]
    info = skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    return skia.Image.MakeRasterCopy(skia.Pixmap(info, pixels, info.minRowBytes()))


def _digest(data: bytes) -> bytes:
    """What a picture is remembered by. Its bytes themselves would be kept in memory by that."""
    return hashlib.sha256(data).digest()


def _codec(data: bytes) -> Any:
    """Reads the header, and nothing of what it announces. The codec only borrows ``data``."""
    media = sniff(data)
    if media is None or media.mime not in KINDS or not media.width:
        raise Unusable("is not a picture; PNG, JPEG, WebP, GIF and BMP are")
    if media.width * media.height > MAX_PIXELS:
        raise Unusable(f"has more than {MAX_PIXELS // 1_000_000} megapixels")
    try:
        codec = skia.Codec.MakeFromData(skia.Data.MakeWithoutCopy(data))
    except (RuntimeError, ValueError):
        codec = None
    if codec is None:
        raise Unusable("is damaged")
    if codec.dimensions().width() * codec.dimensions().height() > MAX_PIXELS:
        raise Unusable(f"has more than {MAX_PIXELS // 1_000_000} megapixels")
    return codec


def _upright(image: Image, origin: Any) -> Image:
    if origin == skia.kTopLeft_EncodedOrigin:
        return image
    width, height = image.width(), image.height()
    target = (height, width) if origin in _SIDEWAYS else (width, height)
    surface = skia.Surface(*target)
    surface.getCanvas().concat(skia.EncodedOriginToMatrix(origin, *target))
    surface.getCanvas().drawImage(image, 0, 0)
    return surface.makeImageSnapshot()


def _sampling(shrinks: float) -> Any:
    """How to read a picture that is drawn ``shrinks`` times smaller than it is."""
    if shrinks > 2:
        return skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)
    return skia.SamplingOptions(skia.CubicResampler.Mitchell())


def _pixels(image: Image) -> int:
    return int(image.width() * image.height())
