"""Which glyphs texts get: joined, reordered and from the right face; the box of a missing one only where none is."""

# ruff: noqa: RUF001 - scripts other than Latin are what this is about

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest

from darkroom_renderer.fonts import Fonts
from darkroom_type.fonts import FALLBACKS, FAMILIES, FOLDER
from darkroom_type.typesetting.faces import Faces, Style
from tests.unit.renderer.test_text_looks import SCRIPTS
from tests.unit.renderer.text_drawing import drawn, glyphs, ink, laid_out, lines, runs, words


def bodies(text: str) -> list[int]:
    """The glyphs that take room: letters without the dots and marks on them."""
    return [
        g for run in runs(text) for g, width in zip(run.glyphs.tolist(), run.advances, strict=True) if width
    ]


def test_arabic_letters_join() -> None:
    alone = [letter for each in "بيت" for letter in bodies(each)]
    joined = bodies("بيت")
    assert len(joined) == 3
    assert set(joined).isdisjoint(alone)


def test_a_joiner_joins_without_being_seen() -> None:
    assert set(bodies("ب\u200dت")).isdisjoint([*bodies("ب"), *bodies("ت")])


def test_lam_and_alef_take_their_own_form() -> None:
    assert set(bodies("لا")).isdisjoint([*bodies("ل"), *bodies("ا")])


def test_arabic_stays_joined_when_letters_are_spaced() -> None:
    assert glyphs("بيت", letterSpacing=20) == glyphs("بيت")


def test_a_ligature_comes_apart_when_letters_are_spaced() -> None:
    together, apart = (glyphs("ffi", fontFamily="Playfair Display", letterSpacing=px) for px in (0, 4))
    assert len(together) < 3
    assert len(apart) == 3


def test_devanagari_vowels_go_before_their_consonant_and_conjuncts_form() -> None:
    assert len(glyphs("क्ष")) == 1
    ka, ki = glyphs("क"), glyphs("कि")
    assert ki[-1] == ka[0]


def figures(text: str, **fields: object) -> set[int]:
    """The glyphs of the ASCII figures in a text."""
    return {
        glyph
        for run in runs(text, **fields)
        for glyph, at in zip(run.glyphs.tolist(), run.clusters.tolist(), strict=True)
        if text[at] in "0123456789"
    }


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("beside", ["年", "の", "한국", "مرحبا", "ㄅ"])
def test_figures_beside_cjk_and_arabic_are_as_high_as_capitals(family: str, beside: str) -> None:
    """Old-style ones, which some families have of their own, are made for small letters."""
    capital = laid_out("H", fontFamily=family).shaped.lead
    lead = capital.shaper.get_glyph_extents(capital.glyph(ord("H")))
    for glyph in figures(f"{beside} 2026, 345789", fontFamily=family):
        extents = capital.shaper.get_glyph_extents(glyph)
        assert extents.y_bearing >= 0.9 * lead.y_bearing
        assert extents.y_bearing + extents.height >= -0.06 * capital.units


def test_figures_beside_letters_with_capitals_stay_as_the_family_has_them() -> None:
    latin, mixed = (figures(f"{beside} 2026", fontFamily="Playfair Display") for beside in ("Anno", "年"))
    assert latin == figures("2026", fontFamily="Playfair Display")
    assert latin.isdisjoint(mixed)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    "text", ["图书馆——周末", "東京–大阪", "「はい」―「いいえ」", "서울—부산", "（一）——〇"]
)
def test_a_dash_between_cjk_is_of_the_cjk_face(family: str, text: str) -> None:
    (run,) = runs(text, fontFamily=family)
    assert run.face is not laid_out(text, fontFamily=family).shaped.lead


@pytest.mark.parametrize("text", ["图书馆 — 周末", "A—周末", "周末—A", "—周末", "周末—"])
def test_any_other_dash_is_of_the_family(text: str) -> None:
    lead = laid_out(text).shaped.lead
    dash = text.index("—")
    assert [run.face for run in runs(text) if run.start <= dash < run.end] == [lead]


def test_japanese_text_gets_japanese_forms() -> None:
    assert glyphs("直") != glyphs("直の")[:1]


@pytest.mark.parametrize(
    "emoji",
    ["👨‍👩‍👧‍👦", "👩🏽‍🚀", "🇩🇪", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "👍🏿", "1️⃣", "❤️", "🏳️‍🌈", "🧑🏻‍🤝‍🧑🏿"],
)
def test_an_emoji_sequence_is_one_coloured_glyph(emoji: str) -> None:
    assert len(bodies(emoji)) == 1
    assert {run.face.in_colour for run in runs(emoji)} == {True}


@pytest.mark.parametrize(
    ("text", "in_colour"), [("☎︎", False), ("☎️", True), ("⭐", True), ("⭐︎", False), ("©", False)]
)
def test_variation_selectors_choose_between_picture_and_letter(text: str, in_colour: bool) -> None:
    assert {run.face.in_colour for run in runs(text)} == {in_colour}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("sample", SCRIPTS)
