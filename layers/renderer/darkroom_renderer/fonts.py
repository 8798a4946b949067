"""The fonts of a process: its faces, and the glyphs of texts that were set before."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Final

from darkroom.domain.caching import WeighedCache
from darkroom_type.fonts import FAMILIES, Family, FontFile
from darkroom_type.typesetting.faces import Faces, Style, UnknownFont
from darkroom_type.typesetting.items import Casting
from darkroom_type.typesetting.shaping import Shaped

if TYPE_CHECKING:
    from darkroom.domain.fonts.font import PinnedFont
    from darkroom.domain.templates.template import Template

MOST_STYLES: Final = 64
SHAPED_CHARS: Final = 100_000  # of texts whose glyphs are kept
SHAPED_BYTES: Final = 12_000_000  # that these take, about
OWN_BYTES: Final = (
    270_000_000  # that own fonts take, with the texts that are set in them: twice the most of one
)


class Fonts:
    """Made once per process. Threads may share it."""

    def __init__(self, faces: Faces | None = None) -> None:
        self.faces = faces or Faces()
        self.own: Mapping[str, tuple[FontFile, ...]] = {}
        self.weight = 0
        self._views: WeighedCache[tuple[PinnedFont, ...], Fonts] = WeighedCache(
            OWN_BYTES, lambda it: it.weight
        )
        self._castings: WeighedCache[Style, Casting] = WeighedCache(MOST_STYLES, lambda _: 1)
        self._shaped: WeighedCache[Hashable, Shaped] = WeighedCache(SHAPED_CHARS, lambda it: it.chars)

    def of(self, template: Template) -> Fonts:
        """Those that ship and, before them, the workspace's own that a template was made with.

        All that is kept of a template's own fonts is kept together, and given up together.
        """
        if not template.fonts:
            return self
        return self._views.get(template.fonts, lambda: self._view(template.fonts))

    def _view(self, fonts: tuple[PinnedFont, ...]) -> Fonts:
        own: dict[str, list[FontFile]] = {}
        for font in fonts:
            own.setdefault(font.facts.family, []).append(_file(font))
        view = Fonts(Faces(fetch=self.faces.fetch))
        view.own = {family: tuple(files) for family, files in own.items()}
        view.weight = SHAPED_BYTES + 2 * sum(font.size for font in fonts)  # Skia has a copy of each
        return view

    def family(self, name: str) -> Family:
        """A family by its name: of what the template was made with, or one that ships.

        Raises
        ------
        UnknownFont
        """
        own = self.own.get(name)
        if own is None and name not in FAMILIES:
            raise UnknownFont(name)
        return own or name

    def casting(self, style: Style) -> Casting:
        """Chooses faces for texts of a style."""
        return self._castings.get(style, lambda: Casting(self.faces, style))

    def shaped(self, key: Hashable, make: Callable[[], Shaped]) -> Shaped:
        """The glyphs of a text, made if they are not remembered."""
        return self._shaped.get(key, make)


def _file(font: PinnedFont) -> FontFile:
    facts = font.facts
    return FontFile(
        font.storage_key,
        facts.lightest,
        facts.italic,
        (facts.lightest, facts.heaviest) if facts.variable else None,
        None if facts.smallest is None or facts.largest is None else (facts.smallest, facts.largest),
        fetched=True,
    )
