"""Pictures in and out of the sandbox: the limits of what comes in, the provenance of what goes out."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from darkroom_graphics.decoding_apart import decode_apart
from darkroom_graphics.picture_limits import PictureLimits
from darkroom_graphics.png import encode_png
from darkroom_graphics.skia_api import Image, Surface, skia
from darkroom_sandbox.brief import Painting
from darkroom_sandbox.provenance import XMP
from darkroom_sandbox.ratios import nearest_ratio

type Pixels = NDArray[np.uint8]

LIMITS: Final = PictureLimits(max_bytes=50 * 1024 * 1024)


def decode(data: bytes, *, longest: int = 4096) -> Image:
    """Decodes an outside picture to an upright sRGB raster image, ``longest`` pixels a side at most.

    Raises
    ------
    UnusablePicture
        It is no PNG, JPEG, WebP, GIF or BMP, is damaged, or has more than 50 MiB or 40 megapixels.
    """
    return decode_apart(data, longest=longest, limits=LIMITS)


def from_rgb(pixels: Pixels) -> Image:
    """An opaque image from a ``(height, width, 3)`` array."""
    return from_rgba(_opaque(pixels))


def from_rgba(pixels: Pixels) -> Image:
    """An image from a ``(height, width, 4)`` array with straight alpha."""
    return skia.Image.fromarray(pixels, colorType=skia.kRGBA_8888_ColorType)


def to_rgb(image: Image) -> Pixels:
    """The ``(height, width, 3)`` array of an opaque image."""
    return to_rgba(image)[:, :, :3]


def to_rgba(image: Image) -> Pixels:
    """The ``(height, width, 4)`` array of an image, with straight alpha."""
    rgba: Pixels = image.toarray(colorType=skia.kRGBA_8888_ColorType)
    return rgba


def finished(surface: Surface, aspect_ratio: str) -> Painting:
    """Encodes the colours of a surface that was painted all over."""
    pixels = to_rgba(surface.makeImageSnapshot())
    pixels[:, :, 3] = 255
    return painting(pixels, aspect_ratio)


def painting(pixels: Pixels, aspect_ratio: str = "") -> Painting:
    """Encodes a ``(height, width, 3 or 4)`` array with straight alpha; its shape names the ratio if nothing does."""
    height, width, channels = pixels.shape
    data = encode_png(pixels if channels == 4 else _opaque(pixels), straight=True, xmp=XMP)
    return Painting(data, "image/png", width, height, aspect_ratio or nearest_ratio(width, height))


def _opaque(pixels: Pixels) -> Pixels:
    return np.dstack((pixels, np.full(pixels.shape[:2], 255, np.uint8)))
