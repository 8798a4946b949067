"""What pictures are warned of, within what an answer about many of them can hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from darkroom.domain.renders.rendered import RenderWarning

MOST_WARNINGS: Final = 8  # of one picture: a batch answers those of a thousand
MOST_CHARACTERS: Final = 12  # that one warning names
MISSING_GLYPHS: Final = "missing_glyphs"


def missing_glyphs(element_id: str, characters: str) -> RenderWarning:
    """The warning that no font has a shape for these characters, each named once."""
    distinct = "".join(dict.fromkeys(characters))
    named = distinct[:MOST_CHARACTERS]
    codes, more = ", ".join(f"U+{ord(each):04X}" for each in named), len(distinct) - len(named)
    others = f" and {more} more" if more else ""
    return RenderWarning(element_id, MISSING_GLYPHS, f"No font has a glyph for {codes}{others}.", named)


def bounded(warnings: Iterable[RenderWarning]) -> tuple[RenderWarning, ...]:
    """The first few, each once."""
    return tuple(dict.fromkeys(warnings))[:MOST_WARNINGS]
