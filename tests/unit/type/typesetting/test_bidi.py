"""The bidirectional algorithm agrees with another implementation of it, and with the Standard's own examples."""

from __future__ import annotations

import unicodedata

import pytest
from bidi import get_display  # type: ignore[import-untyped]
from hypothesis import example, given, settings
from hypothesis import strategies as st

from darkroom_type.typesetting.bidi import first_strong, levels, runs_both_ways, visual_order

FORMATTING = {"LRE", "RLE", "LRO", "RLO", "PDF", "BN"}
LETTERS = "ab \u05d0\u05d1\u0628\u062a12\u0663\u0664,.-+$%()[]!\u0301\u05b0"
CONTROLS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def shown(text: str, base: int) -> str:
    """The text as it is read from left to right, without what only steers it."""
    return _visible("".join(text[at] for at in visual_order(levels(text, base))))


def _visible(text: str) -> str:
    return "".join(each for each in text if unicodedata.bidirectional(each) not in FORMATTING)


@given(
    text=st.text(st.sampled_from(LETTERS + CONTROLS), min_size=1, max_size=24), base=st.sampled_from([0, 1])
)
@example(text="a(\u05d0)b [\u05d1", base=1)
@example(text="\u2067a\u2066\u05d0\u2069b\u2069 1,2", base=0)
@settings(max_examples=400, deadline=None, database=None)
def test_the_order_is_the_one_others_find(text: str, base: int) -> None:
    # A letter at the end: of spaces there rule L1 makes something else, and lines are cut before them.
    text += "a"
    assert shown(text, base) == _visible(get_display(text, base_dir="R" if base else "L"))


@pytest.mark.parametrize(
    ("text", "base", "read"),
    [
        ("car is \u05d0\u05d1\u05d2 now", 0, "car is \u05d2\u05d1\u05d0 now"),
        ("\u05d0\u05d1 12 \u05d2", 1, "\u05d2 12 \u05d1\u05d0"),
        ("\u05d0 1,234.5%", 1, "1,234.5% \u05d0"),
        ("\u0628 1-2", 1, "2-1 \u0628"),
        ("a \u202ebc\u202c d", 0, "a cb d"),
    ],
)
def test_words_and_numbers_stand_where_readers_expect_them(text: str, base: int, read: str) -> None:
    assert shown(text, base) == read


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("abc", 0),
        ("12 \u05d0b", 1),
        ("\u2067\u05d0\u2069 abc", 0),
        ("12 !?", None),
        ("", None),
        ("\u2069\u05d0", 1),
    ],
)
def test_the_first_letter_with_a_direction_decides(text: str, level: int | None) -> None:
    assert first_strong(text) == level


def test_text_that_runs_one_way_needs_no_algorithm() -> None:
    assert not runs_both_ways("Latin Кириллица ελληνικά 漢字 123 (é)")
    assert set(levels("Latin 漢字 (1)", 0)) == {0}


def test_depth_is_bounded() -> None:
    assert max(levels("\u2067\u2066" * 500 + "a", 0)) <= 126
