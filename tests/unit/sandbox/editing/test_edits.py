"""Edits and reframes: visibly made from their source, and only where they may be."""

import numpy as np
import pytest

from darkroom_graphics.unusable_picture import UnusablePicture
from darkroom_sandbox.brief import Brief, Reference
from darkroom_sandbox.editing.edits import edit
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


@pytest.mark.parametrize("instruction", ["make it night", "sunset mood", "", "in a snowy forest"])
def test_an_edit_changes_the_source_and_still_shows_it(instruction: str) -> None:
    painting = edit(SOURCE, instruction, seed="1")
    after = decoded(painting.data)
    assert after.shape == PIXELS.shape
    assert difference(after, PIXELS) > 6
    middle = slice(60, 180)
    assert _likeness(after[middle, middle], PIXELS[middle, middle]) > 0.6


@pytest.mark.parametrize("kind", ["GIF", "BMP", "WEBP"])
def test_a_source_may_be_of_a_rare_kind(kind: str) -> None:
    after = decoded(edit(encoded(PIXELS, kind), "make it night", seed="1").data)
    assert after.shape == PIXELS.shape
    assert difference(after, PIXELS) > 6


@pytest.mark.parametrize(
    "instruction",
    ["add a hat to the man", "remove the lighthouse", "🙂", "добавь шляпу", "قبعة", "帽子", "?!"],
)
def test_what_is_not_understood_stands_on_the_picture(instruction: str) -> None:
    after = decoded(edit(SOURCE, instruction, seed="1").data)
    changed = np.abs(after.astype(int) - PIXELS).sum(axis=2) > 0
    assert not changed[:160].any()
    assert changed.sum() > 250
    panel = after[changed]
    assert (panel.max(axis=1) < 70).mean() > 0.3
    assert (panel.max(axis=1) > 180).mean() > 0.01
    other = decoded(edit(SOURCE, f"{instruction} {instruction}", seed="1").data)
    assert difference(after, other) > 0.1


def test_part_of_an_instruction_is_done_and_all_of_it_shown_if_another_part_is_unknown() -> None:
    done, shown = (
        decoded(edit(SOURCE, f"black and white{more}", seed="1").data) for more in ("", ", add a dragon")
    )
    assert (done[:, :, 0] == done[:, :, 2]).all()
    assert (shown[:150] == done[:150]).all()
    assert difference(shown[170:], done[170:]) > 3


@pytest.mark.parametrize(
    "instruction",
    ["black and white", "blur", "flip horizontally", "less contrast", "rotate 90 degrees", "more vivid"],
)
def test_the_same_picture_never_comes_back(instruction: str) -> None:
    grey = encoded(flat(240, 240, 128, 128, 128))
    after = decoded(edit(grey, instruction, seed="1").data)
    assert np.abs(after.astype(int) - 128).max() > 60


def test_words_in_a_script_without_a_font_change_the_picture_too() -> None:
    thai = "\u0e40\u0e1e\u0e34\u0e48\u0e21\u0e2b\u0e21\u0e27\u0e01"
    assert difference(decoded(edit(SOURCE, thai, seed="1").data), PIXELS) > 2


def test_a_quarter_turn_swaps_the_sides_unless_a_shape_is_asked_for() -> None:
    wide = paint(Brief("a lake", "1", size=(320, 160))).data
    turned = edit(wide, "rotate 90 degrees", seed="1")
    assert (turned.width, turned.height) == (160, 320)
    assert difference(decoded(turned.data), np.rot90(decoded(wide), -1)) < 4
    assert edit(wide, "rotate 90 degrees", seed="1", size=(320, 160)).width == 320


def test_a_border_has_the_colour_that_is_named_and_the_rest_keeps_its_own() -> None:
    after = decoded(edit(SOURCE, "add a red border", seed="1").data)
    assert (after[:4, :, 0] > 190).all()
    assert (after[:4, :, 1:] < 90).all()
    assert difference(after[40:200, 40:200], PIXELS[40:200, 40:200]) < 1


def test_words_in_quotes_are_lettered() -> None:
    after = decoded(edit(SOURCE, 'add the text "Grand Opening"', seed="1").data)
    assert not (np.abs(after.astype(int) - PIXELS).sum(axis=2) > 0)[:130].any()
    assert difference(after, decoded(edit(SOURCE, 'add the text "Closed"', seed="1").data)) > 1


@pytest.mark.parametrize("instruction", ["add a hat", "帽子"])
def test_under_a_mask_the_instruction_stands_inside_it(instruction: str) -> None:
    y, x = np.mgrid[:240, :240]
    inside = (y - 120) ** 2 + (x - 100) ** 2 < 80**2
    mask = np.dstack([np.where(inside, 255, 0).astype(np.uint8)] * 3)
    after = decoded(edit(SOURCE, instruction, seed="1", mask=encoded(mask)).data)
    assert (after[~inside] == PIXELS[~inside]).all()
    assert (np.abs(after.astype(int) - PIXELS).sum(axis=2) > 0)[inside].mean() > 0.4


def test_a_mask_that_marks_nothing_changes_nothing() -> None:
    mask = encoded(np.zeros((240, 240, 3), np.uint8))
    assert (decoded(edit(SOURCE, "add a hat", seed="1", mask=mask).data) == PIXELS).all()


@pytest.mark.parametrize("kind", ["ref", "character", "product", "logo"])
def test_pictures_that_come_along_leave_the_middle_of_the_source_free(kind: str) -> None:
    board = Reference(kind, encoded(checker(200, 200, 50)))
    plain, shown = (
        decoded(edit(SOURCE, "darker", seed="1", references=refs).data) for refs in ((), (board,))
    )
    assert (plain[60:150, 80:140] == shown[60:150, 80:140]).all()
    assert loud(shown) > 300


@pytest.mark.parametrize("kind", ["ref", "character"])
def test_an_instruction_does_not_stand_on_pictures_that_come_along(kind: str) -> None:
    board = Reference(kind, encoded(checker(200, 200, 50)))
    done, noted = (
        decoded(edit(SOURCE, words, seed="1", references=(board,)).data)
        for words in ("darker", "darker, add a hat")
    )
    assert loud(noted) > loud(done) * 0.95
    assert difference(done[:100], noted[:100]) > 1


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
