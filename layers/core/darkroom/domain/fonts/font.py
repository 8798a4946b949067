"""A workspace's own font: one file of a family, once it was found to be usable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from darkroom.domain.accounts.workspaces import Owner

BUILT_IN = ("Inter", "Playfair Display", "Anton", "JetBrains Mono")  # families that ship with the renderer

MAX_FONTS = 100  # of a workspace in one mode
MAX_FAMILY_CHARS = 64
MAX_PINNED = 40  # fonts of one template: all of the families it names
MAX_PINNED_BYTES = 60 * 1024 * 1024  # of all of them


@dataclass(frozen=True, slots=True)
class FontFacts:
    """What a font says of itself.

    Weights are from ``lightest`` to ``heaviest``, the same where the file has one; ``smallest`` and ``largest`` are
    the sizes, in px, that its letters can be fitted to, where it has an axis for that.
    """

    family: str
    lightest: int
    heaviest: int
    italic: bool
    glyphs: int
    smallest: int | None = None
    largest: int | None = None

    @property
    def variable(self) -> bool:
        """Whether it has every weight of its range."""
        return self.lightest < self.heaviest


@dataclass(frozen=True, slots=True)
class Font:
    """A font that is ready. Its id is its file's; its bytes, at ``storage_key``, never change.

    ``version`` counts the fonts of this family, weight and slope; the others stay for the templates that were made
    with them. ``users`` are the templates whose current version has it.
    """

    id: str
    owner: Owner
    facts: FontFacts
    version: int
    storage_key: str
    mime: str
    size: int
    created_at: datetime
    users: frozenset[str] = frozenset()

    @property
    def slot(self) -> tuple[str, int, int, bool]:
        """What a newer version has in common with it."""
        facts = self.facts
        return (facts.family, facts.lightest, facts.heaviest, facts.italic)


@dataclass(frozen=True, slots=True)
class PinnedFont:
    """What a template's version remembers of a font it was made with: where it is, how large, what it is for."""

    id: str
    version: int
    storage_key: str
    size: int
    facts: FontFacts


def next_version(fonts: Iterable[Font], slot: tuple[str, int, int, bool]) -> int:
    """The version of a font that comes to these."""
    return 1 + max((font.version for font in fonts if font.slot == slot), default=0)


def current(fonts: Iterable[Font]) -> dict[str, list[Font]]:
    """The newest font of each family, weight and slope, by family."""
    newest: dict[tuple[str, int, int, bool], Font] = {}
    for font in sorted(fonts, key=lambda it: (it.version, it.id)):
        newest[font.slot] = font
    families: dict[str, list[Font]] = {}
    for slot in sorted(newest):
        families.setdefault(slot[0], []).append(newest[slot])
    return families


def pinned(fonts: Sequence[Font]) -> tuple[PinnedFont, ...]:
    """What a template remembers of these fonts."""
    return tuple(PinnedFont(font.id, font.version, font.storage_key, font.size, font.facts) for font in fonts)


def family_problem(family: str) -> str | None:
    """Why a family cannot have that name, if it cannot; continues "The name …"."""
    if not family or len(family) > MAX_FAMILY_CHARS or not family.isprintable() or family != family.strip():
        return f"must be of 1 to {MAX_FAMILY_CHARS} characters that can be seen"
    if family in BUILT_IN:
        return "is that of a font that ships with Darkroom"
    return None
