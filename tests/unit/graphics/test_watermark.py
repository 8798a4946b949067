"""The mark of test mode covers every picture, leaves it visible, and needs no font."""

from __future__ import annotations

import numpy as np
import pytest

from darkroom_graphics.skia_api import skia
from darkroom_graphics.watermark import MARK, TAG, stamp
from darkroom_graphics.watermark_letters import EM, HEAVY, PLAIN, Letter
from darkroom_type.fonts import FOLDER
from tests.unit.graphics.pictures import Pixels

SIZES = [(1024, 1024), (1344, 768), (240, 160), (64, 900), (16, 16)]


def stamped(size: tuple[int, int], grey: int = 128) -> Pixels:
    surface = skia.Surface(*size)
    surface.getCanvas().clear(skia.Color(grey, grey, grey))
    stamp(surface.getCanvas(), *size)
    rgba: Pixels = surface.makeImageSnapshot().toarray(colorType=skia.kRGBA_8888_ColorType)
    return rgba[:, :, :3]


@pytest.mark.parametrize("grey", [0, 128, 255])
@pytest.mark.parametrize("size", SIZES)
def test_it_covers_the_picture_and_leaves_it_visible(size: tuple[int, int], grey: int) -> None:
    changed = np.abs(stamped(size, grey).astype(int) - grey).max(axis=2) > 12
    sixteenths = [part for rows in np.array_split(changed, 4) for part in np.array_split(rows, 4, axis=1)]
    assert all(part.any() for part in sixteenths) or min(size) < 160
    assert changed.any()
    if min(size) >= 160:
        assert 0.03 < changed.mean() < 0.6


def test_a_red_tag_is_in_the_lower_right_corner() -> None:
    corner = stamped((1024, 1024))[-60:-30, -120:-40].reshape(-1, 3).astype(int)
    assert ((corner[:, 0] > 150) & (corner[:, 1] < 90)).mean() > 0.3
    assert (corner.min(axis=1) > 200).any(), "white letters are on it"


def test_equal_pictures_are_marked_equally() -> None:
    assert (stamped((300, 200)) == stamped((300, 200))).all()


@pytest.mark.parametrize(
    ("text", "letters", "file", "axes"),
    [(MARK, HEAVY, "Anton.ttf", {}), (TAG, PLAIN, "Inter.ttf", {"wght": 600})],
)
def test_its_letters_are_those_of_the_type_layers_fonts(
    text: str, letters: dict[str, Letter], file: str, axes: dict[str, float]
) -> None:
    typeface = skia.Typeface.MakeFromFile(str(FOLDER / file))
    if axes:
        variation = skia.FontArguments.VariationPosition
        places = variation.Coordinates(
            [
                variation.Coordinate(int.from_bytes(axis.encode(), "big"), value)
                for axis, value in axes.items()
            ]
        )
        position, arguments = variation(places), skia.FontArguments()
        arguments.setVariationDesignPosition(position)
        typeface = typeface.makeClone(arguments)
    font = skia.Font(typeface, EM)
    font.setHinting(skia.FontHinting.kNone)
    font.setLinearMetrics(True)
    assert set(letters) == set(text)
    for character, advance in zip(text, font.getWidths(font.textToGlyphs(text)), strict=True):
        assert letters[character][0] == pytest.approx(advance, abs=1)
