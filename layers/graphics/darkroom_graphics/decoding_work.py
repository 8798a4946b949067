"""Decodes one picture from outside, in the isolated process (``isolated``)."""

from __future__ import annotations

import numpy as np

from darkroom_graphics.decoding import PictureFile
from darkroom_graphics.decoding_requests import SIZES, DecodingRequest
from darkroom_graphics.skia_api import skia


def work(request: bytes) -> memoryview:
    """The picture's size and, where asked, its pixels: premultiplied RGBA in sRGB, row by row.

    Raises
    ------
    UnusablePicture
    """
    asked, data = DecodingRequest.parsed(request)
    file = PictureFile(data, asked.limits)
    if not asked.scale:
        return memoryview(SIZES.pack(file.width, file.height, 0, 0))
    image = file.fitted(asked.longest) if asked.longest else file.decode(asked.scale)
    width, height = image.width(), image.height()
    # One piece of memory for the whole answer, so that no pixel is copied once more.
    answer = np.empty(SIZES.size + height * width * 4, np.uint8)
    answer[: SIZES.size] = np.frombuffer(SIZES.pack(file.width, file.height, width, height), np.uint8)
    pixels = answer[SIZES.size :].reshape(height, width, 4)
    info = skia.ImageInfo.Make(
        width, height, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType, skia.ColorSpace.MakeSRGB()
    )
    if not image.readPixels(info, pixels, info.minRowBytes(), 0, 0):
        raise RuntimeError("a decoded picture cannot be read")
    return answer.data
