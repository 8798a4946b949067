"""Writes JPEG and WebP files."""

from __future__ import annotations

from typing import Final

from darkroom_graphics.png import Pixels
from darkroom_graphics.skia_api import skia

_FORMATS: Final = {"jpeg": skia.EncodedImageFormat.kJPEG, "webp": skia.EncodedImageFormat.kWEBP}


def encode_lossy(pixels: Pixels, format: str, quality: int) -> bytes:
    """Encodes a ``(height, width, 4)`` array of premultiplied RGBA as ``jpeg`` or ``webp``, ``quality`` 1 to 100.

    A JPEG has no alpha: what is clear becomes white, which changes ``pixels``. A WebP of quality 100 keeps all of it.
    """
    height, width = pixels.shape[:2]
    info = skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    if format == "jpeg":
        ground = skia.Canvas.MakeRasterDirect(info, pixels, info.minRowBytes())
        ground.drawColor(skia.ColorWHITE, skia.BlendMode.kDstOver)
    image = skia.Image.MakeRasterCopy(skia.Pixmap(info, pixels, info.minRowBytes()))
    return bytes(image.encodeToData(_FORMATS[format], quality))
