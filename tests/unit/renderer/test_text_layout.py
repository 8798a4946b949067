"""Lines, sizes and places of text: what holds whatever the words are."""

# ruff: noqa: RUF001 - scripts other than Latin are what this is about

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkroom_renderer.text import rows_of
from tests.unit.renderer.test_text_looks import SCRIPTS
from tests.unit.renderer.text_drawing import drawn, ink, laid_out, lines, words

PANGRAM = "the quick brown fox jumps over the lazy dog"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"


def widest(text: str, **fields: object) -> float:
    """The widest line, in px."""
    return max(row.width for row in rows_of(laid_out(text, **fields)))


def test_lines_break_between_words_and_nothing_is_lost() -> None:
    broken = lines(PANGRAM, width=200, height=1000)
    assert len(broken) > 2
    assert " ".join(broken) == PANGRAM
    assert widest(PANGRAM, width=200, height=1000) <= 200


def test_chinese_breaks_between_characters_but_not_before_a_full_stop() -> None:
    broken = lines("图书馆在周一至周五开放。" * 4, width=190, height=1000)
    assert len(broken) > 4
    assert not [line for line in broken if line.startswith(("。", "，"))]


@pytest.mark.parametrize(
    "words_",
    [
        "ภาษา ไทย เป็น ภาษา ที่ มี ระดับ เสียง ของ คำ แน่นอน",
        "ພາສາ ລາວ ເປັນ ພາສາ ທາງການ ຂອງ",
        "ភាសាខ្មែរ គឺជា ភាសា កំណើត របស់ ជនជាតិ ខ្មែរ",
        "မြန်မာဘာသာ စကား သည် လူ တိုင်း",
    ],
    ids=["thai", "lao", "khmer", "burmese"],
)
def test_scripts_without_spaces_break_between_words(words_: str) -> None:
    """As a dictionary says: the words are given apart here and set as one."""
    expected = words_.split(" ")
    longest = max(widest(word, width=2000) for word in expected)
    broken = lines("".join(expected), width=longest + 1, height=2000)
    assert "".join(broken) == "".join(expected)
    ends, at = set(), 0
    for word in expected:
        at += len(word)
        ends.add(at)
    at = 0
    for line in broken:
        at += len(line)
        assert at in ends, broken


def test_tibetan_breaks_after_the_dot_between_syllables() -> None:
    broken = lines("འགྲོ་བ་མིའི་རིགས་རྒྱུད་ཡོངས་ལ་སྐྱེས་ཙམ་ཉིད་ནས་ཆེ་མཐོངས", width=150, height=1000)
    assert len(broken) > 2
    assert {line[-1] for line in broken[:-1]} == {"་"}


def test_ethiopic_breaks_after_its_word_space() -> None:
    broken = lines("የሰው፡ልጅ፡ሁሉ፡ሲወለድ፡ነጻና፡በክብርና፡በመብትም", width=150, height=1000)
    assert len(broken) > 2
    assert {line[-1] for line in broken[:-1]} == {"፡"}


@pytest.mark.parametrize("script", [script for script in SCRIPTS if script not in {"emoji", "symbols"}])
def test_no_line_ends_within_a_syllable(script: str) -> None:
    """What is shaped together is on one line: otherwise its letters would stand on the line before them."""
    for paragraph in laid_out(SCRIPTS[script]).shaped.paragraphs:
        begun = {cluster for run in paragraph.runs for cluster in run.clusters.tolist()} | {
            len(paragraph.text)
        }
        assert set(paragraph.stops) <= begun


def test_a_word_wider_than_the_box_is_broken_where_it_must_be() -> None:
    broken = lines("a" + "b" * 60, width=200, height=1000)
    assert "".join(broken) == "a" + "b" * 60
    assert widest("a" + "b" * 60, width=200, height=1000) <= 200


def test_an_emoji_family_is_never_broken() -> None:
    broken = lines(FAMILY * 20, width=120, height=1000)
    assert {re.fullmatch(f"({FAMILY})+", line) is not None for line in broken} == {True}


