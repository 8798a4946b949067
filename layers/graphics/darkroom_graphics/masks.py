"""Masks in the form a vendor reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from darkroom.domain.jobs.engine_failures import Rejected
from darkroom_graphics.decoding_apart import decode_apart
from darkroom_graphics.png import encode_grey_png, encode_png
from darkroom_graphics.rasters import smooth_sampling
from darkroom_graphics.skia_api import Image, skia
from darkroom_graphics.unusable_picture import UnusablePicture

type Levels = NDArray[np.uint8]

_HALF = 128


class SkiaMasks:
    """See :class:`darkroom.ports.vendors.Masks`."""

    def cut_out(self, mask: bytes, width: int, height: int) -> bytes:
        """A mask as transparency of a size; what is half marked, or more, is marked."""
        pixels = np.zeros((height, width, 4), np.uint8)
        pixels[:, :, 3] = 255 - _fitted(mask, width, height)
        return encode_png(pixels, straight=True, keep_alpha=True)

    def painted(self, mask: bytes, width: int, height: int) -> bytes:
        """A mask as white on black of a size; what is half marked, or more, is marked."""
        return encode_grey_png(_fitted(mask, width, height))


def marked(mask: Image) -> Levels:
    """How much each pixel may change, 0..255: by the mask's transparency or, without any, its brightness."""
    rgba: Levels = mask.toarray(colorType=skia.kRGBA_8888_ColorType)
    if int(rgba[:, :, 3].min()) < 255:
        return np.asarray(255 - rgba[:, :, 3], dtype=np.uint8)
    return np.asarray(rgba[:, :, :3].max(axis=2), dtype=np.uint8)


def _fitted(mask: bytes, width: int, height: int) -> Levels:
    """What is marked, in that size: 255 or 0.

    Raises
    ------
    Rejected
        The mask is no picture, is damaged or has too many pixels.
    """
    try:
        levels = marked(decode_apart(mask))
    except UnusablePicture as error:
        raise Rejected(f"the mask {error}") from error
    softened = np.empty((height, width), np.uint8)
    if not _grey(levels).scalePixels(_grey(softened), smooth_sampling()):
        raise Rejected(f"the mask cannot be fitted to {width} by {height} pixels")
    return np.where(softened >= _HALF, np.uint8(255), np.uint8(0))


def _grey(levels: Levels) -> Any:
    """Skia's view of an array of brightness, which must outlive it."""
    height, width = levels.shape
    info = skia.ImageInfo.Make(width, height, skia.kGray_8_ColorType, skia.kOpaque_AlphaType)
    return skia.Pixmap(info, levels, width)
