"""Cleans a text of characters that are not to be set."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

TAB: Final = "    "

_NEWLINE: Final = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Controls, half characters, annotations and placeholders: nothing anybody means to see.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_ACCENTED_GREEK: Final = re.compile("([\u0391-\u03a9]\u0308?)[\u0300\u0301\u0313\u0314\u0342]+")
# A letter after a space, a dash or an opening mark; not one after an apostrophe.
_FIRST_LETTER: Final = re.compile('(?<![^\\s\\-\u2013\u2014/(\\[{"\u201c\u201e\u00ab\u2018\u00bf\u00a1])\\w')


def cleaned(text: str, transform: str = "none", before: str = "") -> str:
    """The text in composed form, with newlines as the only controls, and in the letter case asked for.

    ``before`` is the character that the text follows.
    """
    if text.isascii() and text.isprintable():
        return _cased(text, transform, before)
    text = _UNSEEN.sub("", _NEWLINE.sub("\n", text).replace("\t", TAB))
    return unicodedata.normalize("NFC", _cased(text, transform, before))


def _cased(text: str, transform: str, before: str) -> str:
    match transform:
        case "uppercase":
            return _without_accents(text.upper())
        case "lowercase":
            return text.lower()
        case "capitalize":
            return _FIRST_LETTER.sub(
                lambda match: match[0].title() if match.start() >= len(before) else match[0], before + text
            )[len(before) :]
    return text


def _without_accents(text: str) -> str:
    """Greek capitals carry no accents, only the dots that part two vowels."""
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", _ACCENTED_GREEK.sub(r"\1", apart)) if apart != text else text
