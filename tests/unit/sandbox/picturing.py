"""Helpers for looking at pictures in tests: decode, compare, build inputs."""

import numpy as np
from numpy.typing import NDArray

from darkroom_graphics.skia_api import skia

type Pixels = NDArray[np.uint8]


def decoded(data: bytes) -> Pixels:
    """The RGB pixels of an encoded picture."""
    image = skia.Image.MakeFromEncoded(skia.Data.MakeWithCopy(data))
    rgba: Pixels = image.toarray(colorType=skia.kRGBA_8888_ColorType)
    return rgba[:, :, :3]


def encoded(pixels: Pixels, kind: str = "PNG") -> bytes:
    """An ``(h, w, 3 or 4)`` array as PNG, JPEG or WEBP."""
    if pixels.shape[2] == 3:
        pixels = np.dstack((pixels, np.full(pixels.shape[:2], 255, np.uint8)))
    image = skia.Image.fromarray(np.ascontiguousarray(pixels), colorType=skia.kRGBA_8888_ColorType)
    return bytes(image.encodeToData(getattr(skia, f"k{kind}"), 100))


def flat(width: int, height: int, *colour: int) -> Pixels:
    """One colour everywhere."""
    return np.full((height, width, len(colour)), colour, np.uint8)


def checker(width: int, height: int, side: int = 16) -> Pixels:
    """A magenta and lime chequerboard: colours no scene paints side by side."""
    y, x = np.mgrid[0:height, 0:width]
    odd = ((x // side + y // side) % 2).astype(bool)
    return np.where(odd[:, :, None], (255, 0, 255), (0, 255, 0)).astype(np.uint8)


def difference(a: Pixels, b: Pixels) -> float:
    """Mean absolute difference per channel, 0..255."""
    return float(np.abs(a.astype(np.int16) - b.astype(np.int16)).mean())


def loud(pixels: Pixels) -> int:
    """How many pixels are close to the chequerboard's two colours."""
    r, g, b = (pixels[:, :, i].astype(np.int16) for i in range(3))
    return int((((r > 190) & (g < 90) & (b > 190)) | ((r < 90) & (g > 190) & (b < 90))).sum())
