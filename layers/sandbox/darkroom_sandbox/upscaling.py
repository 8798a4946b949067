"""Enlarging: every pixel count exactly multiplied, edges kept crisp, transparency kept."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from darkroom_graphics.skia_api import Image, skia
from darkroom_graphics.unusable_picture import UnusablePicture
from darkroom_graphics.watermark import stamp
from darkroom_sandbox.brief import Painting
from darkroom_sandbox.images import LIMITS, decode, painting, to_rgba

type Pixels = NDArray[np.uint8]

MAX_SIDE: Final = 8192
FACTORS: Final = (2, 3, 4)
# How many rows are sharpened at once: the working copies of a whole 40-megapixel picture would not fit.
_ROWS: Final = 256


def upscale(source: bytes, factor: int = 2, *, watermark: bool = False) -> Painting:
    """Enlarges a PNG, JPEG or WebP picture to a PNG of exactly ``factor`` times its sides.

    Raises UnusablePicture for a picture that cannot be read or would pass 40 megapixels or 8192 pixels a side, and
    ValueError for another factor than 2, 3 or 4.
    """
    if isinstance(factor, bool) or factor not in FACTORS:
        raise ValueError(f"unsupported factor, use one of: {', '.join(map(str, FACTORS))}")
    image = decode(source, longest=MAX_SIDE)
    width, height = image.width() * factor, image.height() * factor
    if max(width, height) > MAX_SIDE or width * height > LIMITS.max_pixels:
        raise UnusablePicture(f"is too large to be enlarged {factor} times")
    pixels = _sharpened(_enlarged(image, width, height))
    if watermark:
        pixels = _stamped(pixels)
    return painting(pixels)


def _enlarged(image: Image, width: int, height: int) -> Pixels:
    canvas_pixels = np.zeros((height, width, 4), np.uint8)
    surface = skia.Surface(canvas_pixels, colorType=skia.kRGBA_8888_ColorType)
    surface.getCanvas().drawImageRect(
        image,
        skia.Rect.MakeWH(image.width(), image.height()),
        skia.Rect.MakeWH(width, height),
        skia.SamplingOptions(skia.CubicResampler.Mitchell()),
        skia.Paint(),
    )
    return to_rgba(surface.makeImageSnapshot())


def _sharpened(pixels: Pixels) -> Pixels:
    """Adds an eighth of what each opaque pixel differs from its four neighbours by, in sum."""
    result = pixels.copy()
    for top in range(0, len(pixels), _ROWS):
        around = np.take(pixels, range(top - 1, min(top + _ROWS, len(pixels)) + 1), axis=0, mode="clip")
        wide = np.pad(around[:, :, :3], ((0, 0), (1, 1), (0, 0)), mode="edge").astype(np.int16)
        middle = wide[1:-1, 1:-1]
        detail = (4 * middle - wide[:-2, 1:-1] - wide[2:, 1:-1] - wide[1:-1, :-2] - wide[1:-1, 2:]) // 8
        opaque = around[1:-1, :, 3:] == 255
        result[top : top + _ROWS, :, :3] = np.clip(middle + detail * opaque, 0, 255)
    return result


def _stamped(pixels: Pixels) -> Pixels:
    height, width, _ = pixels.shape
    canvas_pixels = np.zeros_like(pixels)  # the surface draws into it but does not keep it alive
    surface = skia.Surface(canvas_pixels, colorType=skia.kRGBA_8888_ColorType)
    canvas = surface.getCanvas()
    canvas.drawImage(skia.Image.fromarray(pixels, colorType=skia.kRGBA_8888_ColorType, copy=False), 0, 0)
    stamp(canvas, width, height)
    return to_rgba(surface.makeImageSnapshot())