def test_no_glyph_is_missing_in_any_family(family: str, sample: str) -> None:
    shaped = runs(SCRIPTS[sample], fontFamily=family, fontWeight=700, fontStyle="italic")
    assert shaped
    assert not [run for run in shaped if 0 in run.glyphs.tolist()]
    assert not [run.missing for run in shaped if run.missing]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("\U00012000", "\U00012000"),
        ("before \ua997\ua9ae after \ua997", "\ua997\ua9ae"),
        ("\uf8f0", "\uf8f0"),  # private use
        ("\U00010efd", "\U00010efd"),
        ("א\U00012000ב", "\U00012000"),
        (
            "a\U0001e2ec",
            "\U0001e2ec",
        ),  # a letter is set without the mark that no font has, and the mark is missing
        ("\u200d\U00012000\ufe0f", "\U00012000"),
    ],
)
def test_what_no_font_has_is_the_box_that_says_so_and_is_named(family: str, text: str, missing: str) -> None:
    shaped = laid_out(text, fontFamily=family).shaped
    boxes = [run for run in runs(text, fontFamily=family) if run.missing]
    assert shaped.missing == missing
    assert {run.face for run in boxes} == {shaped.lead}
    assert {glyph for run in boxes for glyph in run.glyphs.tolist()} == {0}
    assert sum(len(run.glyphs) for run in boxes) == sum(text.count(each) for each in missing)
    assert min(width for run in boxes for width in run.advances.tolist()) > 0.1
    assert ink(drawn(missing[0], words(fontFamily=family))).any()


@pytest.mark.parametrize("text", ["\u200b", "a\u200db", "\U000e0041", "\ufe0f", "\u2066abc\u2069", "\u3164"])
def test_what_is_never_seen_is_not_missing(text: str) -> None:
    assert laid_out(text).shaped.missing == ""


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (0x4E00, 0x9FEF),  # unified ideographs
        (0x3400, 0x4DB5),  # extension A
        (0x3041, 0x3096),  # hiragana
        (0x30A1, 0x30FA),  # katakana
        (0x3105, 0x312F),  # bopomofo
        (0xAC00, 0xD7A3),  # hangul
        (0x3001, 0x3011),  # punctuation
        (0xFF01, 0xFF5E),  # full width
        (0x0410, 0x044F),
        (0x0391, 0x03A1),
        (0x0621, 0x063A),
        (0x05D0, 0x05EA),
        (0x0904, 0x0939),
        (0x2190, 0x21FF),  # arrows
        (0x2200, 0x22FF),  # operators
        (0x2701, 0x27BE),  # dingbats
        (0x20A1, 0x20AF),  # currencies
        (0x20B8, 0x20BA),
        (0x20BC, 0x20BF),
    ],
)
@pytest.mark.parametrize("weight", [400, 700])
def test_every_character_of_the_blocks_promised_has_a_glyph(first: int, last: int, weight: int) -> None:
    casting = Fonts().casting(Style("Inter", weight, italic=False, size=32))
    text = "".join(map(chr, range(first, last + 1)))
    items = casting.items(text, range(len(text) + 1), None)
    missing = "".join(text[item.start : item.end] for item in items if item.missing)
    assert missing == ""


