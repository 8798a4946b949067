"""Each change does to the pixels what its name says."""

from __future__ import annotations

import numpy as np
import pytest

from darkroom_sandbox.brief import Brief
from darkroom_sandbox.editing.changes import Pixels, brightness, tinted_with, toned, turned_around
from darkroom_sandbox.editing.instructions import Change
from darkroom_sandbox.images import from_rgb, to_rgb
from darkroom_sandbox.painter import paint
from tests.unit.sandbox.pictures import decoded

PHOTO = decoded(paint(Brief("a lighthouse on the coast", "9", size=(160, 120))).data)


def changed(change: Change) -> Pixels:
    return toned(PHOTO, [change])


def detail(pixels: Pixels) -> float:
    return float(np.abs(np.diff(pixels.astype(int), axis=1)).mean())


def spread(pixels: Pixels) -> float:
    return float((pixels.max(axis=2).astype(int) - pixels.min(axis=2)).mean())


def warmth(pixels: Pixels) -> float:
    return float(pixels[:, :, 0].mean() - pixels[:, :, 2].mean())


def test_colours_go_where_they_are_told() -> None:
    assert spread(changed(Change.GREY)) == 0
    assert spread(changed(Change.MUTED)) < spread(PHOTO) < spread(changed(Change.VIVID))
    assert warmth(changed(Change.COOLER)) < warmth(PHOTO) < warmth(changed(Change.WARMER))
    assert warmth(changed(Change.SEPIA)) > 20
    assert np.abs(255 - changed(Change.INVERT).astype(int) - PHOTO).max() <= 1


def test_light_goes_where_it_is_told() -> None:
    assert changed(Change.DARKER).mean() < PHOTO.mean() * 0.8
    assert changed(Change.LIGHTER).mean() > PHOTO.mean() * 1.1
    assert changed(Change.FLATTER).std() < PHOTO.std() < changed(Change.CONTRAST).std()
    assert changed(Change.DREAMY).mean() > PHOTO.mean()


def test_detail_goes_where_it_is_told() -> None:
    assert detail(changed(Change.BLUR)) < detail(PHOTO) * 0.8
    assert detail(changed(Change.SHARPEN)) > detail(PHOTO) * 1.1
    assert spread(changed(Change.SKETCH)) == 0
    assert len(np.unique(changed(Change.CARTOON))) < 256
    rows = changed(Change.PIXELATE)[:, 0]
    assert (np.abs(np.diff(rows.astype(int), axis=0)).sum(axis=1) == 0).mean() > 0.4


@pytest.mark.parametrize("change", [each for each in Change if toned(PHOTO, [each]) is not PHOTO])
def test_shape_is_kept(change: Change) -> None:
    assert changed(change).shape == PHOTO.shape
    assert changed(change).dtype == np.uint8


def test_a_tint_has_its_colour() -> None:
    assert warmth(tinted_with(PHOTO, (0.9, 0.1, 0.1), 0.5)) > warmth(PHOTO) + 30
    assert brightness(PHOTO).shape == PHOTO.shape[:2]


def test_turns_and_mirrors_are_exact() -> None:
    image = from_rgb(PHOTO)

    def turned(*changes: Change, angle: int = 0, keeps_shape: bool = False) -> Pixels:
        return to_rgb(turned_around(image, changes, angle, keeps_shape=keeps_shape))

    assert (turned(Change.FLIP) == PHOTO[:, ::-1]).all()
    assert (turned(Change.UPEND) == PHOTO[::-1]).all()
    assert np.abs(turned(angle=180).astype(int) - PHOTO[::-1, ::-1]).mean() < 3
    assert np.abs(turned(angle=90).astype(int) - np.rot90(PHOTO, -1)).mean() < 3
    assert turned(angle=90).shape == (160, 120, 3)
    assert turned(angle=90, keeps_shape=True).shape == PHOTO.shape
    assert turned(angle=15).shape == PHOTO.shape
    assert turned(angle=15).min(axis=2).max() > 0
    assert turned(Change.ZOOM).shape == PHOTO.shape