def test_newlines_break_always_and_empty_lines_stay() -> None:
    assert lines("one\r\ntwo\u2028\n\nfive", height=1000) == ["one", "two", "", "", "five"]


def test_a_text_ends_in_an_ellipsis_after_its_last_line() -> None:
    broken = lines(PANGRAM * 3, width=200, maxLines=2, height=1000)
    assert len(broken) == 2
    assert broken[1].endswith("…")
    assert not broken[1].endswith(" …")


@pytest.mark.parametrize("end", ["\n", "  ", "\n\n \n"])
def test_nothing_to_see_is_no_reason_for_an_ellipsis(end: str) -> None:
    assert lines("one" + end, maxLines=1) == ["one"]


def test_without_an_ellipsis_the_rest_is_left_out() -> None:
    broken = lines(PANGRAM * 3, width=200, maxLines=2, height=1000, ellipsis=False)
    assert (PANGRAM * 3).startswith(" ".join(broken))


def test_no_more_lines_than_the_box_is_high_enough_for() -> None:
    assert len(lines(PANGRAM * 9, width=200, height=32 * 1.2 * 3)) == 3
    assert len(lines(PANGRAM * 9, width=200, height=5)) == 1


@given(
    text=st.text(
        st.characters(codec="utf-8") | st.sampled_from("אבج مرحبا\u202e\u2067👍🏽दे字\u0301 "), max_size=60
    ),
    width=st.floats(40, 400),
    spacing=st.sampled_from([0, 6]),
)
@settings(deadline=None, database=None)
def test_one_line_with_an_ellipsis_fits_its_box(text: str, width: float, spacing: float) -> None:
    fields = {"width": width, "maxLines": 1, "letterSpacing": spacing, "align": "left"}
    element = words(**fields)
    rows = rows_of(laid_out(text, **fields))
    assert len(rows) == 1
    assert rows[0].width <= width + 0.01
    assert rows[0].left == pytest.approx(element.x)


@pytest.mark.parametrize("wrap", [True, False])
def test_shrinking_finds_the_largest_size_that_fits(wrap: bool) -> None:
    fields = {"fontSize": 90, "minFontSize": 6, "wrap": wrap, "height": 80}
    setting = laid_out(PANGRAM, **fields)
    assert 6 < setting.size < 90
    assert "".join(lines(PANGRAM, **fields)).replace(" ", "") == PANGRAM.replace(" ", "")
    larger = laid_out(PANGRAM, **fields | {"fontSize": setting.size + 0.5, "minFontSize": None})
    assert larger.lines[-1].cut


def test_text_that_fits_keeps_its_size() -> None:
    assert laid_out("short", fontSize=40, minFontSize=6).size == 40


def test_text_that_never_fits_ends_at_the_smallest_size() -> None:
    setting = laid_out(PANGRAM * 50, minFontSize=20)
    assert setting.size == 20
    assert setting.lines[-1].cut


def test_a_word_is_made_smaller_before_it_is_broken() -> None:
    assert lines("Donaudampfschifffahrt", fontSize=80, minFontSize=10) == ["Donaudampfschifffahrt"]


def test_letter_spacing_widens_between_letters_only() -> None:
    plain, spaced = (widest("word", letterSpacing=px) for px in (0, 10))
    assert spaced - plain == pytest.approx(3 * 10, abs=1.5)  # the kerning of pairs stays


def test_a_spaced_text_shrinks_with_its_spaces() -> None:
    small, large = (widest("word", letterSpacing=size / 4, fontSize=size) for size in (40, 80))
    assert large == pytest.approx(2 * small)


def test_huge_negative_spacing_never_runs_backwards() -> None:
    for paragraph in laid_out(PANGRAM, letterSpacing=-100).shaped.paragraphs:
        assert np.all(np.diff(paragraph.edges) >= 0)


