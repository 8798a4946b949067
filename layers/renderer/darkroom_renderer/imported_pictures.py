"""Bringing in a picture from outside: whatever it was, it becomes an upright PNG in sRGB without metadata.

Drawings are cleaned and drawn in a process of their own, photographs are decoded behind the usual limits. Neither is
larger afterwards than whoever uses it can show.
"""

from __future__ import annotations

from typing import Any, Final

from darkroom.domain.brands.brand_kit import LOGO
from darkroom.domain.errors import InvalidParam
from darkroom.domain.media.imported import ImportedPicture
from darkroom.domain.media.sniffing import is_svg
from darkroom_graphics.decoding_apart import decode_apart
from darkroom_graphics.picture_limits import PictureLimits
from darkroom_graphics.png import encode_png
from darkroom_graphics.skia_api import Image, skia
from darkroom_graphics.unusable_picture import UnusablePicture
from darkroom_renderer.renderer import SVG_FONTS
from darkroom_renderer.vectors import Vectors

LONGEST: Final = 1024  # pixels; of a logo, which is shown small
LONGEST_PHOTOGRAPH: Final = 1536
LIMITS: Final = PictureLimits(("image/png", "image/jpeg", "image/webp"), max_bytes=10 * 1024 * 1024)

_VECTORS: Final = Vectors(SVG_FONTS, kept_pixels=0)


def import_picture(data: bytes, role: str) -> ImportedPicture:
    """The picture as a PNG.

    Raises
    ------
    InvalidParam
        It is no picture that can be used.
    """
    try:
        image = imported(data, LONGEST if role == LOGO else LONGEST_PHOTOGRAPH)
    except UnusablePicture as unusable:
        raise InvalidParam(f"The picture {unusable}.") from unusable
    pixels: Any = image.toarray(colorType=skia.kRGBA_8888_ColorType)
    return ImportedPicture(encode_png(pixels, straight=True), image.width(), image.height())


def imported(data: bytes, longest: int) -> Image:
    """The picture, with at most ``longest`` pixels on its longer side.

    Raises
    ------
    UnusablePicture
    """
    if is_svg(data):
        return _VECTORS.drawn(data, (longest, longest), fit="contain")
    return decode_apart(data, longest=longest, limits=LIMITS)
