"""Pictures from outside in the form that every vendor takes."""

from __future__ import annotations

from darkroom_graphics.decoding_apart import decode_apart
from darkroom_graphics.png import encode_png
from darkroom_graphics.skia_api import skia


class SkiaPictures:
    """See :class:`darkroom.ports.vendors.Pictures`."""

    def as_png(self, data: bytes) -> bytes:
        """The upright picture as a PNG.

        Raises
        ------
        UnusablePicture
        """
        pixels = decode_apart(data).toarray(colorType=skia.kRGBA_8888_ColorType)
        return encode_png(pixels, straight=True, keep_alpha=True)
