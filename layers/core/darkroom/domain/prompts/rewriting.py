"""Rewriting prompts by rule: the same rough idea always becomes the same full prompt."""

from collections.abc import Iterable, Mapping
from random import Random
from typing import Final

from darkroom.domain.prompts.chance import chance
from darkroom.domain.prompts.reading import Scene, scene_of, words_of
from darkroom.domain.prompts.vocabulary import STOP_WORDS

MAX_LENGTH: Final = 4000

_PLACES: Final[dict[str, str]] = {
    "mountains": "layered ranges fading into haze, firs in the foreground",
    "ocean": "open water to a clean horizon, a path of light on the waves",
    "lake": "still water doubling the wooded shore",
    "underwater": "sunbeams from the surface, coral below, small fish between",
    "desert": "wind-cut dunes with one sharp crest between light and shade",
    "forest": "tall trunks in depth with mist between the rows",
    "field": "rolling hills and rows that run to the horizon",
    "snow": "fresh snow, firs bowed under it, flakes in the air",
    "city": "skylines in depth, lit windows, a wet street that doubles them",
    "space": "a deep nebula, one large planet off centre, a scatter of stars",
    "portrait": "a plain studio wall with a soft edge of light",
    "abstract": "a restrained backdrop with generous empty space",
}
_TABLETOP: Final = "a simple tabletop, an uncluttered wall behind it"
_LIGHT: Final[dict[str, str]] = {
    "sunset": "low sun behind the subject, long shadows, glowing edges",
    "dawn": "first light, soft and directional, thin mist",
    "golden": "warm late-afternoon light raking across the surfaces",
    "night": "moonlight as the key, small warm practical lights",
    "aurora": "curtains of green light overhead, a cool fill from the ground",
    "fog": "flat, diffused light that swallows the distance",
    "storm": "a break in heavy cloud, hard contrast",
    "neon": "saturated neon from two sides, reflections on wet surfaces",
    "noir": "one hard key light, deep controlled shadow",
    "ember": "firelight from below, sparks, dark surroundings",
}
_SOFT_LIGHT: Final = "soft daylight from one side, gentle contact shadows"
_LENSES: Final = (
    "35 mm lens, eye level, the subject on a third",
    "50 mm lens, shallow depth of field, the subject centred",
    "24 mm lens, low viewpoint, strong foreground",
    "85 mm lens, compressed perspective, clean background",
)
_MOODS: Final = (
    "calm and confident",
    "warm and inviting",
    "bold and energetic",
    "quiet and cinematic",
    "fresh and optimistic",
)
_STYLES: Final = (
    "crisp detail in the true materials, natural contrast",
    "fine texture, clean edges, colours kept to a few tones",
    "rich detail where the eye rests, everything else kept simple",
)
_CAMERA_MOVES: Final = (
    "a slow push in",
    "a gentle pan from left to right",
    "a steady tracking shot",
    "a slow arc around the subject",
    "a locked-off camera with movement only in the scene",
)
_CAMERA_WORDS: Final = frozenset(
    ("pan", "zoom", "push", "dolly", "tracking", "tilt", "orbit", "arc", "static", "camera")
)
_MOTION: Final[dict[str, str]] = {
    "ocean": "waves roll in and draw back",
    "lake": "ripples spread over the water",
    "underwater": "light shifts and small fish drift past",
    "forest": "leaves stir and mist moves between the trunks",
    "field": "wind runs through the grass",
    "snow": "flakes fall and settle",
    "city": "traffic streams by and windows flicker",
    "space": "stars drift and the planet turns slowly",
    "portrait": "a small change of expression, a breath",
    "cup": "steam curls up",
    "bowl": "steam curls up",
}
_SLIGHT_MOTION: Final = "small natural movement, nothing jumps"
_SHAPES: Final[dict[str, str]] = {
    "wide": "a wide frame with room on both sides of the subject",
    "tall": "a tall frame built from foreground to sky",
    "square": "a balanced square frame",
}


def enhance_prompt(
    prompt: str,
    *,
    brand: Mapping[str, str] | None = None,
    aspect_ratio: str | None = None,
    notes: Iterable[str] = (),
) -> str:
    """The unchanged prompt, followed by setting, light, lens, mood and palette; at most 4000 characters.

    ``brand`` may hold any short facts (``name``, ``tone``, ``colors``, …); they are quoted as they are.
    ``notes`` are whole lines. A prompt that leaves no room is cut to the limit.
    """
    words = prompt.strip()
    rng = chance("enhance", words)
    reading = scene_of(words, rng)
    lines = [
        f"Subject: {_subject(words)}." if _subject(words) else "",
        f"Setting: {_setting(reading)}.",
        f"Light: {_LIGHT.get(reading.mood, _SOFT_LIGHT)}.",
        f"Composition: {rng.choice(_LENSES)}{_frame(aspect_ratio)}.",
        f"Mood: {rng.choice(_MOODS)}.",
        f"Palette: {reading.mood} tones with one clear accent, natural contrast.",
        *(f"Brand {_plain(key)}: {_plain(value)}." for key, value in (brand or {}).items() if _plain(value)),
        *notes,
        "Finish: fine detail, true materials, no stray text.",
    ]
    parts = [words] if words else []
    for line in filter(None, lines):
        if len("\n".join([*parts, line])) <= MAX_LENGTH:
            parts.append(line)
    return "\n".join(parts)[:MAX_LENGTH]


def refine_prompt(prompt: str, mode: str) -> str:
    """The prompt, followed by one paragraph on scene, light and camera; at most 4000 characters.

    ``mode`` is ``image`` or ``video``: a still gets a lens and a finish; a clip gets a camera move, what moves, and
    that it is one shot. What does not fit is left out.
    """
    words = " ".join(prompt.split())
    rng = chance("refine", mode, words)
    scene = scene_of(words, rng)
    setting = _setting(scene)
    details = [f"{setting[:1].upper()}{setting[1:]}", _LIGHT.get(scene.mood, _SOFT_LIGHT)]
    details += _moving(scene, frozenset(words_of(words)), rng) if mode == "video" else _still(rng)
    text = words[:MAX_LENGTH].rstrip(" .,;:")
    for sentence in [f"{', '.join(details)}.", f"The mood is {rng.choice(_MOODS)}."]:
        if len(text) + len(sentence) + 2 <= MAX_LENGTH:
            text = f"{text.rstrip('.')}. {sentence}"
    return text


def _still(rng: Random) -> list[str]:
    return [rng.choice(_LENSES), rng.choice(_STYLES)]


def _moving(scene: Scene, words: frozenset[str], rng: Random) -> list[str]:
    camera = [] if words & _CAMERA_WORDS else [rng.choice(_CAMERA_MOVES)]
    moves = _MOTION.get(scene.setting or "", _SLIGHT_MOTION)
    return [*camera, moves, "one continuous shot that ends on a calm frame"]


def _subject(prompt: str) -> str:
    """The first few words that carry meaning."""
    kept = [word for word in prompt.split() if word.casefold().strip(".,;:!?") not in STOP_WORDS]
    return " ".join(kept[:8]).rstrip(".,;:!?")[:120]


def _setting(reading: Scene) -> str:
    return _PLACES.get(reading.setting or "abstract", _TABLETOP)


def _frame(aspect_ratio: str | None) -> str:
    width, _, height = (aspect_ratio or "").partition(":")
    if not (width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        return ""
    shape = "square" if int(width) == int(height) else "wide" if int(width) > int(height) else "tall"
    return f", {_SHAPES[shape]} ({aspect_ratio})"


def _plain(text: str) -> str:
    return " ".join(str(text).split())[:200]
