"""Runs: words of several looks in one text, set as one text is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from darkroom.domain.templates.elements import MAX_RUNS, TextRun
from darkroom_renderer.looks import Words
from darkroom_renderer.text import rows_of, set_text, text_extent
from tests.harness.goldens import assert_looks_like
from tests.unit.renderer.text_drawing import FONTS, drawn, ink, words

GOLD = {
    "type": "linear",
    "angle": 90,
    "stops": [{"offset": 0, "color": "#f59e0b"}, {"offset": 1, "color": "#be185d"}],
}
SEA = {
    "type": "linear",
    "angle": 180,
    "stops": [{"offset": 0, "color": "#0ea5e9"}, {"offset": 1, "color": "#1e1b4b"}],
}
OUTLINE = {"color": "#1e1b4b", "width": 3}
SHADOW = {"color": "#0008", "x": 5, "y": 6, "blur": 6}
BIG = {"fontWeight": 900, "fontSize": 64, "color": "#be185d"}


def runs(*parts: tuple[str, dict[str, Any]] | str) -> tuple[TextRun, ...]:
    pairs = [(part, {}) if isinstance(part, str) else part for part in parts]
    return tuple(TextRun.model_validate({"text": text, **fields}) for text, fields in pairs)


LAUNCH = runs(
    "Ship your ",
    ("launch cards", {"fontWeight": 800, "color": "#1d4ed8"}),
    " in ",
    ("milliseconds", {"fontFamily": "Playfair Display", "fontStyle": "italic", "fontWeight": 700}),
    ", not ",
    ("minutes", {"textDecoration": "line-through", "color": "#6b7280"}),
    ", and never touch a design tool again",
)
PRICE = runs("From ", ("$49", BIG), " a month,\n", ("cancel any time", {"fontSize": 20, "color": "#6b7280"}))
ARABIC = runs(
    "مرحبا ",
    ("بالعالم", {"color": "#be185d", "fontWeight": 800}),
    " من ",
    ("Darkroom", {"fontFamily": "Anton"}),
    " اليوم",
)
JOINED = runs("الع", ("الم", {"color": "#be185d"}), " العربي")

LOOKS: dict[str, tuple[Words, dict[str, Any]]] = {
    "mixed": (LAUNCH, {"fontSize": 26}),
    "sizes": (PRICE, {"fontSize": 28, "height": 140}),
    "sizes-middle": (PRICE, {"fontSize": 28, "height": 140, "verticalAlign": "middle", "align": "center"}),
    "shrunk": (LAUNCH, {"fontSize": 72, "minFontSize": 10}),
    "sizes-shrunk": (PRICE, {"fontSize": 48, "minFontSize": 10, "height": 70}),
    "ellipsis": (LAUNCH, {"fontSize": 26, "maxLines": 2, "width": 300}),
    "ellipsis-in-a-run": (
        runs("Save ", ("half the price of everything", BIG | {"fontSize": 32})),
        {"maxLines": 1},
    ),
    "justified": (LAUNCH, {"fontSize": 26, "align": "justify"}),
    "right": (LAUNCH, {"fontSize": 26, "align": "right"}),
    "arabic": (ARABIC, {"fontSize": 34}),
    "arabic-joined": (JOINED, {"fontSize": 64}),
    "arabic-ellipsis": (ARABIC + ARABIC, {"fontSize": 34, "maxLines": 1}),
    "pill": (
        PRICE,
        {"fontSize": 28, "height": 140, "background": {"color": "#fde047", "padding": 10, "radius": 18}},
    ),
    "spacing": (
        runs(
            "Wide ",
            ("AND WIDER", {"letterSpacing": 12}),
            " and tight",
        ),
        {"letterSpacing": 1},
    ),
    "capitalized": (
        runs("mc", ("donald", {"color": "#be185d"}), " and ", ("sons", BIG)),
        {"textTransform": "capitalize"},
    ),
    "underlined": (
        runs(
            "Read the ",
            ("terms, and Ελληνικά", {"textDecoration": "underline", "color": "#1d4ed8"}),
            " first",
        ),
        {},
    ),
    "underlined-all": ("Underlined, 日本語 and more", {"textDecoration": "underline", "fontSize": 30}),
    "emoji": (
        runs("Sale ", ("🎉 now 🔥", {"fontSize": 56, "color": "#be185d"}), " only"),
        {"shadow": SHADOW},
    ),
    "gradient": ("Gradient words", {"fontSize": 60, "fontWeight": 800, "color": GOLD}),
    "gradient-lines": (
        "Two lines of\ngradient",
        {"fontSize": 48, "fontWeight": 800, "color": SEA, "align": "center", "height": 130},
    ),
    "gradient-run": (runs("The ", ("golden", {"color": GOLD}), " one"), {"fontSize": 56, "fontWeight": 900}),
    "outline": ("Outlined", {"fontSize": 84, "fontWeight": 900, "color": "#facc15", "outline": OUTLINE}),
    "outline-hollow": (
        "Hollow",
        {"fontSize": 84, "fontWeight": 900, "color": "transparent", "outline": OUTLINE},
    ),
    "outline-shadow": (
        "Outlined",
        {
            "fontSize": 80,
            "fontWeight": 900,
            "color": GOLD,
            "outline": OUTLINE | {"color": "#fff"},
            "shadow": SHADOW,
        },
    ),
    "outline-shrunk": (
        "Outlined and shrunk",
        {
            "fontSize": 120,
            "minFontSize": 10,
            "wrap": False,
            "fontWeight": 900,
            "color": "#fff",
            "outline": OUTLINE,
        },
    ),
}


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_is_as_it_should(look: str) -> None:
    said, fields = LOOKS[look]
    assert_looks_like(drawn(said, words(**fields)), f"runs-{look}")


def lines(said: Words, **fields: Any) -> list[str]:
    setting = set_text(words(**fields), said, FONTS)
    return [line.paragraph.text[line.start : line.end] + "…" * line.cut for line in setting.lines]


def one_by_one(text: str) -> tuple[TextRun, ...]:
    return runs(*((each, {"color": f"#{at:06x}"}) for at, each in enumerate(text)))


def test_one_run_in_the_elements_own_look_is_the_text() -> None:
    for fields in ({}, {"minFontSize": 8, "fontSize": 90}, {"maxLines": 1, "width": 90}):
        text = "Ship your launch, Привет שלום"
        assert drawn(runs(text), words(**fields)) == drawn(text, words(**fields))
        assert drawn(runs(text[:9], text[9:]), words(**fields)) == drawn(text, words(**fields))


def test_lines_break_between_words_whatever_run_they_are_in() -> None:
    broken = lines(runs("Don", ("audampf", {"color": "#f00"}), "schiff fahrt"), width=300, height=1000)
    assert broken == ["Donaudampfschiff", "fahrt"]


def test_letters_join_across_runs() -> None:
    """Arabic letters keep the forms they have within a word that changes its colour."""
    shaped = set_text(words(), JOINED, FONTS).shaped
    plain = set_text(words(), "العالم العربي", FONTS).shaped
    assert shaped.paragraphs[0].edges[-1] == pytest.approx(plain.paragraphs[0].edges[-1], abs=0.02)


def test_a_line_is_as_high_as_its_largest_run() -> None:
    said = runs("small ", ("large", {"fontSize": 80}), "\nsmall")
    first, second = rows_of(set_text(words(height=300), said, FONTS))
    assert first.height == pytest.approx(80 * 1.2)
    assert second.height == pytest.approx(32 * 1.2)
    assert second.baseline - second.above == pytest.approx(first.baseline - first.above + first.height)


def test_lines_that_the_box_is_not_high_enough_for_are_not_drawn() -> None:
    said = runs("one\n", ("two\n", {"fontSize": 80}), "three\nfour")
    assert lines(said, height=500) == ["one", "two", "three", "four"]
    assert lines(said, height=140) == ["one", "two…"]
    assert lines(said, height=60) == ["one…"]


def test_shrinking_keeps_the_sizes_in_proportion() -> None:
    said, fields = runs("From ", ("$49", {"fontSize": 120}), " a month"), {"fontSize": 60, "minFontSize": 10}
    setting = set_text(words(**fields), said, FONTS)
    assert 10 < setting.size < 60
    assert rows_of(setting)[0].height <= 100 * 1.25
    assert not setting.lines[-1].cut


def test_the_dots_of_a_cut_line_fit_in_the_look_they_are_cut_in() -> None:
    for at in range(20, 200, 7):
        said = runs("aaa ", ("bbb ", {"fontSize": 90}), "ccc ", ("ddd", {"fontWeight": 900, "fontSize": 60}))
        element = words(width=at, wrap=False, height=500)
        rows = rows_of(set_text(element, said, FONTS))
        assert rows[0].width <= at + 0.01 or not rows[0].line.cut


def test_an_outline_does_not_change_where_letters_stand() -> None:
    plain = drawn("Same", words(color="#000"))
    lined = drawn("Same", words(color="#000", outline={"color": "#ff0000", "width": 4}))
    assert np.all(ink(lined)[ink(plain)])


def test_what_is_clear_with_an_outline_is_hollow() -> None:
    said = words(fontSize=100, fontWeight=900, color="transparent", outline={"color": "#000", "width": 2})
    filled = words(fontSize=100, fontWeight=900, color="#000")
    inner = ink(drawn("I", filled)) & ~ink(drawn("I", said))
    assert inner.sum() > 400


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"minFontSize": 2, "fontSize": 200},
        {"outline": {"color": "#000", "width": 5}, "shadow": {"color": "#0008", "blur": 20}},
        {"background": {"color": "#fff"}, "align": "justify", "maxLines": 3},
    ],
)
def test_runs_of_one_character_each_are_set_within_bounds(fields: dict[str, Any]) -> None:
    text = ("The quick brown fox, быстрая лиса, 敏捷的狐狸, ثعلب سريع 👩🏽‍🚀 " * 20)[:MAX_RUNS]
    kinds = [
        {"fontWeight": 100 + at % 800, "fontSize": 1 + at * 2 % 900, "fontStyle": "italic" if at % 3 else "normal",
         "color": f"#{at:06x}", "letterSpacing": at % 90, "textDecoration": "underline"}
        for at in range(len(text))
    ]  # fmt: skip
    said = runs(*zip(text, kinds, strict=True))
    assert drawn(said, words(height=900, **fields)).startswith(b"\x89PNG")
    assert drawn(one_by_one(text), words(height=900, **fields)).startswith(b"\x89PNG")
    assert len(lines(said, height=900, **fields)) <= len(text)


def test_what_words_take_of_a_stack_is_as_high_as_its_lines() -> None:
    said = runs("small ", ("large", {"fontSize": 80}), "\nsmall")
    _, height = text_extent(words(), said, 440, 500, FONTS)
    assert height == pytest.approx((80 + 32) * 1.2)
