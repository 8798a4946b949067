"""Reads what a prompt says about movement: the camera's way, its pace, and what drifts through the picture."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from darkroom.domain.prompts.reading import words_of

# The first pattern that matches decides. A camera's words are no subject: they are taken out before painting.
_MOVES: Final = (
    (
        "static",
        r"(?:static|locked[- ]off|still) (?:shot|camera)|camera (?:is )?(?:static|still|fixed)|tripod",
    ),
    (
        "pull",
        r"(?:zoom(?:s|ing)?[- ]out|pull(?:s|ing)?[- ](?:back|out)|dolly(?:ing)?[- ]out)",
    ),
    ("left", r"(?:pan(?:s|ning)?|truck(?:s|ing)?|track(?:s|ing)?|slid(?:es?|ing)) (?:to the )?left"),
    ("right", r"(?:pan(?:s|ning)?|truck(?:s|ing)?|track(?:s|ing)?|slid(?:es?|ing)) (?:to the )?right"),
    ("up", r"(?:tilt(?:s|ing)?|crane(?:s)?|pan(?:s|ning)?|pedestal) up(?:wards?)?|ris(?:es?|ing) camera"),
    ("down", r"(?:tilt(?:s|ing)?|crane(?:s)?|pan(?:s|ning)?|pedestal) down(?:wards?)?"),
    ("orbit", r"orbit(?:s|ing)?(?: around)?|arc shot|(?:circl|rotat)(?:es?|ing) around|360"),
    (
        "push",
        r"(?:zoom(?:s|ing)?(?:[- ]in)?|push(?:es|ing)?[- ]in|dolly(?:ing)?(?:[- ]in)?)",
    ),
    ("push", r"fly(?:ing)?[- ]?(?:through|over|towards)|drone(?: shot)?|aerial(?: shot)?"),
    ("right", r"pan(?:s|ning)?(?: shot)?|tracking shot"),
)
_PACE: Final = r"(?:(?:slow(?:ly)?|gentl[ey]|fast|quick(?:ly)?) )?"
_CAMERA: Final = tuple(
    (move, re.compile(rf"\b{_PACE}(?:{pattern})\b", re.IGNORECASE)) for move, pattern in _MOVES
)
# What the camera does where nothing is said. Only a painted scene may begin closer than it was drawn.
SCENE_MOVES: Final = ("push", "push", "orbit", "right", "left", "pull")
PICTURE_MOVES: Final = ("push", "push", "orbit", "right", "left")
TALK_MOVES: Final = ("static",)
_SLOW: Final = frozenset(("slow", "slowly", "gentle", "gently", "calm", "subtle", "serene", "peaceful"))
_FAST: Final = frozenset(("fast", "quick", "quickly", "dramatic", "rapid", "dynamic", "action", "energetic"))

_AIRS: Final = {
    "snow": "snow snowy snowfall winter blizzard ski skiing arctic christmas frost",
    "rain": "rain rainy raining storm stormy thunder drizzle monsoon",
    "embers": "fire campfire flames flame volcano lava ember embers candle forge bonfire dragon",
    "bubbles": "underwater reef coral fish whale shark jellyfish aquarium diving champagne soda",
    "stars": "space galaxy planet cosmos nebula stars starry night midnight moon moonlight aurora astronaut",
    "petals": "blossom cherry sakura spring petals wedding rose roses",
    "leaves": "autumn fall october leaves",
    "fireflies": "forest jungle woods meadow enchanted magical fairy fireflies garden",
    "glints": "ocean sea beach lake river waves water boat harbor harbour island lighthouse",
    "bokeh": "city street neon party club skyline bokeh cyberpunk concert stage",
    "steam": "coffee tea espresso soup ramen food mug cup latte breakfast dinner",
}
_AIR_OF: Final = {word: air for air, words in _AIRS.items() for word in words.split()}
_WATER: Final = _AIRS["glints"] + " waves coast underwater reef"
_LIVING: Final = (
    "portrait person woman man girl boy people cat dog fox panda rabbit bunny puppy kitten face model"
)


@dataclass(frozen=True, slots=True)
class Direction:
    """How a still is to come to life.

    ``move`` is static, push, pull, left, right, up, down or orbit; ``pace`` scales it (1 is usual); ``air`` is what
    drifts through; ``water`` ripples the lower part; ``living`` lets the middle breathe.
    """

    move: str
    pace: float
    air: str
    water: bool = False
    living: bool = False


def direct(prompt: str, rng: Random, usual_moves: Sequence[str] = SCENE_MOVES) -> Direction:
    """What the words ask for; where they leave the camera's way open, ``rng`` chooses one of ``usual_moves``."""
    words = words_of(prompt)
    usual = rng.choice(usual_moves)
    known = frozenset(words)
    return Direction(
        move=next((move for move, pattern in _CAMERA if pattern.search(prompt)), usual),
        pace=0.55 if known & _SLOW else 1.6 if known & _FAST else 1.0,
        air=next((_AIR_OF[word] for word in words if word in _AIR_OF), "dust"),
        water=not known.isdisjoint(_WATER.split()),
        living=not known.isdisjoint(_LIVING.split()),
    )


def subject(prompt: str) -> str:
    """The prompt without the camera's words, which would otherwise be painted."""
    for _, pattern in _CAMERA:
        prompt = pattern.sub(" ", prompt)
    return " ".join(prompt.split())
