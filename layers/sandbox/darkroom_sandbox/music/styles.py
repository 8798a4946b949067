"""What the words of a prompt mean in music: a style's tempo, scale, players and beat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from darkroom.domain.prompts.reading import words_of


@dataclass(frozen=True, slots=True)
class Style:
    """How a kind of music is played.

    ``tempo`` is a range in beats a minute; ``chords``, ``lead`` and ``bass`` name voices; ``figure`` is how the
    chords are played (held, pulse, broken, stabs); ``beat`` names a drum pattern or is empty; ``swing`` delays
    every second eighth by that share of it; ``sevenths`` enriches the chords; ``wet`` is how much room there is,
    0..1; ``pump`` ducks everything at each kick.
    """

    tempo: tuple[int, int]
    mode: str
    chords: str
    lead: str
    bass: str
    figure: str
    beat: str
    swing: float = 0.0
    sevenths: bool = False
    wet: float = 0.25
    pump: bool = False


STYLES: Final[Mapping[str, Style]] = {
    "pop": Style((98, 116), "major", "pad", "pluck", "bass", "broken", "pop", wet=0.22),
    "lofi": Style((72, 86), "dorian", "keys", "keys", "bass", "held", "lofi", 0.28, True, 0.26),
    "ambient": Style((58, 68), "lydian", "strings", "bell", "sub", "held", "", sevenths=True, wet=0.55),
    "electronic": Style((120, 126), "minor", "pad", "lead", "bass", "broken", "house", wet=0.24, pump=True),
    "rock": Style((124, 146), "minor", "drive", "lead", "bass", "pulse", "rock", wet=0.14),
    "jazz": Style((104, 132), "dorian", "keys", "pluck", "walk", "stabs", "ride", 0.33, True, 0.24),
    "cinematic": Style((78, 94), "minor", "strings", "horn", "sub", "pulse", "drums", wet=0.45),
    "piano": Style((72, 92), "major", "piano", "piano", "sub", "broken", "", sevenths=True, wet=0.38),
    "folk": Style((92, 108), "major", "guitar", "pluck", "bass", "broken", "shaker", wet=0.2),
    "trap": Style((68, 76), "minor", "pad", "bell", "sub", "held", "trap", wet=0.28),
    "funk": Style((104, 114), "dorian", "keys", "pluck", "walk", "stabs", "funk", 0.12, True, 0.16),
}

_NAMES: Final = {
    "pop": "pop indie happy upbeat cheerful jingle summer commercial",
    "lofi": "lofi lo-fi chill chillhop chillout study relax relaxed hip-hop hiphop rnb soul cozy coffee",
    "ambient": "ambient meditation sleep drone calm peaceful yoga spa ethereal space serene",
    "electronic": "electronic edm house techno trance dance synthwave synth synthpop disco club dubstep rave arcade",
    "rock": "rock metal punk grunge alternative garage emo hardcore",
    "jazz": "jazz swing bossa bebop blues lounge saxophone nova",
    "cinematic": "cinematic epic orchestral orchestra trailer film score dramatic symphonic heroic battle adventure",
    "piano": "piano classical ballad sonata waltz lullaby nocturne romantic wedding emotional",
    "folk": "folk acoustic country guitar bluegrass ukulele campfire singer-songwriter americana celtic",
    "trap": "trap rap drill phonk gangsta hood",
    "funk": "funk funky groove groovy reggae ska afrobeat latin salsa samba",
}
_STYLE_OF: Final = {word: style for style, words in _NAMES.items() for word in words.split()}
_SAD: Final = "sad dark melancholy melancholic moody lonely heartbreak minor tragic haunting rain rainy"
_GLAD: Final = "happy joyful bright cheerful uplifting sunny major hopeful celebration birthday fun"
_SLOW: Final = "slow slowly calm gentle relaxing sleepy"
_FAST: Final = "fast energetic upbeat driving intense quick hyper workout running"


def read_style(prompt: str, style: str, rng: Random) -> Style:
    """The style that words ask for, those of ``style`` before the prompt's; ``rng`` chooses where they name none."""
    words = (*words_of(style), *words_of(prompt))
    usual = rng.choice(("pop", "lofi", "electronic", "piano", "folk"))
    chosen = STYLES[next((_STYLE_OF[word] for word in words if word in _STYLE_OF), usual)]
    known = frozenset(words)
    if not known.isdisjoint(_SAD.split()):
        chosen = replace(chosen, mode="minor" if chosen.mode in ("major", "lydian") else chosen.mode)
    elif not known.isdisjoint(_GLAD.split()):
        chosen = replace(chosen, mode="major" if chosen.mode == "minor" else chosen.mode)
    low, high = chosen.tempo
    slow, fast = not known.isdisjoint(_SLOW.split()), not known.isdisjoint(_FAST.split())
    pace = 0.86 if slow else 1.12 if fast else 1.0
    return replace(chosen, tempo=(round(low * pace), round(high * pace)))
