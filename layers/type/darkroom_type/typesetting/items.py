"""Chooses the face for each part of a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Final

from darkroom_type.typesetting.emoji import is_picture
from darkroom_type.typesetting.faces import Face, Faces, Style

MOST_REMEMBERED: Final = 8192  # graphemes per style

# Has no shape of its own, whatever the face: joiners, direction marks, variation selectors, fillers, tags.
_SHAPELESS: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
# Belong to the words they stand after, in whatever script: spaces, and the dandas that end India's sentences.
_FOLLOWS: Final = frozenset(" \u0964\u0965")
_WIDE = "\u2e80-\u9fff\ua960-\ua97c\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
_DASHES_BETWEEN_CJK: Final = re.compile(f"(?<=[{_WIDE}])[\u2010-\u2015]+(?=[{_WIDE}])")


@dataclass(frozen=True, slots=True)
class Item:
    """Characters ``start`` to ``end``, of one level and one face. Without a face they are not seen.

    What no face has a shape for (``missing``) has the face that says so, the family's own.
    """

    start: int
    end: int
    level: int
    face: Face | None
    missing: bool = False


class Casting:
    """Gives the graphemes of texts in one style their faces, and remembers which.

    ``lead`` is the face of the style's own family.
    """

    def __init__(self, faces: Faces, style: Style) -> None:
        self.lead: Final = faces.family(style)
        self._has_ascii = all(map(self.lead.glyph, range(0x20, 0x7F)))
        self._faces = faces
        self._style = style
        self._cast: dict[str, Face | None] = {}

    def items(self, text: str, graphemes: Sequence[int], levels: Sequence[int] | None) -> list[Item]:
        """A part of ``text`` in runs of one face and one level; ``graphemes`` are where its own begin, and end."""
        if levels is None and self._has_ascii and text.isascii():
            return [Item(graphemes[0], graphemes[-1], 0, self.lead)] if text else []
        items: list[Item] = []
        dashes = _dashes_between_cjk(text, graphemes[0], graphemes[-1])
        for start, end in pairwise(graphemes):
            level = levels[start] if levels else 0
            face, missing = self._face(text[start:end], _last_face(items), follows=start in dashes)
            if missing and end - start > 1:
                # Better a letter without its rarest mark than no letter; the mark is what is missing.
                for at in range(start, end):
                    _add(items, Item(at, at + 1, level, *self._part(text[at], _last_face(items))))
            else:
                _add(items, Item(start, end, level, face, missing))
        return items

    def _face(self, grapheme: str, before: Face | None, *, follows: bool = False) -> tuple[Face | None, bool]:
        """The face of a grapheme, and whether no face has it. One that ``follows`` has that of the one before it."""
        if not visible(grapheme):
            return before, False
        follows = (follows or grapheme in _FOLLOWS) and before is not None and not before.in_colour
        if before and follows and before.glyph(ord(grapheme[0])):
            return before, False
        if grapheme not in self._cast:
            if len(self._cast) >= MOST_REMEMBERED:
                self._cast.clear()
            self._cast[grapheme] = self._choose(grapheme)
        face = self._cast[grapheme]
        return face or self.lead, face is None

    def _part(self, character: str, before: Face | None) -> tuple[Face | None, bool]:
        """The face of one character of a grapheme that no face has all of: that of the one before it, if it can."""
        if before and unicodedata.combining(character) and before.glyph(ord(character)):
            return before, False
        return self._face(character, before)

    def _choose(self, grapheme: str) -> Face | None:
        faces, picture = self._faces, is_picture(grapheme)
        if picture and _has(faces.emoji(), grapheme):
            return faces.emoji()
        if _has(self.lead, grapheme):
            return self.lead
        code = ord(visible(grapheme)[0])
        for face in chain(faces.others(self._style), faces.fallbacks(code, self._style)):
            if _has(face, grapheme):
                return face
        if not picture and _has(faces.emoji(), grapheme):
            return faces.emoji()
        return None


def _dashes_between_cjk(text: str, start: int, end: int) -> set[int]:
    """Where they are in a part of a text; only a part is searched, because a text may be thousands of parts."""
    found = _DASHES_BETWEEN_CJK.finditer(text, start, end + 1)
    return {at for dashes in found for at in range(*dashes.span())}


def _last_face(items: Sequence[Item]) -> Face | None:
    """The face of what stands before, which is none where that has no shape."""
    return items[-1].face if items and not items[-1].missing else None


def _add(items: list[Item], item: Item) -> None:
    """Appends an item, as one with the last where they are alike."""
    last = items[-1] if items else None
    if last and (last.level, last.face, last.missing) == (item.level, item.face, item.missing):
        item = Item(last.start, item.end, item.level, item.face, item.missing)
        items.pop()
    items.append(item)


def visible(text: str) -> str:
    """The characters of a text that have a shape of their own."""
    return _SHAPELESS.sub("", text)


def _has(face: Face, grapheme: str) -> bool:
    return all(face.glyph(ord(each)) or _SHAPELESS.match(each) for each in grapheme)
