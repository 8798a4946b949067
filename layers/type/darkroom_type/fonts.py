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

    ``optical`` is the range of the axis that fits letters to their size in px, where there is one.
    """

    name: str
    weight: int = 400
    italic: bool = False
    variable: tuple[int, int] | None = None
    optical: tuple[int, int] | None = None


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
)
