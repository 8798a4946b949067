"""Rare pictures as PNG, whole ones only."""

from __future__ import annotations

import struct

import pytest

from darkroom.domain.media.sniffing import intact, sniff
from darkroom_graphics.decoding import PictureFile
from darkroom_graphics.pictures import SkiaPictures
from darkroom_graphics.unusable_picture import UnusablePicture


def gif(width: int = 4, height: int = 3) -> bytes:
    """A red GIF, whose every pixel is a code of its own."""
    head = b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0" + b"\xff\0\0\0\0\xff"
    codes = [4, *(code for _ in range(width * height) for code in (0, 4)), 5]
    bits = sum(code << 3 * place for place, code in enumerate(codes))
    data = bits.to_bytes(-(-3 * len(codes) // 8), "little")
    frame = b"," + struct.pack("<HHHH", 0, 0, width, height) + b"\0"
    return head + frame + b"\x02" + bytes([len(data)]) + data + b"\0;"


def bmp(width: int = 4, height: int = 3) -> bytes:
    """A red BMP."""
    row = b"\0\0\xff" * width
    pixels = (row + b"\0" * (-len(row) % 4)) * height
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, len(pixels), 2835, 2835, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(pixels), 0, 0, 54) + head + pixels


@pytest.mark.parametrize("data", [gif(), bmp()])
def test_a_rare_picture_becomes_a_whole_png_of_the_same_size(data: bytes) -> None:
    made = SkiaPictures().as_png(data)
    media = sniff(made)
    assert media is not None
    assert (media.mime, media.width, media.height) == ("image/png", 4, 3)
    assert intact(made, media)
    red, green, blue, alpha = PictureFile(made).decode().toarray()[0, 0]
    assert sorted((int(red), int(green), int(blue), int(alpha))) == [0, 0, 255, 255]


@pytest.mark.parametrize("data", [b"", b"<html>", gif()[:30], bmp()[:60]])
def test_what_is_none_or_damaged_is_refused_in_words_to_show(data: bytes) -> None:
    with pytest.raises(UnusablePicture, match=r"^(is|has) "):
        SkiaPictures().as_png(data)
