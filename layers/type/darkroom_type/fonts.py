"""Lists the font files and what each is for. No file is opened here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

FOLDER: Final = Path(str(files("darkroom_type"))) / "files"


@dataclass(frozen=True, slots=True)
class FontFile:
    """One file: one weight, or with ``variable`` every weight of that range.

    ``optical`` is the range of the axis that fits letters to their size in px, where there is one. A ``fetched`` file
    does not ship: its name is where its bytes are.
    """

    name: str
    weight: int = 400
    italic: bool = False
    variable: tuple[int, int] | None = None
    optical: tuple[int, int] | None = None
    fetched: bool = False


type Family = str | tuple[FontFile, ...]  # one that ships, by its name, or the files of another

type Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Fallback:
    """The files that set characters a family has no glyphs for.

    ``ranges`` are the code points worth opening the files for, both ends included; that a glyph is there is
    asked of the file itself. ``leans`` says whether its letters can be slanted for an italic.
    """

    name: str
    files: tuple[FontFile, ...]
    ranges: Ranges
    leans: bool = False


_ALL_WEIGHTS: Final = (100, 900)


def _noto(name: str, *ranges: tuple[int, int]) -> Fallback:
    """A Noto font of one script, in every weight."""
    return Fallback(name, (FontFile(f"NotoSans{name}.ttf", variable=_ALL_WEIGHTS),), ranges)


FAMILIES: Final[Mapping[str, tuple[FontFile, ...]]] = {
    "Inter": (
        FontFile("Inter.ttf", variable=_ALL_WEIGHTS, optical=(14, 32)),
        FontFile("Inter-Italic.ttf", italic=True, variable=_ALL_WEIGHTS, optical=(14, 32)),
    ),
    "Playfair Display": (
        *(FontFile(f"PlayfairDisplay-{weight}.ttf", weight) for weight in (400, 600, 700, 900)),
        *(
            FontFile(f"PlayfairDisplay-{weight}-Italic.ttf", weight, italic=True)
            for weight in (400, 700, 900)
        ),
    ),
    "Anton": (FontFile("Anton.ttf"),),
    "JetBrains Mono": (
        *(FontFile(f"JetBrainsMono-{weight}.ttf", weight) for weight in (400, 500, 700, 800)),
        *(FontFile(f"JetBrainsMono-{weight}-Italic.ttf", weight, italic=True) for weight in (400, 700)),
    ),
}

EMOJI: Final = FontFile("NotoColorEmoji.ttf")

# In the order they are asked. Latin, Cyrillic and Greek that a display family lacks come from Inter.
FALLBACKS: Final = (
    Fallback("Inter", FAMILIES["Inter"], ((0x0020, 0x052F), (0x1D00, 0x2BFF), (0xA640, 0xAB6F)), leans=True),
    Fallback(
        "Arabic",
        (FontFile("NotoSansArabic.ttf", variable=_ALL_WEIGHTS),),
        ((0x0600, 0x06FF), (0x0750, 0x077F), (0x0870, 0x08FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFE)),
    ),
    Fallback(
        "Hebrew",
        (FontFile("NotoSansHebrew.ttf", variable=_ALL_WEIGHTS),),
        ((0x0590, 0x05FF), (0xFB1D, 0xFB4F)),
    ),
    Fallback(
        "Devanagari",
        (FontFile("NotoSansDevanagari.ttf", variable=_ALL_WEIGHTS),),
        ((0x0900, 0x097F), (0x1CD0, 0x1CFF), (0xA830, 0xA839), (0xA8E0, 0xA8FF)),
    ),
    _noto("Armenian", (0x0530, 0x058F), (0xFB13, 0xFB17)),
    _noto("Thaana", (0x0780, 0x07BF)),
    _noto("Bengali", (0x0980, 0x09FF)),
    _noto("Gurmukhi", (0x0A00, 0x0A7F)),
    _noto("Gujarati", (0x0A80, 0x0AFF)),
    _noto("Oriya", (0x0B00, 0x0B7F)),
    _noto("Tamil", (0x0B80, 0x0BFF)),
    _noto("Telugu", (0x0C00, 0x0C7F)),
    _noto("Kannada", (0x0C80, 0x0CFF)),
    _noto("Malayalam", (0x0D00, 0x0D7F)),
    _noto("Sinhala", (0x0D80, 0x0DFF), (0x111E0, 0x111FF)),
    _noto("Thai", (0x0E00, 0x0E7F)),
    _noto("Lao", (0x0E80, 0x0EFF)),
    Fallback("Tibetan", (FontFile("NotoSerifTibetan.ttf", variable=_ALL_WEIGHTS),), ((0x0F00, 0x0FFF),)),
    _noto("Myanmar", (0x1000, 0x109F), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F)),
    _noto("Georgian", (0x10A0, 0x10FF), (0x1C90, 0x1CBF), (0x2D00, 0x2D2F)),
    _noto("Ethiopic", (0x1200, 0x139F), (0x2D80, 0x2DDF), (0xAB00, 0xAB2F), (0x1E7E0, 0x1E7FF)),
    _noto("Khmer", (0x1780, 0x17FF), (0x19E0, 0x19FF)),
    Fallback("Mongolian", (FontFile("NotoSansMongolian.ttf"),), ((0x1800, 0x18AF), (0x11660, 0x1167F))),
    Fallback("Symbols", (FontFile("NotoSansSymbols.ttf"),), ((0x2000, 0x2BFF), (0x1F100, 0x1FAFF))),
    Fallback("Symbols 2", (FontFile("NotoSansSymbols2.ttf"),), ((0x2000, 0x2BFF), (0x1F000, 0x1FBFF))),
    Fallback("Math", (FontFile("NotoSansMath.ttf"),), ((0x2000, 0x2BFF), (0x1D400, 0x1D7FF))),
    Fallback(
        "CJK",
        (FontFile("NotoSansCJKsc-400.otf"), FontFile("NotoSansCJKsc-700.otf", 700)),
        (
            (0x1100, 0x11FF),
            (0x2000, 0x33FF),
            (0x3400, 0xA4CF),
            (0xA960, 0xD7FF),
            (0xF900, 0xFAFF),
            (0xFE10, 0xFFEF),
        ),
    ),
    # Rarer ideographs are in the regular weight only.
    Fallback("CJK, rare", (FontFile("NotoSansCJKsc-400.otf"),), ((0x3400, 0x4DBF),)),
    # Last, because it has what Inter lacks: letters of small languages, of phonetics and of the learned.
    Fallback(
        "Latin, Greek and Cyrillic, rare",
        (FontFile("NotoSans.ttf", variable=_ALL_WEIGHTS),),
        (
            (0x0020, 0x052F),
            (0x1AB0, 0x1AFF),
            (0x1C80, 0x1C8F),
            (0x1D00, 0x2E7F),
            (0xA640, 0xA7FF),
            (0xAB30, 0xAB6F),
            (0xFB00, 0xFB06),
            (0xFE20, 0xFE2F),
            (0x10780, 0x107BF),
            (0x1DF00, 0x1DFFF),
        ),
        leans=True,
    ),
)
