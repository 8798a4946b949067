"""Looks at the sandbox's pictures in tests: decodes and compares them."""

import numpy as np
from numpy.typing import NDArray

from darkroom_graphics.skia_api import skia

type Pixels = NDArray[np.uint8]


def decoded(data: bytes) -> Pixels:
    """The RGB pixels of an encoded picture."""
    image = skia.Image.MakeFromEncoded(skia.Data.MakeWithCopy(data))
    rgba: Pixels = image.toarray(colorType=skia.kRGBA_8888_ColorType)
    return rgba[:, :, :3]


def difference(a: Pixels, b: Pixels) -> float:
    """Mean absolute difference per channel, 0..255."""
    return float(np.abs(a.astype(np.int16) - b.astype(np.int16)).mean())


def loud(pixels: Pixels) -> int:
    """How many pixels are close to the chequerboard's two colours."""
    r, g, b = (pixels[:, :, i].astype(np.int16) for i in range(3))
    return int((((r > 190) & (g < 90) & (b > 190)) | ((r < 90) & (g > 190) & (b < 90))).sum())
