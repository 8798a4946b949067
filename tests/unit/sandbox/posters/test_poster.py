"""Posters say the prompt, in any script, inside the sheet, and show the brand and the pictures they are given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from darkroom_sandbox.brief import Brief, Reference
from darkroom_sandbox.painter import paint
from darkroom_sandbox.posters.designs import DESIGNS
from darkroom_sandbox.typography import Block
from tests.unit.graphics.pictures import checker, encoded, flat
from tests.unit.sandbox.pictures import decoded, difference, loud
from tests.unit.sandbox.scripts import UNSEEN, WRITTEN

PIZZA = Brief("pizza", "1", size=(320, 320))
type Boxes = list[tuple[float, float, float, float, Block]]


@pytest.fixture
def set_words(monkeypatch: pytest.MonkeyPatch) -> Boxes:
    """The boxes of the blocks that were drawn: left, top, right and bottom."""
    boxes: Boxes = []
    draw = Block.draw

    def spy(block: Block, canvas: Any, x: float, y: float, width: float, align: str, *paints: Any) -> None:
        boxes.append((x, y, x + width, y + block.height, block))
        draw(block, canvas, x, y, width, align, *paints)

    monkeypatch.setattr(Block, "draw", spy)
    return boxes


@pytest.mark.parametrize("size", [(320, 320), (480, 270), (270, 480), (600, 200), (200, 600)], ids=str)
@pytest.mark.parametrize("script", WRITTEN)
def test_words_of_any_script_stand_inside_the_sheet(
    script: str, size: tuple[int, int], set_words: Boxes
) -> None:
    for seed in range(4):
        paint(Brief(WRITTEN[script], str(seed), size=size, title=WRITTEN[script], brand="Acme"))
    assert len(set_words) >= 4
    for left, top, right, bottom, block in set_words:
        assert 0 < left < right < size[0]
        assert 0 < top < bottom < size[1]
        assert block.width <= right - left + 1


@pytest.mark.parametrize("text", UNSEEN)
def test_a_prompt_without_words_is_abstract(text: str, set_words: Boxes) -> None:
    assert decoded(paint(Brief(text, "1", size=(160, 160))).data).std() > 8
    assert not set_words


def test_equal_briefs_give_equal_posters_and_seeds_vary_them() -> None:
    assert paint(PIZZA).data == paint(PIZZA).data
    variants = [decoded(paint(replace(PIZZA, seed=f"job:{index}")).data) for index in range(6)]
    apart = [difference(a, b) for i, a in enumerate(variants) for b in variants[:i]]
    assert min(apart) > 2
    assert len({tuple(variant[4, 4]) for variant in variants}) > 1


def test_the_slides_of_a_set_are_of_one_design() -> None:
    for look in ("a", "b", "c"):
        slides = [
            decoded(paint(replace(PIZZA, seed=f"job:{index}", look=look, headline=words)).data)
            for index, words in enumerate(("Fresh", "Hot", "Now"))
        ]
        papers = [np.unique(slide.reshape(-1, 3) // 16, axis=0, return_counts=True) for slide in slides]
        assert len({tuple(colours[counts.argmax()]) for colours, counts in papers}) == 1


def test_there_are_several_designs() -> None:
    assert len({design.shapes for design in DESIGNS}) >= 8
    assert sum(design.is_calm for design in DESIGNS) >= 3


def test_a_brand_lends_its_colours_and_its_name(set_words: Boxes) -> None:
    for seed in range(8):
        brief = replace(PIZZA, seed=str(seed), palette=("#0A5C36", "#F2C14E"), brand="Luigi")
        pixels = decoded(paint(brief).data).reshape(-1, 3).astype(int)
        brand = [np.abs(pixels - colour).sum(axis=1) < 90 for colour in ((10, 92, 54), (242, 193, 78))]
        assert (brand[0] | brand[1]).mean() > 0.03
    names = [box for box in set_words if box[4].size < 320 * 0.032]
    assert len(names) >= 8


@pytest.mark.parametrize("kind", ["product", "ref", "character"])
def test_a_picture_is_the_posters_hero(kind: str) -> None:
    shown = paint(replace(PIZZA, references=(Reference(kind, encoded(checker(200, 200, 50))),)))
    assert loud(decoded(shown.data)) > 320 * 320 * 0.1


def test_words_do_not_stand_on_pictures(set_words: Boxes) -> None:
    board = Reference("product", encoded(checker(200, 200, 50)))
    for seed in range(4):
        paint(replace(PIZZA, seed=str(seed), references=(board, board), size=(480, 270)))
    assert all(right <= 480 * 0.6 for _, _, right, _, _ in set_words)


def test_a_logo_keeps_its_proportions() -> None:
    logo = Reference("logo", encoded(flat(300, 100, 255, 0, 255)))
    pixels = decoded(paint(replace(PIZZA, references=(logo,), size=(640, 640), palette=("#ffffff",))).data)
    shown = (pixels.astype(int) - (255, 0, 255)).__abs__().sum(axis=2) < 30
    rows, columns = np.flatnonzero(shown.any(axis=1)), np.flatnonzero(shown.any(axis=0))
    assert (columns[-1] - columns[0]) / (rows[-1] - rows[0]) == pytest.approx(3, abs=0.1)
    assert columns[0] > 320
    assert rows[-1] < 320


def test_a_pale_logo_stands_on_a_dark_plate() -> None:
    pale = np.zeros((100, 200, 4), np.uint8)
    pale[20:80, 20:180] = 255
    for scene in ("mountains", "pizza"):
        pixels = decoded(
            paint(replace(PIZZA, prompt=scene, references=(Reference("logo", encoded(pale)),))).data
        )
        corner = pixels[5:80, 200:315].mean(axis=2)
        assert (corner > 240).any()
        assert (corner < 80).mean() > 0.1
