"""Decodes pictures from outside, guarded: recognised, capped by bytes and pixels, and only then decoded, upright.

Imported in processes without credentials alone (``isolated``); everybody else asks ``decoding_apart``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from darkroom.domain.media.sniffing import sniff
from darkroom_graphics.picture_limits import NAMES, USUAL_LIMITS, PictureLimits
from darkroom_graphics.rasters import SIDEWAYS, from_pixels, resized, upright
from darkroom_graphics.skia_api import Image, skia
from darkroom_graphics.unusable_picture import UnusablePicture


class PictureFile:
    """A picture's file of which only the header was read; ``width`` and ``height`` are the upright picture's."""

    def __init__(self, data: bytes, limits: PictureLimits = USUAL_LIMITS) -> None:
        """Reads the header.

        Raises
        ------
        UnusablePicture
            The file is none that ``limits`` let in, or its header is damaged.
        """
        self._data = data  # Skia's codec borrows it
        self._codec = _codec(data, limits)
        size = self._codec.dimensions()
        self.width, self.height = size.width(), size.height()
        if self._codec.getOrigin() in SIDEWAYS:
            self.width, self.height = self.height, self.width

    @property
    def orientation(self) -> int:
        """How the file's rows are to be turned, as EXIF numbers it; 1 for not at all. PNG's own is not read."""
        return int(self._codec.getOrigin())

    def decode(self, scale: float = 1.0) -> Image:
        """The upright picture in sRGB, no smaller than ``scale`` (0 to 1) times its size.

        JPEG and WebP can be decoded to a smaller size at once, which saves time and memory.

        Raises
        ------
        UnusablePicture
            The file is damaged or incomplete.
        """
        size = self._codec.getScaledDimensions(scale)
        info = skia.ImageInfo.Make(
            size, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType, skia.ColorSpace.MakeSRGB()
        )
        pixels = np.zeros((size.height(), size.width(), 4), np.uint8)
        if self._codec.getPixels(info, pixels, info.minRowBytes()) != skia.Codec.kSuccess:
            raise UnusablePicture("is damaged or not complete")
        return upright(from_pixels(pixels), self._codec.getOrigin())

    def fitted(self, longest: int) -> Image:
        """The upright picture in sRGB, shrunk to ``longest`` pixels on its longer side where it has more.

        Raises as :meth:`decode` does.
        """
        if longest >= max(self.width, self.height):
            return self.decode()
        image = self.decode(longest / max(self.width, self.height))
        scale = longest / max(image.width(), image.height())
        if scale >= 1:
            return image
        return resized(image, max(1, round(image.width() * scale)), max(1, round(image.height() * scale)))


def _codec(data: bytes, limits: PictureLimits) -> Any:
    if limits.max_bytes is not None and len(data) > limits.max_bytes:
        raise UnusablePicture(f"has more than {limits.max_bytes // 1024**2} MiB")
    media = sniff(data)
    if media is None or media.mime not in limits.formats or not media.width:
        names = [NAMES[mime] for mime in limits.formats]
        raise UnusablePicture(f"is not a picture; {', '.join(names[:-1])} and {names[-1]} are")
    _check_pixels(media.width, media.height, limits)
    try:
        codec = skia.Codec.MakeFromData(skia.Data.MakeWithoutCopy(data))
    except (RuntimeError, ValueError):
        codec = None
    if codec is None:
        raise UnusablePicture("is damaged")
    # Asked again: Skia may read another size from a file that was made to be read in two ways.
    _check_pixels(codec.dimensions().width(), codec.dimensions().height(), limits)
    return codec


def _check_pixels(width: int, height: int, limits: PictureLimits) -> None:
    if width * height > limits.max_pixels:
        raise UnusablePicture(f"has more than {limits.max_pixels // 1_000_000} megapixels")
