"""Reads a prompt for the painter: setting, mood, and the colours it names."""

from dataclasses import dataclass
from random import Random

from darkroom.domain.prompts.reading import scene_of, words_of
from darkroom.domain.prompts.vocabulary import COLOURS
from darkroom_sandbox.colours import Rgb, rgb


@dataclass(frozen=True, slots=True)
class Reading:
    """What the words ask for. ``setting`` is ``abstract`` when no word names a place or a thing."""

    setting: str
    mood: str
    colours: tuple[Rgb, ...]
    words: frozenset[str]


def read(prompt: str, rng: Random) -> Reading:
    """Maps words to a scene; where they leave a choice open, ``rng`` makes it."""
    words = words_of(prompt)
    scene = scene_of(words, rng)
    colours = tuple(rgb(COLOURS[word]) for word in words if word in COLOURS)
    singular = {word[:-1] for word in words if word.endswith("s")}
    return Reading(scene.setting, scene.mood, colours[:3], frozenset(words) | singular)
