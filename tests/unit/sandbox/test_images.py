"""What the sandbox lets in and what it hands out."""

from __future__ import annotations

import numpy as np
import pytest

from darkroom_graphics.unusable_picture import UnusablePicture
from darkroom_sandbox.images import decode, painting, to_rgb
from tests.unit.graphics.pictures import checker, encoded, flat
from tests.unit.sandbox.pictures import decoded


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_five_formats_are_let_in(kind: str) -> None:
    image = decode(encoded(flat(40, 30, 200, 100, 50), kind))
    assert np.abs(to_rgb(image)[15, 20].astype(int) - (200, 100, 50)).max() < 8


@pytest.mark.parametrize("kind", ["TIFF", "ICO"])
def test_others_are_not(kind: str) -> None:
    with pytest.raises(UnusablePicture, match="is not a picture; PNG, JPEG, WebP, GIF and BMP are"):
        decode(encoded(flat(40, 30, 200, 100, 50), kind))


def test_neither_are_files_of_more_than_50_mebibytes() -> None:
    with pytest.raises(UnusablePicture, match="50 MiB"):
        decode(encoded(flat(4, 3, 1, 2, 3)) + bytes(50 * 1024 * 1024))


def test_a_painting_is_a_png_of_exactly_its_pixels() -> None:
    made = painting(checker(90, 60))
    assert (made.mime, made.width, made.height, made.aspect_ratio) == ("image/png", 90, 60, "3:2")
    assert (decoded(made.data) == checker(90, 60)).all()