def test_justified_lines_reach_both_edges_but_for_the_last() -> None:
    fields = {"align": "justify", "width": 300, "height": 1000}
    rows = rows_of(laid_out(PANGRAM * 2, **fields))
    assert {round(row.width, 3) for row in rows[:-1]} == {300.0}
    assert rows[-1].width < 300
    columns = np.flatnonzero(ink(drawn(PANGRAM * 2, words(**fields))).any(axis=0))
    assert columns[0] <= 24
    assert columns[-1] >= 20 + 300 - 4


@pytest.mark.parametrize(
    ("align", "rtl", "edge"), [("start", True, "right"), ("end", True, "left"), ("start", False, "left")]
)
def test_start_and_end_follow_the_text(align: str, rtl: bool, edge: str) -> None:
    text = "שלום" if rtl else "Peace"
    columns = np.flatnonzero(ink(drawn(text, words(align=align))).any(axis=0))
    assert (columns[0] < 100) == (edge == "left")


@pytest.mark.parametrize(("where", "low", "high"), [("top", 20, 60), ("middle", 50, 90), ("bottom", 80, 122)])
def test_vertical_alignment(where: str, low: int, high: int) -> None:
    rows = np.flatnonzero(ink(drawn("Middle", words(verticalAlign=where))).any(axis=1))
    assert low <= rows[0] <= rows[-1] <= high


HOSTILE = {
    "nothing": "",
    "spaces": "     ",
    "newlines": "\n\n\n",
    "controls": "\x00\x07\x1b\x7f\x85\ufffe\uffff",
    "only direction marks": "\u202e\u2067\u2066\u202a\u200f\u2069",
    "unclosed overrides": "\u202e" * 300 + "abc" + "\u2067" * 300,
    "half characters": "a\ud800b\udfff",
    "a word of 10,000": "w" * 10_000,
    "an arabic word of 10,000": "ب" * 10_000,
    "10,000 directions": "אa" * 5_000,
    "10,000 isolates": "\u2068" * 5_000 + "\u2069" * 5_000,
    "10,000 brackets": "א(" * 2_500 + "]a" * 2_500,
    "marks without a letter": "\u0301\u0489" * 50,
    "a letter under 500 marks": "a" + "\u0301\u0323" * 250,
    "joiners": "\u200d" * 500,
    "half a flag": "\U0001f1e6",
    "no such flag": "\U0001f1e6\U0001f1e6" * 20,
    "unassigned": "\u0378\U000e0fff\U0003fffd",
    "private": "\ue000\U000f0000",
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize(
    "box", [{}, {"width": 0.001, "height": 0.001}, {"letterSpacing": 500}, {"minFontSize": 1}]
)
def test_hostile_text_is_set_within_bounds(what: str, box: dict[str, float]) -> None:
    element = words(**box)
    png = drawn(HOSTILE[what], element)
    assert png.startswith(b"\x89PNG")
    assert len(laid_out(HOSTILE[what], **box).lines) <= 200


@pytest.mark.parametrize(
    "what", ["nothing", "spaces", "newlines", "controls", "only direction marks", "joiners"]
)
def test_what_has_no_shape_leaves_no_trace_not_even_a_background(what: str) -> None:
    element = words(background={"color": "#000000", "padding": 10}, shadow={"color": "#000000", "blur": 4})
    assert not ink(drawn(HOSTILE[what], element)).any()


def test_an_override_does_not_outlive_its_element() -> None:
    """Two elements drawn one after the other: the second is as if it were alone."""
    alone = drawn("plain text", words())
    drawn("\u202edlrow", words())
    assert drawn("plain text", words()) == alone


def test_a_text_is_shaped_once_for_all_its_sizes() -> None:
    fields = {"fontSize": 90, "minFontSize": 6}
    first, second = (laid_out("shaped once", **fields).shaped for _ in range(2))
    assert first is second


def test_the_dots_of_a_style_are_shaped_once() -> None:
    first, second, turned = (
        laid_out(text, direction=direction).shaped.ellipsis
        for text, direction in (("one", "ltr"), ("two", "ltr"), ("three", "rtl"))
    )
    assert first is second
    assert (first.level, turned.level) == (0, 1)
