"""Edits and reframes: visibly made from their source, and only where they may be."""

import numpy as np
import pytest

from darkroom_graphics.unusable_picture import UnusablePicture
from darkroom_sandbox.brief import Brief, Reference
from darkroom_sandbox.editing import edit
from darkroom_sandbox.painter import paint
from darkroom_sandbox.ratios import pixel_size
from darkroom_sandbox.reframing import reframe
from tests.unit.graphics.pictures import checker, encoded, flat
from tests.unit.sandbox.pictures import decoded, difference, loud

SOURCE = paint(Brief("a lighthouse on the coast", "9", size=(240, 240))).data
PIXELS = decoded(SOURCE)


def _likeness(a: np.ndarray, b: np.ndarray) -> float:
    """Correlation of brightness, 1 for the same drawing in other colours."""
    return float(np.corrcoef(a.mean(axis=2).ravel(), b.mean(axis=2).ravel())[0, 1])


@pytest.mark.parametrize("instruction", ["make it night", "sunset mood", "", "in a snowy forest", "🙂" * 100])
def test_an_edit_changes_the_source_and_still_shows_it(instruction: str) -> None:
    painting = edit(SOURCE, instruction, seed="1")
    after = decoded(painting.data)
    assert after.shape == PIXELS.shape
    assert difference(after, PIXELS) > 6
    middle = slice(60, 180)
    assert _likeness(after[middle, middle], PIXELS[middle, middle]) > 0.6


def test_equal_edits_give_equal_bytes_and_the_seed_matters() -> None:
    assert edit(SOURCE, "neon", seed="1").data == edit(SOURCE, "neon", seed="1").data
    assert edit(SOURCE, "neon", seed="1").data != edit(SOURCE, "neon", seed="2").data


@pytest.mark.parametrize("transparent", [False, True])
def test_a_masked_edit_changes_nothing_outside_the_mask(transparent: bool) -> None:
    inside = np.zeros((240, 240), bool)
    inside[80:160, 60:200] = True
    if transparent:
        mask = np.dstack((np.zeros((240, 240, 3), np.uint8), np.where(inside, 0, 255).astype(np.uint8)))
    else:
        mask = np.dstack([np.where(inside, 255, 0).astype(np.uint8)] * 3)
    after = decoded(edit(SOURCE, "a galaxy with planets", seed="1", mask=encoded(mask)).data)
    assert (after[~inside] == PIXELS[~inside]).all()
    assert difference(after[inside], PIXELS[inside]) > 10


def test_a_mask_of_another_size_is_fitted() -> None:
    mask = np.dstack([np.repeat([[0, 255]], 2, axis=0).astype(np.uint8)] * 3)
    after = decoded(edit(SOURCE, "night", seed="1", mask=encoded(mask)).data)
    assert (after[:, :50] == PIXELS[:, :50]).all()
    assert difference(after[:, 190:], PIXELS[:, 190:]) > 5


def test_references_logos_and_ratios_apply_to_edits() -> None:
    board = encoded(checker(200, 200, 50))
    for kind in ("ref", "character", "logo"):
        after = decoded(edit(SOURCE, "calm", seed="1", references=(Reference(kind, board),)).data)
        assert loud(after) > 40
    painting = edit(SOURCE, "calm", seed="1", aspect_ratio="16:9")
    assert (painting.width, painting.height) == pixel_size("16:9")


@pytest.mark.parametrize("ratio", ["1:1", "16:9", "9:16", "3:1", "1:3", "21:9"])
def test_a_reframe_keeps_the_source_whole_and_sharp_in_the_middle(ratio: str) -> None:
    source = encoded(checker(300, 200, 25))
    painting = reframe(source, ratio, seed="1")
    width, height = pixel_size(ratio)
    shown = decoded(painting.data)
    assert shown.shape == (height, width, 3)
    scale = min(width / 300, height / 200)
    w, h = round(300 * scale), round(200 * scale)
    x, y = (width - w) // 2, (height - h) // 2
    cell = 25 * scale
    for row, column in ((0, 0), (3, 5), (7, 11)):
        at = shown[int(y + (row + 0.5) * cell), int(x + (column + 0.5) * cell)]
        assert np.abs(at.astype(int) - ((255, 0, 255) if (row + column) % 2 else (0, 255, 0))).max() < 12
    edge = shown[height // 2, 2] if x > 8 else shown[2, width // 2]
    assert x < 8 or y < 8
    assert edge.any()


def test_reframes_repeat_and_can_be_marked() -> None:
    assert reframe(SOURCE, "4:5", seed="1").data == reframe(SOURCE, "4:5", seed="1").data
    plain, marked = (decoded(reframe(SOURCE, "4:5", seed="1", watermark=on).data) for on in (False, True))
    assert difference(plain, marked) > 2
    assert difference(PIXELS, decoded(edit(SOURCE, "", seed="1", watermark=True).data)) > 2


def test_wrong_input_is_refused() -> None:
    with pytest.raises(UnusablePicture):
        edit(b"", "x", seed="1")
    with pytest.raises(UnusablePicture):
        reframe(SOURCE[:200], "1:1", seed="1")
    with pytest.raises(UnusablePicture):
        edit(SOURCE, "x", seed="1", mask=b"no")
    for ratio in ("7:3", "wide"):
        with pytest.raises(ValueError, match="aspect ratio"):
            reframe(SOURCE, ratio, seed="1")
        with pytest.raises(ValueError, match="aspect ratio"):
            edit(SOURCE, "x", seed="1", aspect_ratio=ratio)


def test_transparent_sources_are_laid_on_white() -> None:
    after = decoded(reframe(encoded(flat(64, 64, 0, 0, 0, 0)), "1:1", seed="1").data)
    assert (after[500:520, 500:520] == 255).all()
