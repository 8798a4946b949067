"""The fonts of a process: its faces, and the glyphs of texts that were set before."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Final

from darkroom.domain.caching import WeighedCache
from darkroom_type.typesetting.faces import Faces, Style
from darkroom_type.typesetting.items import Casting
from darkroom_type.typesetting.shaping import Shaped

MOST_STYLES: Final = 64
SHAPED_CHARS: Final = 100_000  # of texts whose glyphs are kept


class Fonts:
    """Made once per process. Threads may share it."""

    def __init__(self, faces: Faces | None = None) -> None:
        self.faces = faces or Faces()
        self._castings: WeighedCache[Style, Casting] = WeighedCache(MOST_STYLES, lambda _: 1)
        self._shaped: WeighedCache[Hashable, Shaped] = WeighedCache(SHAPED_CHARS, lambda it: it.chars)

    def casting(self, style: Style) -> Casting:
        """Chooses faces for texts of a style."""
        return self._castings.get(style, lambda: Casting(self.faces, style))

    def shaped(self, key: Hashable, make: Callable[[], Shaped]) -> Shaped:
        """The glyphs of a text, made if they are not remembered."""
        return self._shaped.get(key, make)
