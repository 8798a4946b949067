"""A text's background stays in the element's box, and where the template has it whatever language fills it."""

# ruff: noqa: RUF001 - scripts other than Latin are what this is about

from __future__ import annotations

import io
from itertools import product
from typing import Any

import numpy as np
import pytest
from PIL import Image

from darkroom_renderer.text import rows_of, set_text, text_extent
from tests.harness.goldens import assert_looks_like
from tests.unit.renderer.text_drawing import FONTS, drawn, ink, laid_out, lines, words

PILL = {"color": "#fde047", "padding": 10, "radius": 40}
TEXTS = {
    "latin": "New arrivals",
    "hebrew": "שלום עולם",
    "lines": "One line\nand another, longer one",
    "long": "Ship your launch cards in milliseconds, not minutes, and never touch a design tool again",
    "long-arabic": "نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر ومغلف بجلد أزرق",
    "word": "Donaudampfschifffahrtsgesellschaftskapitänsmütze",
}


def edges(text: str, **fields: Any) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the background, from the box's own left and top."""
    picture = np.asarray(Image.open(io.BytesIO(drawn(text, words(background=PILL, **fields)))).convert("RGB"))
    shown = picture[:, :, 0].astype(int) - picture[:, :, 2] > 30  # of its yellow, not of letters
    rows, columns = np.flatnonzero(shown.any(axis=1)), np.flatnonzero(shown.any(axis=0))
    left, top, right, bottom = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    return int(left) - 20, int(top) - 20, int(right) - 20, int(bottom) - 20


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    ("align", "vertical"), [*product(["start", "end", "center", "justify"], ["top", "bottom"])]
)
@pytest.mark.parametrize("more", [{}, {"wrap": False}, {"minFontSize": 8}, {"maxLines": 1}], ids=str)
def test_a_background_stays_in_its_box(text: str, align: str, vertical: str, more: dict[str, Any]) -> None:
    fields = {"align": align, "verticalAlign": vertical, "fontSize": 28, **more}
    left, top, right, bottom = edges(TEXTS[text], **fields)
    assert (left, top) >= (0, 0)
    assert right <= 440
    assert bottom <= 100


@pytest.mark.parametrize("align", ["start", "end", "justify"])
def test_a_background_stays_where_the_template_has_it_whatever_the_language(align: str) -> None:
    latin, hebrew = (edges(TEXTS[text], align=align, fontSize=28) for text in ("latin", "hebrew"))
    assert (latin[2] == 440) == (align == "end") == (hebrew[2] == 440)
    assert (latin[0] == 0) == (align != "end") == (hebrew[0] == 0)


def test_a_template_that_runs_from_the_right_has_its_background_there() -> None:
    assert edges(TEXTS["hebrew"], direction="rtl")[2] == 440
    assert edges(TEXTS["latin"], direction="rtl")[2] == 440


def test_lines_in_a_background_begin_where_their_language_does() -> None:
    first, second = rows_of(laid_out("שלום\nשלום עולם", background=PILL))
    assert first.left + first.width == pytest.approx(second.left + second.width)
    assert first.left > second.left == 30


def test_padding_gives_way_before_a_text_is_cut() -> None:
    text = "Exactly as wide as its box"
    wide = laid_out(text, width=2000).lines[0].width * 32
    box = {"width": wide + 4, "height": 42, "maxLines": 1}
    assert lines(text, background=PILL, **box) == [text]
    shown = ink(drawn(text, words(background=PILL, **box)))
    assert not shown[:20].any()
    assert not shown[:, :20].any()
    assert not shown[:, round(wide + 24) + 1 :].any()


def test_a_text_that_may_shrink_keeps_its_padding() -> None:
    setting = laid_out("Exactly as wide as its box", background=PILL, width=200, minFontSize=8, wrap=False)
    (row,) = rows_of(setting)
    assert row.left == 30
    assert row.width <= 180


def test_a_background_that_stays_in_its_box_changes_nothing() -> None:
    fields = {"align": "center", "verticalAlign": "middle"}
    with_it, without = (laid_out("New", **fields, **more) for more in ({"background": PILL}, {}))
    assert rows_of(with_it) == rows_of(without)


def test_what_a_text_takes_of_a_stack_has_its_background_in_it() -> None:
    plain, padded = (
        text_extent(words(**more), "New", 400, 100, FONTS) for more in ({}, {"background": PILL})
    )
    assert padded == pytest.approx((plain[0] + 20, plain[1] + 20))
    element = words(background=PILL, width=padded[0], height=padded[1])
    assert rows_of(set_text(element, "New", FONTS))[0].left == 30


@pytest.mark.parametrize("text", ["latin", "hebrew", "long-arabic"])
def test_a_background_looks_as_it_should(text: str) -> None:
    assert_looks_like(drawn(TEXTS[text], words(background=PILL, fontSize=28)), f"text-background-{text}")
