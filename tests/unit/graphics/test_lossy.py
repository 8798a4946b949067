"""JPEG and WebP, as another library reads them."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from darkroom_graphics.lossy import encode_lossy
from tests.unit.graphics.pictures import photo


def premultiplied() -> NDArray[np.uint8]:
    """A photograph, its left half clear."""
    pixels = np.zeros((96, 96, 4), np.uint8)
    pixels[:, 48:, :3] = photo(96)[:, 48:, :3]
    pixels[:, 48:, 3] = 255
    return pixels


@pytest.mark.parametrize("format", ["jpeg", "webp"])
def test_another_library_reads_the_same_picture(format: str) -> None:
    pixels = premultiplied()
    image = Image.open(io.BytesIO(encode_lossy(pixels.copy(), format, 95)))
    assert (image.format, image.size) == (format.upper(), (96, 96))
    seen = np.asarray(image.convert("RGBA")).astype(int)
    assert np.abs(seen[:, 52:, :3] - pixels[:, 52:, :3]).mean() < 6


def test_a_jpeg_is_white_where_nothing_is_and_a_webp_clear() -> None:
    jpeg, webp = (
        np.asarray(Image.open(io.BytesIO(encode_lossy(premultiplied(), format, 90))).convert("RGBA"))
        for format in ("jpeg", "webp")
    )
    assert jpeg[10, 10].tolist() == [255, 255, 255, 255]
    assert webp[10, 10, 3] == 0


def test_a_webp_of_the_best_quality_keeps_every_pixel() -> None:
    pixels = premultiplied()
    image = Image.open(io.BytesIO(encode_lossy(pixels.copy(), "webp", 100)))
    assert (np.asarray(image.convert("RGBA"))[:, 48:] == pixels[:, 48:]).all()


@pytest.mark.parametrize("format", ["jpeg", "webp"])
def test_less_quality_is_fewer_bytes_and_the_same_each_time(format: str) -> None:
    sizes = [len(encode_lossy(premultiplied(), format, quality)) for quality in (1, 50, 90)]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == 3
    assert encode_lossy(premultiplied(), format, 50) == encode_lossy(premultiplied(), format, 50)
