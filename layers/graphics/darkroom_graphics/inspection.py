"""The work of the process that judges uploads: a file is recognised, read to its end, and loses its metadata.

A picture is decoded whole, which is the only proof that it can be. Its pixels are then left as they are; only one
that lies on its side, or is of a kind that vendors do not take, is encoded again.
"""

from __future__ import annotations

import json
from typing import Any, Final

import numpy as np

from darkroom.domain.files.file import CleanMedia, Rejection, UnusableFile
from darkroom.domain.media.metadata import BrokenFile, png_orientation, without_metadata
from darkroom.domain.media.sniffing import MAX_PIXELS, Media, intact, sniff
from darkroom.domain.media.sounds import sound
from darkroom_graphics.decoding import PictureFile
from darkroom_graphics.png import encode_png
from darkroom_graphics.rasters import upright
from darkroom_graphics.skia_api import Image, skia
from darkroom_graphics.unusable_picture import UnusablePicture

LOSSY_QUALITY: Final = 95
NORMALISED: Final = frozenset({"image/gif", "image/bmp"})


def work(request: bytes) -> bytes:
    """What was found, as a line of JSON, and the clean file behind it; nothing where it is the same."""
    mime, _, data = request.partition(b"\n")
    try:
        clean = inspected(data, mime.decode())
    except UnusableFile as unusable:
        return _line({"rejection": unusable.rejection, "detail": unusable.detail})
    sizes = {"width": clean.width, "height": clean.height, "seconds": clean.seconds}
    return _line({"mime": clean.mime, **sizes}) + (b"" if clean.data == data else clean.data)


def inspected(data: bytes, mime: str) -> CleanMedia:
    """The file without its metadata.

    Raises
    ------
    UnusableFile
    """
    media = sniff(data)
    if media is None or media.mime != mime:
        found = f"is {media.mime}" if media else "is of no known type"
        raise UnusableFile(Rejection.TYPE_MISMATCH, f"{found}, not {mime} as announced")
    try:
        if media.mime.startswith("audio/"):
            seconds, clean = sound(data, media.mime)
            return CleanMedia(clean, media.mime, seconds=seconds)
        return _picture(data, media)
    except (UnusablePicture, BrokenFile) as problem:
        raise UnusableFile(Rejection.DAMAGED, str(problem)) from problem


def _picture(data: bytes, media: Media) -> CleanMedia:
    if media.width * media.height > MAX_PIXELS:
        raise UnusableFile(Rejection.TOO_LARGE, f"has more than {MAX_PIXELS // 1_000_000} megapixels")
    file = PictureFile(data)
    image = file.decode()
    if media.mime in NORMALISED:
        return _encoded(image, "image/png")
    if media.mime == "image/png" and (turned := png_orientation(data)) != 1:
        return _encoded(upright(image, skia.EncodedOrigin(turned)), media.mime)
    if file.orientation != 1:
        return _encoded(image, media.mime)
    clean = without_metadata(data, media.mime)
    if not intact(clean, media):
        raise BrokenFile
    return CleanMedia(clean, media.mime, image.width(), image.height())


def _encoded(image: Image, mime: str) -> CleanMedia:
    """The picture's pixels and nothing else, in sRGB."""
    if mime == "image/png":
        data = encode_png(_premultiplied(image))
    else:
        kinds = {"image/jpeg": skia.EncodedImageFormat.kJPEG, "image/webp": skia.EncodedImageFormat.kWEBP}
        data = bytes(image.encodeToData(kinds[mime], LOSSY_QUALITY))
    return CleanMedia(data, mime, image.width(), image.height())


def _premultiplied(image: Image) -> Any:
    pixels = np.zeros((image.height(), image.width(), 4), np.uint8)
    info = skia.ImageInfo.Make(
        image.width(), image.height(), skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType
    )
    image.readPixels(info, pixels, info.minRowBytes(), 0, 0)
    return pixels


def _line(members: dict[str, Any]) -> bytes:
    return json.dumps(members).encode() + b"\n"
