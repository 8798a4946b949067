"""The border for pictures that come from outside: sniff, cap, only then decode."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from darkroom_graphics.skia_api import Image, Surface, skia
from darkroom_sandbox.brief import Painting
from darkroom_sandbox.png import encode_png

MAX_PIXELS: Final = 40_000_000
MAX_BYTES: Final = 50 * 1024 * 1024


class BadImage(ValueError):
    """A picture that cannot be used; the message is short and safe to show."""


def sniff(data: bytes) -> str:
    """The media type by magic bytes; raises BadImage for anything but PNG, JPEG or WebP."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    raise BadImage("not a PNG, JPEG or WebP image")


def decode(data: bytes, *, longest: int = 4096) -> Image:
    """Decodes an outside picture to an upright sRGB raster image, ``longest`` pixels a side at most.

    The header is read first: over 40 megapixels nothing is decoded. Raises BadImage.
    """
    if len(data) > MAX_BYTES:
        raise BadImage("image file is too large")
    sniff(data)
    codec = _codec(data)
    size = codec.dimensions()
    if size.width() < 1 or size.height() < 1:
        raise BadImage("image has no pixels")
    if size.width() * size.height() > MAX_PIXELS:
        raise BadImage("image has more than 40 megapixels")
    return _fit(_upright(_pixels(codec, longest), codec.getOrigin()), longest)


def _codec(data: bytes) -> Any:
    """Reads the header. The codec only borrows ``data``: the caller keeps it alive while decoding."""
    try:
        return skia.Codec.MakeFromData(data)
    except RuntimeError:
        raise BadImage("image header is damaged") from None


def _pixels(codec: Any, longest: int) -> Image:
    size = codec.dimensions()
    # JPEG and WebP can decode straight to a smaller size, which keeps a 40-megapixel photo out of memory.
    size = codec.getScaledDimensions(min(1.0, longest / max(size.width(), size.height())))
    info = skia.ImageInfo.Make(
        size, skia.kRGBA_8888_ColorType, skia.kUnpremul_AlphaType, skia.ColorSpace.MakeSRGB()
    )
    pixels = np.zeros((size.height(), size.width(), 4), np.uint8)
    if codec.getPixels(info, pixels, info.minRowBytes()) != skia.Codec.kSuccess:
        raise BadImage("image data is damaged or incomplete")
    return from_rgba(pixels)


def _upright(image: Image, origin: Any) -> Image:
    if origin == skia.kTopLeft_EncodedOrigin:
        return image
    width, height = image.width(), image.height()
    sideways = origin in (
        skia.kLeftTop_EncodedOrigin,
        skia.kRightTop_EncodedOrigin,
        skia.kRightBottom_EncodedOrigin,
        skia.kLeftBottom_EncodedOrigin,
    )
    target = (height, width) if sideways else (width, height)
    surface = skia.Surface(*target)
    surface.getCanvas().concat(skia.EncodedOriginToMatrix(origin, *target))
    surface.getCanvas().drawImage(image, 0, 0)
    return surface.makeImageSnapshot()


def _fit(image: Image, longest: int) -> Image:
    scale = longest / max(image.width(), image.height())
    if scale >= 1:
        return image
    return resized(image, max(1, round(image.width() * scale)), max(1, round(image.height() * scale)))


def smooth_sampling() -> Any:
    """Sampling that stays smooth when shrinking as well as when enlarging."""
    return skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)


def resized(image: Image, width: int, height: int) -> Image:
    """The whole image at another size in pixels."""
    return image.resize(width, height, smooth_sampling())


def from_rgba(pixels: NDArray[np.uint8]) -> Image:
    """An image from a ``(height, width, 4)`` array with straight alpha."""
    return skia.Image.fromarray(pixels, colorType=skia.kRGBA_8888_ColorType)


def to_rgb(image: Image) -> NDArray[np.uint8]:
    """The ``(height, width, 3)`` array of an opaque image."""
    rgba: NDArray[np.uint8] = image.toarray(colorType=skia.kRGBA_8888_ColorType)
    return rgba[:, :, :3]


def finished(surface: Surface, aspect_ratio: str) -> Painting:
    """Encodes what a surface shows."""
    pixels = to_rgb(surface.makeImageSnapshot())
    height, width, _ = pixels.shape
    return Painting(encode_png(pixels), "image/png", width, height, aspect_ratio)
