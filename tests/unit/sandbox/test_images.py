"""Pictures from outside: refused early and briefly, or decoded upright."""

import struct
import zlib

import numpy as np
import pytest

from darkroom_sandbox.images import BadImage, decode, sniff, to_rgb
from tests.unit.sandbox.picturing import checker, encoded, flat

GOOD = encoded(checker(64, 48))


def _png_claiming(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + GOOD[33:]
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
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
        _png_claiming(50_000, 50_000),
        _png_claiming(6400, 6400),
        _png_claiming(0, 10),
        _png_claiming(2**31, 2**31),
        bytes(60 * 1024 * 1024),
    ],
    ids=lambda data: f"{data[:6]!r}+{len(data)}",
)
def test_hostile_data_is_refused_with_a_short_reason(data: bytes) -> None:
    with pytest.raises(BadImage) as refused:
        decode(data)
    assert 0 < len(str(refused.value)) < 80


@pytest.mark.parametrize(
    ("kind", "mime"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")]
)
def test_the_three_formats_are_read(kind: str, mime: str) -> None:
    data = encoded(flat(40, 30, 200, 100, 50), kind)
    assert sniff(data) == mime
    image = decode(data)
    assert (image.width(), image.height()) == (40, 30)
    assert np.abs(to_rgb(image)[15, 20].astype(int) - (200, 100, 50)).max() < 8


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_large_pictures_come_back_no_longer_than_asked(kind: str) -> None:
    image = decode(encoded(checker(900, 300), kind), longest=300)
    assert (image.width(), image.height()) == (300, 100)


def test_a_sideways_photograph_is_turned_upright() -> None:
    pixels = np.concatenate((flat(40, 20, 255, 0, 0), flat(40, 20, 0, 0, 255)))
    jpeg = encoded(pixels, "JPEG")
    # Orientation 6: the camera was turned; show it rotated a quarter clockwise.
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    turned = jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]
    shown = to_rgb(decode(turned))
    assert shown.shape == (40, 40, 3)
    assert shown[20, 5, 2] > 200
    assert shown[20, 35, 0] > 200
