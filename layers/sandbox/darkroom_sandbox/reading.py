"""Reads a prompt for the painter: setting, mood, and the colours it names."""

from dataclasses import dataclass
from random import Random

from darkroom.domain.prompts.reading import mood_of, named_in, scene_of, words_of
from darkroom.domain.prompts.vocabulary import COLOURS
from darkroom_sandbox.colours import Rgb, rgb


@dataclass(frozen=True, slots=True)
class Reading:
    """What the words ask for. ``setting`` is ``None`` when no scene shows what they are about.

    ``has_mood`` says that the words name the mood; else chance chose it.
    """

    setting: str | None
    mood: str
    colours: tuple[Rgb, ...]
    words: frozenset[str]
    has_mood: bool


def read(prompt: str, rng: Random, *, loosely: bool = False) -> Reading:
    """Maps words to a scene; where they leave a choice open, ``rng`` makes it.

    ``loosely`` takes any word that names a scene, for a picture that says its words anyway.
    """
    words = words_of(prompt)
    scene = scene_of(prompt, rng)
    setting = scene.setting or (named_in(prompt) if loosely else None)
    colours = tuple(rgb(COLOURS[word]) for word in words if word in COLOURS)
    singular = {word[:-1] for word in words if word.endswith("s")}
    return Reading(setting, scene.mood, colours[:3], frozenset(words) | singular, mood_of(words) is not None)
