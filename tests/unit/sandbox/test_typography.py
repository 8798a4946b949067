"""Words are set in any script, inside their box, at the largest size, in lines of even length."""

from __future__ import annotations

import numpy as np
import pytest

from darkroom_graphics.skia_api import skia
from darkroom_sandbox.brush import fill
from darkroom_sandbox.colours import BLACK
from darkroom_sandbox.typography import Block, Fit, Manner, can_be_set, fitted
from tests.unit.sandbox.scripts import UNSEEN, WRITTEN

MANNERS = (
    Manner("Inter", 800, spacing=-0.02),
    Manner("Anton", 800, capitals=True),
    Manner("Playfair Display", 700),
)
BOX = Fit(400, 300, largest=160, smallest=9)


def ink(block: Block, align: str = "start") -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what a block shows, drawn at 100, 100."""
    surface = skia.Surface(600, 500)
    surface.getCanvas().clear(skia.ColorWHITE)
    block.draw(surface.getCanvas(), 100, 100, BOX.width, align, fill(BLACK))
    drawn = surface.makeImageSnapshot().toarray()[:, :, :3].min(axis=2) < 200
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])


@pytest.mark.parametrize("manner", MANNERS, ids=lambda manner: manner.family)
@pytest.mark.parametrize("script", WRITTEN)
def test_every_script_stays_in_its_box(script: str, manner: Manner) -> None:
    block = fitted(WRITTEN[script], manner, BOX)
    assert block is not None
    assert block.height <= BOX.height + 1
    assert block.width <= BOX.width + 1
    left, top, right, bottom = ink(block)
    slack = block.size * 0.22  # accents on capitals and the deepest letters reach a little out of their line
    assert 100 - slack <= left < right <= 500 + slack
    assert 100 - slack <= top < bottom <= 400 + slack


@pytest.mark.parametrize("text", UNSEEN)
def test_what_cannot_be_seen_is_not_set(text: str) -> None:
    assert fitted(text, MANNERS[0], BOX) is None
    assert not can_be_set(text)


def test_a_short_text_is_larger_than_a_long_one_and_all_of_both_is_there() -> None:
    short, long = (fitted(text, MANNERS[0], BOX) for text in ("pizza", WRITTEN["latin"]))
    assert short is not None
    assert long is not None
    assert short.size > long.size
    assert short.complete
    assert long.complete


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    block = fitted(WRITTEN["very long"], MANNERS[0], Fit(200, 40, largest=20, smallest=12))
    assert block is not None
    assert not block.complete
    assert block.lines[-1].cut


def test_lines_are_of_even_length() -> None:
    block = fitted("one two three four five six seven", MANNERS[0], Fit(400, 300, largest=40, smallest=40))
    assert block is not None
    assert len(block.lines) == 2
    first, second = (line.width for line in block.lines)
    assert 0.6 < second / first < 1.7


@pytest.mark.parametrize(
    "text", ["a robot barista pouring latte art", WRITTEN["japanese"], WRITTEN["arabic"], WRITTEN["latin"]]
)
@pytest.mark.parametrize("width", [150, 200, 260, 320])
def test_no_last_line_is_left_with_one_short_word(text: str, width: float) -> None:
    block = fitted(text, MANNERS[0], Fit(width, 400, largest=34, smallest=34))
    assert block is not None
    widths = [line.width * block.size for line in block.lines]
    assert max(widths) <= width + 1
    assert widths[-1] > max(widths) * 0.3
    assert "".join(line.paragraph.text[line.start : line.end] for line in block.lines).replace(
        " ", ""
    ) == text.replace(" ", "")


def test_a_long_word_is_broken_only_below_the_size_that_is_asked_for() -> None:
    whole, broken = (
        fitted(WRITTEN["one long word"], MANNERS[0], Fit(300, 300, largest=90, smallest=8, breaking=size))
        for size in (0, 40)
    )
    assert whole is not None
    assert broken is not None
    assert len(whole.lines) == 1
    assert len(broken.lines) > 1
    assert broken.size > whole.size * 2
    assert broken.complete


def test_right_to_left_text_begins_at_the_right() -> None:
    arabic = fitted("قطة", MANNERS[0], Fit(400, 300, largest=40, smallest=40))
    latin = fitted("cat", MANNERS[0], Fit(400, 300, largest=40, smallest=40))
    assert arabic is not None
    assert latin is not None
    assert ink(arabic)[2] > 490
    assert ink(latin)[0] < 110
    assert ink(arabic, "end")[0] < 110
