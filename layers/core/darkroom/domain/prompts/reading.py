"""Reading a prompt: what it is about, and its mood.

Whether a prompt's subject is known is decided strictly: a word that is not understood may be the one that matters,
and a picture of something else is worse than none. The first part of the prompt that names anything is its subject;
every word of that part must be understood, and its last noun must be one that a scene shows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from darkroom.domain.prompts.vocabulary import (
    ABSTRACT,
    ASKING,
    BARE_SETTINGS,
    BESIDE,
    BOUNDARIES,
    FAINT_MOODS,
    MEASURES,
    MOODS,
    PAIRS,
    SETTINGS,
    USUAL_MOODS,
)

_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_TOKEN: Final = re.compile(
    r"[^\W\d_]+(?:-[^\W\d_]+)*|[^\w\s'\u2019`\"\u201c\u201d#%*-]|\s[-\u2013\u2014]+\s|\n"
)
_MANNER: Final = re.compile(r"\bin the (?:style|manner|spirit) of [^,.;:\n]*")
_MAX_WORDS: Final = 400
_ANY_MOOD: Final = ("dawn", "sunset", "pastel", "neon", "tropical", "golden", "night", "spring")
# Endings of adjectives: before a noun such a word only describes it. A noun may end so too ("a party cat").
_DESCRIBES: Final = re.compile(r".{2,}(?:y|ing|ed|en|ous|ful|less|ish|ic|ive|able|ern|ese|er-than)")
_DOING: Final = re.compile(r".{2,}(?:ing|ed)")
_JOINING: Final = frozenset(("and", "&", "plus", "+"))
# Settings that are places: a second thing may be in them. The others show one thing alone.
PLACES: Final = frozenset(
    (
        "mountains",
        "ocean",
        "lake",
        "underwater",
        "desert",
        "forest",
        "field",
        "snow",
        "city",
        "space",
        "abstract",
    )
)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a prompt describes. ``setting`` is ``None`` when it is about something that no scene shows."""

    setting: str | None
    mood: str


@dataclass(frozen=True, slots=True)
class _Part:
    """The words between two boundaries, and the boundary before them."""

    after: str
    words: tuple[str, ...]


def words_of(prompt: str) -> tuple[str, ...]:
    """The prompt's words in order, lower case, without accents; at most 400."""
    found = _WORD.finditer(_plain(prompt))
    return tuple(match[0] for _, match in zip(range(_MAX_WORDS), found, strict=False))


def scene_of(prompt: str, rng: Random) -> Scene:
    """The scene that a prompt describes; ``rng`` chooses a mood if it names none."""
    setting = setting_of(prompt)
    fallback = rng.choice(USUAL_MOODS.get(setting or "") or _ANY_MOOD)
    return Scene(setting, mood_of(words_of(prompt)) or fallback)


def setting_of(prompt: str, *, bare: bool = True) -> str | None:
    """The setting that shows what the prompt is about, ``None`` where there is none.

    ``bare`` lets an hour or a season alone stand for one: a sunset over the sea for "sunset".
    """
    parts = tuple(_parts(_plain(prompt)))
    for index, part in enumerate(parts):
        following = parts[index + 1] if index + 1 < len(parts) else None
        named = _named(part, following)
        if named is not None:
            return _with_others(named, parts[index + 1 :]) or None
    words = (word for part in parts for word in part.words) if bare else ()
    return next((BARE_SETTINGS[word] for word in words if word in BARE_SETTINGS), None)


def named_in(prompt: str) -> str | None:
    """The setting of the first word that names one, wherever it stands; for a picture that says its words anyway."""
    return next((setting for word in words_of(prompt) if (setting := _setting(word))), None)


def mood_of(words: Sequence[str]) -> str | None:
    """The mood that the words name: light and season win over day, night and softness, in any order."""
    strong = tuple(word for word in words if MOODS.get(word) not in FAINT_MOODS)
    return _first(strong, MOODS) or _first(words, MOODS)


def _plain(prompt: str) -> str:
    plain = unicodedata.normalize("NFKD", prompt[:10_000].casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))


def _parts(plain: str) -> Iterator[_Part]:
    """The prompt cut at punctuation, at prepositions and at verbs; words of asking left out."""
    after = ""
    words: list[str] = []
    for _, match in zip(range(_MAX_WORDS), _TOKEN.finditer(_MANNER.sub(" ", plain)), strict=False):
        token = match[0].strip()
        if token[:1].isalpha() and not _ends(token, words):
            if token not in ASKING and len(token) > 1:
                words.append(token)
            continue
        yield _Part(after, tuple(words))
        after, words = token, []
    yield _Part(after, tuple(words))


def _ends(word: str, before: Sequence[str]) -> bool:
    """Whether a subject ends before this word: it says where, or what is done."""
    if word in BOUNDARIES:
        return True
    doing = _DOING.fullmatch(word) is not None and _setting(word) is None and word not in BESIDE
    return doing and any(_setting(each) for each in before)


def _named(part: _Part, following: _Part | None) -> str | None:
    """What a part names: a setting, ``""`` for something that no scene shows, ``None`` if it names nothing."""
    words = part.words
    if not ABSTRACT.isdisjoint(words):
        return "abstract"
    if words[-2:] in PAIRS:
        return PAIRS[words[-2], words[-1]]
    if following is not None and following.after == "of" and words and words[-1] in MEASURES:
        return None if following.words else _setting(words[-1]) or ""
    head = next((at for at in reversed(range(len(words))) if not _is_beside(words[at])), None)
    if head is None:
        return None
    if not all(_is_understood(word) for word in words[:head]):
        return ""
    return _setting(words[head]) or ""


def _with_others(setting: str, others: Sequence[_Part]) -> str:
    """The setting, unless what is joined to it is something that its scene does not show."""
    for index, part in enumerate(others):
        if part.after == "of":
            named = _named(part, None)
            if named == "":
                return ""
        if part.after not in _JOINING:
            continue
        following = others[index + 1] if index + 1 < len(others) else None
        named = _named(part, following)
        if named is None or named == setting or (named in PLACES and setting in PLACES):
            continue
        return ""
    return setting


def _is_beside(word: str) -> bool:
    """Whether a word names nothing to show."""
    if word in SETTINGS:
        return False
    return word in BESIDE or word in MOODS or word.removesuffix("s") in BESIDE


def _is_understood(word: str) -> bool:
    """Whether a word before a noun is known, or has an adjective's ending."""
    return _is_beside(word) or _setting(word) is not None or _DESCRIBES.fullmatch(word) is not None


def _setting(word: str) -> str | None:
    return _first((word,), SETTINGS)


def _first(words: Sequence[str], table: Mapping[str, str]) -> str | None:
    for word in words:
        if word in table:
            return table[word]
        if word.endswith("s") and word[:-1] in table:
            return table[word[:-1]]
    return None
