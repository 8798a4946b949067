"""Enlarging: exactly as large as asked, the same picture, its transparency kept."""

from __future__ import annotations

import numpy as np
import pytest

from darkroom_graphics.skia_api import skia
from darkroom_graphics.unusable_picture import UnusablePicture
from darkroom_sandbox.brief import Brief
from darkroom_sandbox.painter import paint
from darkroom_sandbox.upscaling import upscale
from tests.unit.graphics.pictures import checker, encoded, flat
from tests.unit.sandbox.pictures import Pixels, decoded, difference


def shrunk(pixels: Pixels) -> Pixels:
    """Half the size, by averaging."""
    height, width, channels = pixels.shape
    blocks = pixels.reshape(height // 2, 2, width // 2, 2, channels).astype(np.uint16)
    return (blocks.sum(axis=(1, 3)) // 4).astype(np.uint8)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_both_sides_are_doubled_to_the_pixel(kind: str) -> None:
    made = upscale(encoded(checker(123, 77), kind))
    assert (made.width, made.height, made.mime) == (246, 154, "image/png")
    assert decoded(made.data).shape == (154, 246, 3)


@pytest.mark.parametrize("factor", [3, 4])
def test_other_factors(factor: int) -> None:
    assert decoded(upscale(encoded(checker(30, 20)), factor).data).shape == (20 * factor, 30 * factor, 3)


def test_it_is_the_same_picture() -> None:
    source = paint(Brief("a fox in the forest", "s", size=(400, 304))).data
    assert difference(shrunk(decoded(upscale(source).data)), decoded(source)) < 4


def test_edges_are_crisper_than_after_plain_enlarging() -> None:
    source = paint(Brief("a city at night", "s", size=(400, 304))).data
    image = skia.Image.MakeFromEncoded(skia.Data.MakeWithCopy(source))
    plain = image.resize(800, 608, skia.SamplingOptions(skia.FilterMode.kLinear))
    plain = plain.toarray(colorType=skia.kRGBA_8888_ColorType)[:, :, :3].astype(int)
    sharp = decoded(upscale(source).data).astype(int)
    assert np.abs(np.diff(sharp, axis=1)).mean() > np.abs(np.diff(plain, axis=1)).mean()


def test_transparency_is_kept() -> None:
    pixels = flat(40, 40, 200, 30, 30, 255)
    pixels[:, 20:, 3] = 0
    image = skia.Image.MakeFromEncoded(skia.Data.MakeWithCopy(upscale(encoded(pixels)).data))
    alpha = image.toarray(colorType=skia.kRGBA_8888_ColorType)[:, :, 3]
    assert alpha.shape == (80, 80)
    assert alpha[:, :36].min() == 255
    assert alpha[:, 44:].max() == 0


def test_flat_areas_stay_as_they_are() -> None:
    assert (decoded(upscale(encoded(flat(32, 32, 90, 120, 200))).data) == (90, 120, 200)).all()


def test_test_mode_is_marked() -> None:
    source = encoded(flat(300, 300, 90, 120, 200))
    assert difference(decoded(upscale(source, watermark=True).data), decoded(upscale(source).data)) > 2


@pytest.mark.parametrize(("width", "height"), [(4097, 10), (10, 4097), (3300, 3100)])
def test_what_would_become_too_large_is_refused(width: int, height: int) -> None:
    with pytest.raises(UnusablePicture):
        upscale(encoded(flat(width, height, 1, 2, 3), "JPEG"))


@pytest.mark.parametrize("factor", [0, 1, 5, -2, 2.5, True, "2", None])
def test_other_factors_are_refused(factor: object) -> None:
    with pytest.raises(ValueError, match="factor"):
        upscale(encoded(flat(8, 8, 1, 2, 3)), factor)  # type: ignore[arg-type]
