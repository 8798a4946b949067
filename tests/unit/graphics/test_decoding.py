"""Pictures from outside: refused early and briefly, or decoded upright."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from darkroom_graphics.decoding import PictureFile
from darkroom_graphics.picture_limits import PictureLimits
from darkroom_graphics.skia_api import skia
from darkroom_graphics.unusable_picture import UnusablePicture
from tests.unit.graphics.pictures import Pixels, checker, encoded, flat, png_announcing, quarters

GOOD = encoded(checker(64, 48))
# Red, green, blue and white quarters as a camera writes them that was held in each of eight ways.
TURNED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def seen(data: bytes, limits: PictureLimits | None = None, *, longest: int | None = None) -> Pixels:
    file = PictureFile(data, limits or PictureLimits())
    image = file.fitted(longest) if longest else file.decode()
    rgba: Pixels = image.toarray(colorType=skia.kRGBA_8888_ColorType)
    return rgba


def announcing(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return GOOD[:8] + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)) + GOOD[33:]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"GIF89a" + bytes(100),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        GOOD[:8],
        GOOD[:20],
        GOOD[: len(GOOD) // 2],
        GOOD[:33],
        b"\xff\xd8\xff" + bytes(200),
        b"RIFF\x10\0\0\0WEBP" + bytes(64),
        encoded(checker(64, 64), "JPEG")[:300],
        encoded(checker(64, 64), "WEBP")[:40],
        encoded(checker(64, 64), "GIF")[:200],
        announcing(50_000, 50_000),
        announcing(6400, 6400),
        announcing(0, 10),
        announcing(2**31, 2**31),
        bytes(60 * 1024 * 1024),
    ],
    ids=lambda data: f"{data[:6]!r}+{len(data)}",
)
def test_hostile_data_is_refused_with_a_short_reason(data: bytes) -> None:
    with pytest.raises(UnusablePicture) as refused:
        PictureFile(data).decode()
    assert 0 < len(str(refused.value)) < 80


@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (40_000, 1001), (2**31 - 1, 2**31 - 1)])
def test_a_decompression_bomb_is_refused_by_its_header(width: int, height: int) -> None:
    with pytest.raises(UnusablePicture, match="40 megapixels"):
        PictureFile(png_announcing(width, height))


def test_each_caller_sets_its_own_limits() -> None:
    pngs = PictureLimits(("image/png", "image/webp"), max_bytes=len(GOOD), max_pixels=64 * 48)
    assert seen(GOOD, pngs).shape == (48, 64, 4)
    with pytest.raises(UnusablePicture, match="PNG and WebP are"):
        PictureFile(encoded(checker(8, 8), "GIF"), pngs).decode()
    with pytest.raises(UnusablePicture, match="has more than 0 MiB"):
        PictureFile(GOOD + b"\0", pngs).decode()
    with pytest.raises(UnusablePicture, match="megapixels"):
        PictureFile(encoded(flat(64, 49, 1, 2, 3)), PictureLimits(max_pixels=64 * 48)).decode()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_every_format_is_read(kind: str) -> None:
    shown = seen(encoded(flat(40, 30, 200, 100, 50), kind))
    assert shown.shape == (30, 40, 4)
    assert np.abs(shown[15, 20].astype(int) - (200, 100, 50, 255)).max() < 8


@pytest.mark.parametrize("orientation", TURNED)
def test_photographs_stand_upright(orientation: int) -> None:
    """A camera held sideways writes its rows sideways and says so."""
    image, turn = Image.fromarray(quarters()), TURNED[orientation]
    exif, body = Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    (image if turn is None else image.transpose(turn)).save(body, "JPEG", quality=95, exif=exif)
    file = PictureFile(body.getvalue())
    assert (file.width, file.height) == (80, 40)
    shown = seen(body.getvalue())[:, :, :3].astype(int)
    for y, x in ((10, 20), (10, 60), (30, 20), (30, 60)):
        assert np.abs(shown[y, x] - quarters()[y, x].astype(int)).max() < 14


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_large_pictures_come_back_no_longer_than_asked(kind: str) -> None:
    data = encoded(checker(900, 300), kind)
    assert seen(data, longest=300).shape == (100, 300, 4)
    assert seen(data, longest=900).shape == seen(data).shape == (300, 900, 4)


def test_a_photograph_is_decoded_smaller_at_once() -> None:
    file = PictureFile(encoded(checker(800, 400), "JPEG"))
    image = file.decode(0.5)
    assert (image.width(), image.height()) == (400, 200)
    assert (file.width, file.height) == (800, 400)


def test_translucent_colours_keep_their_alpha() -> None:
    shown = seen(encoded(flat(8, 8, 200, 100, 50, 128)))
    assert np.abs(shown[4, 4].astype(int) - (200, 100, 50, 128)).max() <= 1
