"""Decodes pictures from outside, guarded: recognised, capped by bytes and pixels, and only then decoded, upright."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from darkroom.domain.media.sniffing import MAX_PIXELS, sniff
from darkroom_graphics.skia_api import Image, skia
from darkroom_graphics.unusable_picture import UnusablePicture

_NAMES: Final = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/webp": "WebP",
    "image/gif": "GIF",
    "image/bmp": "BMP",
}
EVERY_FORMAT: Final = tuple(_NAMES)

_SIDEWAYS: Final = (
    skia.kLeftTop_EncodedOrigin,
    skia.kRightTop_EncodedOrigin,
    skia.kRightBottom_EncodedOrigin,
    skia.kLeftBottom_EncodedOrigin,
)


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """What is let in: files of these media types, of at most so many bytes and pixels."""

    formats: tuple[str, ...] = EVERY_FORMAT
    max_bytes: int | None = None
    max_pixels: int = MAX_PIXELS


USUAL_LIMITS: Final = PictureLimits()


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
        if self._codec.getOrigin() in _SIDEWAYS:
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


def decode(data: bytes, limits: PictureLimits = USUAL_LIMITS, *, longest: int | None = None) -> Image:
    """Decodes a picture upright, in sRGB and, where asked, shrunk to ``longest`` pixels on its longer side.

    Raises
    ------
    UnusablePicture
    """
    file = PictureFile(data, limits)
    if longest is None or longest >= max(file.width, file.height):
        return file.decode()
    image = file.decode(longest / max(file.width, file.height))
    scale = longest / max(image.width(), image.height())
    if scale >= 1:
        return image
    return resized(image, max(1, round(image.width() * scale)), max(1, round(image.height() * scale)))


def from_pixels(pixels: Any) -> Image:
    """An image of a ``(height, width, 4)`` array of premultiplied RGBA."""
    height, width = pixels.shape[:2]
    info = skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    return skia.Image.MakeRasterCopy(skia.Pixmap(info, pixels, info.minRowBytes()))


def smooth_sampling() -> Any:
    """Sampling that stays smooth when shrinking as well as when enlarging."""
    return skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)


def resized(image: Image, width: int, height: int) -> Image:
    """The whole image at another size in pixels."""
    return image.resize(width, height, smooth_sampling())


def _codec(data: bytes, limits: PictureLimits) -> Any:
    if limits.max_bytes is not None and len(data) > limits.max_bytes:
        raise UnusablePicture(f"has more than {limits.max_bytes // 1024**2} MiB")
    media = sniff(data)
    if media is None or media.mime not in limits.formats or not media.width:
        names = [_NAMES[mime] for mime in limits.formats]
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


def upright(image: Image, origin: Any) -> Image:
    """The image turned and mirrored from how its file has it."""
    if origin == skia.kTopLeft_EncodedOrigin:
        return image
    width, height = image.width(), image.height()
    target = (height, width) if origin in _SIDEWAYS else (width, height)
    surface = skia.Surface(*target)
    surface.getCanvas().concat(skia.EncodedOriginToMatrix(origin, *target))
    surface.getCanvas().drawImage(image, 0, 0)
    return surface.makeImageSnapshot()
