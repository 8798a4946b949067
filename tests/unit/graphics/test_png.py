"""The PNG writer: every pixel as it was, in files that other libraries read and that are not larger than theirs."""

from __future__ import annotations

import io
import zlib

import numpy as np
import pytest
from PIL import Image

from darkroom_graphics.png import Ground, Pixels, encode_grey_png, encode_png
from darkroom_graphics.provenance import ALGORITHMIC_MEDIA, xmp_packet
from darkroom_graphics.skia_api import skia
from tests.unit.graphics.pictures import photo, pixels

SIZES = [(1, 1), (1, 9), (9, 1), (3, 40_000), (5_000, 3), (29, 1200), (310, 400)]


def opaque(height: int, width: int, kind: str) -> Pixels:
    made = np.full((height, width, 4), 255, np.uint8)
    y, x = np.mgrid[0:height, 0:width]
    if kind == "gradient":
        made[:, :, 0], made[:, :, 2] = (x + y) // 5 % 256, y % 256
    elif kind == "noise":
        made[:, :, :3] = np.random.default_rng(1).integers(0, 256, (height, width, 3))
    return made


def seen_by_skia(png: bytes) -> Pixels:
    image = skia.Image.MakeFromEncoded(skia.Data.MakeWithCopy(png))
    read: Pixels = image.toarray(colorType=skia.kRGBA_8888_ColorType)
    return read


@pytest.mark.parametrize("kind", ["flat", "gradient", "noise"])
@pytest.mark.parametrize(("height", "width"), SIZES)
def test_every_pixel_comes_back(height: int, width: int, kind: str) -> None:
    made = opaque(height, width, kind)
    for png in (encode_png(made), encode_png(made, Ground(made.copy()))):
        assert (pixels(png, "RGBA") == made).all()
        assert (seen_by_skia(png) == made).all()


@pytest.mark.parametrize("kind", ["flat", "gradient", "noise"])
@pytest.mark.parametrize(("height", "width"), SIZES)
def test_every_pixel_comes_back_when_some_differ_from_the_ground(height: int, width: int, kind: str) -> None:
    ground = Ground(opaque(height, width, kind))
    for top in {0, height // 3, height - 1}:
        made = ground.pixels.copy()
        made[top : top + 20, :, :3] = 77
        png = encode_png(made, ground)
        assert (pixels(png, "RGBA") == made).all()
        assert (seen_by_skia(png) == made).all()


def test_translucent_pixels_keep_their_colour() -> None:
    made = np.zeros((40, 60, 4), np.uint8)
    made[10:30, 20:50] = (100, 50, 0, 128)  # premultiplied
    read = pixels(encode_png(made, Ground(np.zeros_like(made))), "RGBA")
    assert read[20, 30].tolist() == [199, 100, 0, 128]
    assert read[0, 0].tolist() == [0, 0, 0, 0]


def test_straight_pixels_are_written_as_they_are() -> None:
    made = np.random.default_rng(2).integers(0, 256, (40, 60, 4)).astype(np.uint8)
    assert (pixels(encode_png(made, straight=True), "RGBA") == made).all()
    made[:, :, 3] = 255
    assert (pixels(encode_png(made, straight=True), "RGBA") == made).all()


def test_alpha_is_kept_where_it_is_asked_for() -> None:
    made = opaque(40, 60, "gradient")
    png = encode_png(made, keep_alpha=True)
    assert png[25] == 6  # the colour type: RGBA
    assert (pixels(png, "RGBA") == made).all()


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_brightness_comes_back_as_grey(height: int, width: int) -> None:
    levels = np.random.default_rng(3).integers(0, 256, (height, width)).astype(np.uint8)
    png = encode_grey_png(levels)
    assert png[25] == 0  # the colour type: grey
    assert (pixels(png, "L") == levels).all()


def test_provenance_is_written_as_xmp() -> None:
    packet = xmp_packet('A "painter" & more', ALGORITHMIC_MEDIA)
    image = Image.open(io.BytesIO(encode_png(opaque(8, 8, "flat"), xmp=packet)))
    image.load()
    assert image.info["XML:com.adobe.xmp"].encode() == packet
    assert b"xmp:CreatorTool='A \"painter\" &amp; more'" in packet
    assert f'DigitalSourceType="{ALGORITHMIC_MEDIA}"'.encode() in packet


def test_a_clear_ground_that_is_covered_gives_a_file_without_alpha() -> None:
    made = opaque(40, 60, "gradient")
    png = encode_png(made, Ground(np.zeros_like(made)))
    assert png[25] == 2  # the colour type: RGB
    assert (pixels(png, "RGBA") == made).all()


@pytest.mark.parametrize("kind", ["gradient", "photograph"])
def test_files_are_not_much_larger_than_zlibs(kind: str) -> None:
    """At most a quarter larger than zlib's level 6 makes of the same rows, with whichever filter suits them best."""
    made = opaque(512, 512, "gradient")
    if kind == "photograph":
        made[:, :, :3] = photo(512)
    rows = made[:, :, :3].reshape(512, -1)
    up = np.vstack((rows[:1], rows[1:] - rows[:-1]))
    best = min(len(zlib.compress(np.insert(each, 0, 0, axis=1).tobytes(), 6)) for each in (rows, up))
    assert len(encode_png(made)) <= 1.25 * best
    assert len(encode_png(made, Ground(made.copy()))) <= 1.25 * best
