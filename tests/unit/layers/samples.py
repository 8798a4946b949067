"""A picture for workers to work on, made with nothing but the graphics layer."""

from __future__ import annotations

import numpy as np

from darkroom_graphics.png import encode_png


def picture(width: int = 96, height: int = 64) -> bytes:
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.full((height, width, 4), 255, np.uint8)
    pixels[:, :, 0], pixels[:, :, 2] = x * 2 % 256, y * 3 % 256
    return encode_png(pixels)