SCRIPT_NAMES = {
    *("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "HEBREW", "ARABIC", "THAANA", "ETHIOPIC"),
    *("DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM"),
    *("SINHALA", "THAI", "LAO", "MYANMAR", "KHMER", "TIBETAN", "MONGOLIAN"),
    *("HANGUL", "HIRAGANA", "KATAKANA", "BOPOMOFO"),
}
# Jamo of medieval Korean, four Bopomofo letters added for Cantonese, and a mark that encloses what follows it.
NOT_PROMISED = frozenset([*range(0xA960, 0xA97D), *range(0xD7B0, 0xD7FC), *range(0x31BC, 0x31C0), 0x08E2])


def test_every_letter_of_every_recommended_script_has_a_glyph() -> None:
    """The scripts Unicode recommends for identifiers (UAX #31), and Mongolian; ideographs are promised by block."""
    casting = Fonts().casting(Style("Inter", 400, italic=False, size=32))
    text = "".join(
        chr(code)
        for code in range(0x20, 0x10000)
        if unicodedata.name(chr(code), "").split(" ")[0] in SCRIPT_NAMES and code not in NOT_PROMISED
    )
    assert {name for each in text for name in unicodedata.name(each).split(" ")[:1]} == SCRIPT_NAMES
    items = casting.items(text, range(len(text) + 1), None)
    assert "".join(text[item.start : item.end] for item in items if item.missing) == ""


@pytest.mark.parametrize("text", ["করে।", "ਹੈ।", "ଅଟନ୍ତି।", "છે॥", "செய்।", "है।"])
def test_a_danda_is_of_the_font_of_the_words_it_ends(text: str) -> None:
    assert len(runs(text)) == 1


@pytest.mark.parametrize(
    "script",
    ["khmer", "burmese", "tibetan", "sinhala", "bengali", "malayalam", "thai", "lao", "tamil", "mongolian"],
)
def test_letter_spacing_does_not_take_a_syllable_apart(script: str) -> None:
    assert glyphs(SCRIPTS[script], letterSpacing=4) == glyphs(SCRIPTS[script])


def test_mongolian_stays_joined_when_letters_are_spaced() -> None:
    spaced, plain = (runs(SCRIPTS["mongolian"], letterSpacing=px) for px in (20, 0))
    assert [run.advances.tolist() for run in spaced] == [run.advances.tolist() for run in plain]


def test_a_mongolian_letter_has_its_form_by_where_it_stands() -> None:
    initial, medial, final = bodies("ᠨᠨᠨ")
    assert len({initial, medial, final}) == 3


@pytest.mark.parametrize(
    ("typed", "together"),
    [
        ("ক্ষ", 1),  # a Bengali conjunct
        ("ශ්\u200dර", 2),  # a Sinhala consonant and the ra beneath it, asked for by a joiner
        ("ന്ത", 1),  # Malayalam consonants in one
        ("ក្ក", 2),  # a Khmer consonant and the one beneath it
        ("က္က", 2),  # the same in Burmese
    ],
)
def test_consonants_form_conjuncts(typed: str, together: int) -> None:
    assert len(glyphs(typed)) == together


@pytest.mark.parametrize(
    ("consonant", "syllable"), [("ক", "কি"), ("ක", "කෙ"), ("க", "கெ"), ("ക", "കെ"), ("က", "ကေ"), ("ក", "កេ")]
)
def test_vowels_that_stand_before_their_consonant_go_there(consonant: str, syllable: str) -> None:
    assert glyphs(syllable)[-1] == glyphs(consonant)[0]
    assert len(glyphs(syllable)) == 2


def test_only_the_files_a_text_needs_are_opened() -> None:
    fonts = Fonts()
    drawn("Only Latin, “quoted” — and €5", words(), fonts=fonts)
    assert fonts.faces.opened == ["Inter.ttf"]
    drawn("漢字", words(), fonts=fonts)
    assert fonts.faces.opened == ["Inter.ttf", "NotoSansCJKsc-400.otf"]
    drawn("ภาษาไทย กับ English", words(), fonts=fonts)
    assert fonts.faces.opened == ["Inter.ttf", "NotoSansCJKsc-400.otf", "NotoSansThai.ttf"]


def test_every_weight_of_a_variable_face_is_its_own() -> None:
    advances = {
        weight: runs("Weight", fontWeight=weight)[0].advances.sum() for weight in (100, 400, 500, 900)
    }
    assert len(set(advances.values())) == 4


def test_a_family_without_an_italic_is_slanted() -> None:
    faces = Faces()
    upright, slanted = (faces.family(Style("Anton", 400, italic, 32)).at(32) for italic in (False, True))
    assert (upright.getSkewX(), slanted.getSkewX()) == (0, pytest.approx(-0.2))


def test_the_catalogue_and_the_files_agree() -> None:
    listed = {file.name for family in FAMILIES.values() for file in family}
    listed |= {file.name for fallback in FALLBACKS for file in fallback.files} | {"NotoColorEmoji.ttf"}
    assert listed == {path.name for path in FOLDER.iterdir()}
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 40_000_000
    licences = "".join(path.read_text() for path in (FOLDER.parent / "licences").iterdir())
    assert licences.count("SIL OPEN FONT LICENSE Version 1.1") == 7


def test_no_font_of_the_system_is_asked_for() -> None:
    """What opens a face on a machine without any font, or with others, is the same: the files that ship."""
    code = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        "from tests.unit.renderer.text_drawing import drawn, words\n"
        "drawn('Aa 漢 א 👍 \\U00012000', words())\n"
        "maps = open('/proc/self/maps').read()\n"
        "fonts = {line.split()[-1] for line in maps.splitlines() if line.endswith(('.ttf', '.otf', '.ttc'))}\n"
        "assert fonts, 'no font is mapped'\n"
        "assert all('/darkroom_type/files/' in font for font in fonts), fonts\n"
        "assert not [path for path in opened if 'fontconfig' in path or '/usr/share/fonts' in path]\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=FOLDER.parents[3]
    )
    assert result.returncode == 0, result.stderr


def test_case_is_changed_as_the_language_of_the_letters_wants() -> None:
    assert lines("straße, ελλάδα, ﬁ", textTransform="uppercase") == ["STRASSE, ΕΛΛΑΔΑ, FI"]
    assert lines("ΟΔΟΣ İ", textTransform="lowercase")[0].startswith("οδος")
    assert lines("don’t (stop) d'élan", textTransform="capitalize") == ["Don’t (Stop) D'élan"]
