"""Masks in the form a vendor reads."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageChops

from darkroom.domain.jobs.engine_failures import Rejected
from darkroom.domain.media.sniffing import MAX_PIXELS

_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
_HALF = 128


class PillowMasks:
    """See :class:`darkroom.ports.vendors.Masks`."""

    def cut_out(self, mask: bytes, width: int, height: int) -> bytes:
        """A mask as transparency of a size; what is half marked, or more, is marked."""
        alpha = ImageChops.invert(_fitted(mask, width, height))
        black = Image.new("L", (width, height))
        return _png(Image.merge("RGBA", (black, black, black, alpha)))

    def painted(self, mask: bytes, width: int, height: int) -> bytes:
        """A mask as white on black of a size; what is half marked, or more, is marked."""
        return _png(_fitted(mask, width, height))


def _fitted(mask: bytes, width: int, height: int) -> Image.Image:
    """What is marked, in that size: 255 or 0."""
    marked = _marked(mask).resize((width, height), Image.Resampling.BILINEAR)
    return marked.point([0] * _HALF + [255] * _HALF)


def _png(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def _marked(mask: bytes) -> Image.Image:
    """How much each pixel may change, 0..255: by the mask's transparency or, without any, its brightness."""
    try:
        with Image.open(BytesIO(mask), formats=_FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise Rejected("the mask has too many pixels")
            if opened.mode.startswith("I"):  # 16 bits of grey, of which conversion would keep the lower eight
                return opened.convert("I").point(lambda level: level / 257).convert("L")
            pixels = opened.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Rejected("the mask cannot be decoded") from error
    red, green, blue, alpha = pixels.split()
    if any(alpha.histogram()[:255]):
        return ImageChops.invert(alpha)
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)
