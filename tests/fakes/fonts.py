"""A workspace's own fonts in memory, and an inspector that finds what it is told."""

from __future__ import annotations

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.files.file import CleanMedia, UnusableFile
from darkroom.domain.fonts.font import Font, FontFacts
from tests.fakes.memory import Memory


class FakeFonts:
    """Reads a :class:`Memory`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def get(self, owner: Owner, font_id: str) -> Font | None:
        return self._memory.fonts.get((owner, font_id))

    def list(self, owner: Owner) -> tuple[Font, ...]:
        with self._memory.lock:
            mine = [font for (o, _), font in self._memory.fonts.items() if o == owner]
        return tuple(sorted(mine, key=lambda font: font.id))


class FakeFontInspector:
    """Finds every font in order, and of it ``facts``, unless ``refusal`` says otherwise."""

    def __init__(self) -> None:
        self.facts = FontFacts("Mine", 400, 400, italic=False, glyphs=100)
        self.refusal: UnusableFile | None = None

    def inspect(self, data: bytes, mime: str) -> CleanMedia:
        if self.refusal:
            raise self.refusal
        return CleanMedia(b"clean " + data, "font/ttf", font=self.facts)
