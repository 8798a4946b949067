"""Pictures as pixels: made of arrays, at another size, turned."""

from __future__ import annotations

from typing import Any, Final

from darkroom_graphics.skia_api import Image, skia

SIDEWAYS: Final = (
    skia.kLeftTop_EncodedOrigin,
    skia.kRightTop_EncodedOrigin,
    skia.kRightBottom_EncodedOrigin,
    skia.kLeftBottom_EncodedOrigin,
)


def from_pixels(pixels: Any) -> Image:
    """An image of a ``(height, width, 4)`` array of premultiplied RGBA."""
    height, width = pixels.shape[:2]
    info = skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    return skia.Image.MakeRasterCopy(skia.Pixmap(info, pixels, info.minRowBytes()))


def smooth_sampling() -> Any:
    """Sampling that stays smooth when shrinking as well as when enlarging."""
    return skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)


def resized(image: Image, width: int, height: int) -> Image:
    """The whole image at another size in pixels."""
    return image.resize(width, height, smooth_sampling())


def upright(image: Image, origin: Any) -> Image:
    """The image turned and mirrored from how its file has it."""
    if origin == skia.kTopLeft_EncodedOrigin:
        return image
    width, height = image.width(), image.height()
    target = (height, width) if origin in SIDEWAYS else (width, height)
    surface = skia.Surface(*target)
    surface.getCanvas().concat(skia.EncodedOriginToMatrix(origin, *target))
    surface.getCanvas().drawImage(image, 0, 0)
    return surface.makeImageSnapshot()
