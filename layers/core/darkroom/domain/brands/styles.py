"""The colours and typefaces that style sheets use, by how often they do."""

from __future__ import annotations

import colorsys
import re
from collections import Counter
from typing import Final

MAX_READ: Final = 400_000  # characters of all styles of a page
MAX_COLORS: Final = 8
MAX_FONTS: Final = 5
THEME: Final = 10  # a page that names its theme's colour means it

_HEX: Final = re.compile(r"#([0-9a-fA-F]{3,8})(?![0-9a-zA-Z_-])")
_RGB: Final = re.compile(r"rgba?\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*([,/][^)]{1,20})?\)")
_FAMILY: Final = re.compile(r"font-family\s*:\s*([^;}{]{1,200})", re.IGNORECASE)
_IN_ADDRESS: Final = re.compile(r"[?&]family=([A-Za-z0-9+]{2,60})")
_NO_FAMILY: Final = re.compile(
    r"(?:inherit|initial|unset|revert|serif|sans-serif|monospace|cursive|fantasy|system-ui|ui-[a-z-]+|-apple-system"
    r"|blinkmacsystemfont|segoe ui|arial|helvetica(?: neue)?|emoji|math|var\(.*|.*(?:icon|awesome|emoji).*)",
    re.IGNORECASE,
)


class Styles:
    """Counts colours and typefaces in the styles it is given."""

    def __init__(self) -> None:
        self._colors: Counter[str] = Counter()
        self._fonts: Counter[str] = Counter()
        self._read = 0

    def read(self, css: str) -> None:
        """Count what is in a style sheet or a style attribute; nothing more once enough was read."""
        css = css[: MAX_READ - self._read]
        self._read += len(css)
        self._colors.update(color for match in _HEX.finditer(css) if (color := _from_hex(match[1])))
        self._colors.update(color for match in _RGB.finditer(css) if (color := _from_rgb(match)))
        self._fonts.update(font for match in _FAMILY.finditer(css) if (font := _first_family(match[1])))

    def read_address(self, url: str) -> None:
        """Count the typeface that a font service's address names."""
        self._fonts.update(match[1].replace("+", " ") for match in _IN_ADDRESS.finditer(url[:2048]))

    def emphasise(self, color: str) -> None:
        """Count a colour that the page calls its own."""
        match = _HEX.fullmatch(color.strip())
        if match and (named := _from_hex(match[1])):
            self._colors[named] += THEME

    @property
    def colors(self) -> tuple[str, ...]:
        """Hex codes, the most frequent first: colours before greys, which every page has."""
        ordered = [color for color, _ in self._colors.most_common(200)]
        return tuple(sorted(ordered, key=_is_grey)[:MAX_COLORS])

    @property
    def fonts(self) -> tuple[str, ...]:
        """Families, the most frequent first; those that every machine has are not of the brand."""
        return tuple(font for font, _ in self._fonts.most_common(MAX_FONTS))


def _from_hex(digits: str) -> str:
    if len(digits) in (3, 4):
        digits = "".join(2 * digit for digit in digits)
    if len(digits) not in (6, 8) or digits[6:] == "00":
        return ""
    return f"#{digits[:6].upper()}"


def _from_rgb(match: re.Match[str]) -> str:
    parts = [int(match[number]) for number in (1, 2, 3)]
    faint = (match[4] or "").strip(",/ ") in ("0", "0.0", "0%")
    return "" if faint or max(parts) > 255 else "#{:02X}{:02X}{:02X}".format(*parts)


def _first_family(families: str) -> str:
    first = families.split(",", maxsplit=1)[0].replace("!important", "").strip().strip("\"'").strip()
    usable = re.fullmatch(r"[A-Za-z][A-Za-z0-9 _-]{1,59}", first) and not _NO_FAMILY.fullmatch(first)
    return first if usable else ""


def _is_grey(color: str) -> bool:
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    _, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    return saturation < 0.12 or not 0.04 < lightness < 0.97
