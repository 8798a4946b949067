"""Reading a prompt: its setting and its mood."""

import re
import unicodedata
from dataclasses import dataclass
from random import Random
from typing import Final

from darkroom.domain.prompts.vocabulary import FAINT_MOODS, MOODS, SETTINGS, USUAL_MOODS

_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_MAX_WORDS: Final = 400
_ANY_MOOD: Final = ("dawn", "sunset", "pastel", "neon", "tropical", "golden", "night", "spring")


@dataclass(frozen=True, slots=True)
class Scene:
    """What a prompt describes. ``setting`` is ``abstract`` when no word names a place or a thing."""

    setting: str
    mood: str


def words_of(prompt: str) -> tuple[str, ...]:
    """The prompt's words in order, lower case, without accents; at most 400."""
    plain = unicodedata.normalize("NFKD", prompt[:10_000].casefold())
    bare = "".join(character for character in plain if not unicodedata.combining(character))
    return tuple(match[0] for _, match in zip(range(_MAX_WORDS), _WORD.finditer(bare), strict=False))


def scene_of(words: tuple[str, ...], rng: Random) -> Scene:
    """The scene that the words describe; ``rng`` chooses a mood if they name none."""
    setting = _first(words, SETTINGS) or "abstract"
    fallback = rng.choice(USUAL_MOODS.get(setting) or _ANY_MOOD)
    return Scene(setting, _mood(words) or fallback)


def _mood(words: tuple[str, ...]) -> str | None:
    """The mood that the words name: light and season win over day, night and softness, in any order."""
    strong = tuple(word for word in words if MOODS.get(word) not in FAINT_MOODS)
    return _first(strong, MOODS) or _first(words, MOODS)


def _first(words: tuple[str, ...], table: dict[str, str]) -> str | None:
    for word in words:
        if word in table:
            return table[word]
        if word.endswith("s") and word[:-1] in table:
            return table[word[:-1]]
    return None
