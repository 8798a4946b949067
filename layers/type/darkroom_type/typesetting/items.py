"""Chooses the face for each part of a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
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


@dataclass(frozen=True, slots=True)
class Item:
    """Characters ``start`` to ``end``, of one level and one face. Without a face they are not drawn.

    What no face has takes the place of a space (``blank``); what is never seen takes none.
    """

    start: int
    end: int
    level: int
    face: Face | None
    blank: bool = False


class Casting:
    """Gives the graphemes of texts in one style their faces, and remembers which.

    ``lead`` is the face of the style's own family.
    """

    def __init__(self, faces: Faces, style: Style) -> None:
        self.lead: Final = faces.family(style)
        self._faces = faces
        self._style = style
        self._cast: dict[str, Face | None] = {}

    def items(self, text: str, graphemes: Sequence[int], levels: Sequence[int] | None) -> list[Item]:
        """A part of ``text`` in runs of one face and one level; ``graphemes`` are where its own begin, and end."""
        if levels is None and text.isascii():
            return [Item(graphemes[0], graphemes[-1], 0, self.lead)] if text else []
        items: list[Item] = []
        for start, end in pairwise(graphemes):
            level = levels[start] if levels else 0
            grapheme = text[start:end]
            before = items[-1] if items else None
            face, blank = self._face(grapheme, before.face if before else None)
            if before and (before.level, before.face, before.blank) == (level, face, blank):
                items[-1] = Item(before.start, end, level, face, blank)
            else:
                items.append(Item(start, end, level, face, blank))
        return items

    def _face(self, grapheme: str, before: Face | None) -> tuple[Face | None, bool]:
        if _SHAPELESS.sub("", grapheme) == "":
            return before, False
        if grapheme in _FOLLOWS and before and before.glyph(ord(grapheme)) and not before.in_colour:
            return before, False
        if grapheme not in self._cast:
            if len(self._cast) >= MOST_REMEMBERED:
                self._cast.clear()
            self._cast[grapheme] = self._choose(grapheme)
        face = self._cast[grapheme]
        return face, face is None

    def _choose(self, grapheme: str) -> Face | None:
        faces, picture = self._faces, is_picture(grapheme)
        if picture and _has(faces.emoji(), grapheme):
            return faces.emoji()
        if _has(self.lead, grapheme):
            return self.lead
        code = ord(_SHAPELESS.sub("", grapheme)[0])
        for face in faces.fallbacks(code, self._style):
            if _has(face, grapheme):
                return face
        if not picture and _has(faces.emoji(), grapheme):
            return faces.emoji()
        # Better a letter without its rarest mark than no letter.
        bare = "".join(each for each in grapheme if not unicodedata.combining(each))
        return self._choose(bare) if bare and bare != grapheme else None


def _has(face: Face, grapheme: str) -> bool:
    return all(face.glyph(ord(each)) or _SHAPELESS.match(each) for each in grapheme)
