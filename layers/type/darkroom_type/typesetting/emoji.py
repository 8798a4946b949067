"""Tells emoji from letters."""

from __future__ import annotations

import re
from typing import Final

AS_TEXT: Final = "\ufe0e"
AS_PICTURE: Final = "\ufe0f"

# Of the older symbols these are pictures unless a text says otherwise (Emoji_Presentation, below U+1F000).
_PICTURES: Final = (
    "\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab\u26bd\u26be"
    "\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e\u2753-\u2755\u2757"
    "\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55"
)
# Newer pictographs too, even where Unicode's default is plain: people who type one mean the picture.
_SHOWN_AS_PICTURE: Final = re.compile(f"[{_PICTURES}\U0001f000-\U0001faff]")


def is_picture(grapheme: str) -> bool:
    """Whether a grapheme asks to be shown as an emoji."""
    if AS_TEXT in grapheme:
        return False
    return AS_PICTURE in grapheme or _SHOWN_AS_PICTURE.match(grapheme) is not None
