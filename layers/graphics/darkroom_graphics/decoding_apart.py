"""Pictures from outside, decoded in a process without credentials: see ``isolated``."""

from __future__ import annotations

from typing import Final

import numpy as np

from darkroom_graphics.decoding import from_pixels
from darkroom_graphics.decoding_work import REQUEST, SIZES
from darkroom_graphics.isolated import IsolatedProcess, IsolationLimits
from darkroom_graphics.skia_api import Image

# Forty megapixels take 160 MB, and as much again while they are turned or handed over.
LIMITS: Final = IsolationLimits(seconds=10.0, memory_bytes=800_000_000)
_PROCESS: Final = IsolatedProcess("darkroom_graphics.decoding_work")  # started by the first picture


def size_apart(data: bytes) -> tuple[int, int]:
    """Width and height of the upright picture. Raises UnusablePicture."""
    width, height, _, _ = SIZES.unpack(_PROCESS.call(REQUEST.pack(0.0) + data, LIMITS))
    return width, height


def decode_apart(data: bytes, scale: float) -> Image:
    """The upright picture in sRGB, no smaller than ``scale`` (over 0) times its size. Raises UnusablePicture."""
    result = _PROCESS.call(REQUEST.pack(scale) + data, LIMITS)
    _, _, width, height = SIZES.unpack_from(result)
    pixels = np.frombuffer(result, np.uint8, width * height * 4, SIZES.size)
    return from_pixels(pixels.reshape(height, width, 4))
