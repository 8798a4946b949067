"""Pictures from outside, decoded in a process without credentials: see ``isolated``."""

from __future__ import annotations

from typing import Final

import numpy as np

from darkroom_graphics.decoder import DECODER
from darkroom_graphics.decoding_requests import SIZES, DecodingRequest
from darkroom_graphics.isolated import IsolationLimits
from darkroom_graphics.picture_limits import USUAL_LIMITS, PictureLimits
from darkroom_graphics.rasters import from_pixels
from darkroom_graphics.skia_api import Image

# Forty megapixels take 160 MB, and as much again while they are turned or handed over.
LIMITS: Final = IsolationLimits(seconds=10.0, memory_bytes=800_000_000)


def size_apart(data: bytes) -> tuple[int, int]:
    """Width and height of the upright picture. Raises UnusablePicture."""
    width, height, _, _ = SIZES.unpack(DECODER.call(DecodingRequest(0.0).as_bytes(data), LIMITS))
    return width, height


def decode_apart(
    data: bytes, scale: float = 1.0, *, longest: int | None = None, limits: PictureLimits = USUAL_LIMITS
) -> Image:
    """The upright picture in sRGB.

    It is no smaller than ``scale`` (over 0) times its size; with ``longest`` instead, it is shrunk to so many pixels
    on its longer side where it has more.

    Raises
    ------
    UnusablePicture
        It is none that ``limits`` let in, is damaged, or takes too much to decode.
    """
    answer = DECODER.call(DecodingRequest(scale, longest, limits).as_bytes(data), LIMITS)
    _, _, width, height = SIZES.unpack_from(answer)
    pixels = np.frombuffer(answer, np.uint8, width * height * 4, SIZES.size)
    return from_pixels(pixels.reshape(height, width, 4))
