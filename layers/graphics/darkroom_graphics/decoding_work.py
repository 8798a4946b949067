"""Decodes one picture from outside, in the isolated process (``isolated``)."""

from __future__ import annotations

import struct
from typing import Final

import numpy as np

from darkroom_graphics.decoding import PictureFile
from darkroom_graphics.skia_api import skia

REQUEST: Final = struct.Struct(">d")  # how much of its size is needed; none of it for the size alone
SIZES: Final = struct.Struct(">IIII")  # of the upright picture, and of the pixels that follow


def work(request: bytes) -> bytes:
    """The picture's size and, where asked, its pixels: premultiplied RGBA in sRGB, row by row.

    Raises
    ------
    UnusablePicture
    """
    (scale,) = REQUEST.unpack_from(request)
    file = PictureFile(request[REQUEST.size :])
    if not scale:
        return SIZES.pack(file.width, file.height, 0, 0)
    image = file.decode(scale)
    pixels = np.empty((image.height(), image.width(), 4), np.uint8)
    info = skia.ImageInfo.Make(
        image.width(),
        image.height(),
        skia.kRGBA_8888_ColorType,
        skia.kPremul_AlphaType,
        skia.ColorSpace.MakeSRGB(),
    )
    if not image.readPixels(info, pixels, info.minRowBytes(), 0, 0):
        raise RuntimeError("a decoded picture cannot be read")
    return SIZES.pack(file.width, file.height, image.width(), image.height()) + pixels.tobytes()
