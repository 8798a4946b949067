"""Pictures from outside become PNGs of ours, or are refused."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from darkroom.domain.errors import InvalidParam
from darkroom.domain.media.sniffing import Media, sniff
from darkroom_renderer.imported_pictures import LONGEST, LONGEST_PHOTOGRAPH, import_picture

LOGO = b"""<?xml version="1.0"?><!-- a logo --><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100">
<script>alert(1)</script><circle cx="50" cy="50" r="40" fill="#3B2A1A" onclick="x()"/>
<text x="100" y="60">Dawn</text></svg>"""


def bring_in(data: bytes, role: str = "logo") -> Image.Image:
    brought = import_picture(data, role)
    media = sniff(brought.data)
    assert media == Media("image/png", brought.width, brought.height)
    return Image.open(io.BytesIO(brought.data))


def encoded(kind: str, size: tuple[int, int] = (64, 32), mode: str = "RGB", **options: Any) -> bytes:
    pixels = np.full((size[1], size[0], len(mode)), 200, np.uint8)
    into = io.BytesIO()
    Image.fromarray(pixels, mode).save(into, kind, **options)
    return into.getvalue()


def test_a_drawing_is_drawn_large_on_nothing() -> None:
    picture = bring_in(LOGO)
    assert (picture.size, picture.mode) == ((LONGEST, LONGEST // 2), "RGBA")
    assert picture.getpixel((256, 256)) == (0x3B, 0x2A, 0x1A, 255)
    assert picture.getpixel((1, 1)) == (0, 0, 0, 0)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_photographs_keep_their_pixels_and_lose_their_metadata(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "where it was taken"
    picture = bring_in(encoded(kind, exif=exif.tobytes()))
    assert picture.size == (64, 32)
    assert not picture.getexif()
    assert "where" not in str(picture.info)


def test_translucency_is_kept_as_it_is() -> None:
    pixels = np.zeros((4, 4, 4), np.uint8)
    pixels[:] = (200, 100, 50, 128)
    into = io.BytesIO()
    Image.fromarray(pixels, "RGBA").save(into, "PNG")
    red, green, blue, alpha = bring_in(into.getvalue()).getpixel((1, 1))  # type: ignore[misc]
    assert alpha == 128
    assert max(abs(red - 200), abs(green - 100), abs(blue - 50)) <= 2


def test_large_pictures_are_made_as_large_as_they_are_shown() -> None:
    large = encoded("PNG", (3000, 1500))
    assert bring_in(large).size == (LONGEST, LONGEST // 2)
    assert bring_in(large, "product").size == (LONGEST_PHOTOGRAPH, LONGEST_PHOTOGRAPH // 2)


def test_a_picture_lying_on_its_side_is_set_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert bring_in(encoded("JPEG", exif=exif.tobytes())).size == (32, 64)


BOMB = b"<!DOCTYPE svg [" + b"".join(b'<!ENTITY a%d "&a%d;&a%d;">' % (n + 1, n, n) for n in range(30)) + b"]>"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><title>x</title>",
        b"GIF89a" + bytes(30),
        encoded("PNG")[:-40],
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><image href="https://x.test/a.png"/></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><image href="file:///etc/passwd"/></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="5" height="5"/></svg>',
        BOMB + b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">&a30;</svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">' + b"<g>" * 500 + b"</svg>",
        b"<svg " + b"x" * 3_000_000,
    ],
)
def test_what_cannot_be_used_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidParam):
        bring_in(data)


def test_too_many_pixels_are_refused_before_they_are_decoded() -> None:
    header = encoded("PNG")[:16] + (20_000).to_bytes(4, "big") * 2
    with pytest.raises(InvalidParam):
        bring_in(header + encoded("PNG")[24:])
