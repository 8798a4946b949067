"""Writing the piece: bars, chords, a melody that repeats and varies, and when each player plays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from random import Random
from typing import Final

from darkroom_sandbox.music.styles import Style

BEATS: Final = 4
SCALES: Final = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "minor": (0, 2, 3, 5, 7, 8, 10),
}
_PROGRESSIONS: Final = {
    "major": ((0, 4, 5, 3), (0, 5, 3, 4), (5, 3, 0, 4), (0, 3, 1, 4)),
    "lydian": ((0, 1, 0, 4), (0, 4, 1, 0), (0, 2, 1, 4)),
    "dorian": ((0, 3, 0, 3), (0, 2, 3, 6), (1, 4, 0, 0), (0, 6, 3, 0)),
    "minor": ((0, 5, 2, 6), (0, 3, 5, 6), (0, 5, 3, 4), (0, 6, 5, 6)),
}
# Rhythms of a bar, in beats; the sums are 4.
_RHYTHMS: Final = (
    (1.0, 0.5, 0.5, 1.0, 1.0),
    (1.5, 0.5, 1.0, 1.0),
    (0.5, 0.5, 1.0, 0.5, 0.5, 1.0),
    (1.5, 1.5, 1.0),
    (2.0, 1.0, 1.0),
    (1.0, 1.0, 2.0),
)
# When, how long (both in beats), how strongly, how much higher (in semitones).
_BASS_FIGURE: Final = (
    (0.0, 1.4, 0.85, 0),
    (1.5, 0.45, 0.6, 0),
    (2.0, 0.9, 0.75, 0),
    (3.0, 0.45, 0.6, 0),
    (3.5, 0.45, 0.65, 12),
)


@dataclass(frozen=True, slots=True)
class Note:
    """One note: where it begins and how long it sounds, in beats; its pitch as a MIDI number; 0..1 how strongly."""

    beat: float
    length: float
    pitch: int
    force: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its chord as a scale degree, how full it is (1 sparse, 3 everything), whether a fill ends it."""

    number: int
    degree: int
    level: int
    fill: bool


@dataclass(frozen=True, slots=True)
class Score:
    """The whole piece. ``tempo`` is in beats a minute."""

    style: Style
    tempo: int
    bars: tuple[Bar, ...]
    chords: tuple[tuple[Note, ...], ...]
    melody: tuple[Note, ...]
    bass: tuple[Note, ...]


class Harmony:
    """A key: turns scale degrees into pitches. ``root`` is a MIDI number."""

    def __init__(self, root: int, mode: str) -> None:
        self._root, self._scale = root, SCALES[mode]

    def pitch(self, degree: int) -> int:
        """The pitch of a degree; 7 is an octave above 0."""
        octave, step = divmod(degree, 7)
        return self._root + 12 * octave + self._scale[step]

    def chord(self, degree: int, *, seventh: bool, centre: int) -> list[int]:
        """A chord's pitches moved by octaves as near to ``centre`` as they get, so that hands move little."""
        steps = (0, 2, 4, 6) if seventh else (0, 2, 4)
        pitches = (self.pitch(degree + step) for step in steps)
        return sorted(centre - 6 + (pitch - centre + 6) % 12 for pitch in pitches)


def write(style: Style, seconds: float, rng: Random) -> Score:
    """A piece at least ``seconds`` long."""
    tempo = rng.randint(*style.tempo)
    count = max(2, ceil(seconds * tempo / 60 / BEATS))
    harmony = Harmony(rng.randint(45, 52), style.mode)
    bars = tuple(_bars(style, count, rng))
    return Score(
        style,
        tempo,
        bars,
        tuple(tuple(_chord(bar, harmony, style, rng)) for bar in bars),
        tuple(_melody(bars, harmony, rng)),
        tuple(
            note for bar, after in pairwise((*bars, bars[0])) for note in _bass(bar, after, harmony, style)
        ),
    )


def _bars(style: Style, count: int, rng: Random) -> Iterator[Bar]:
    """Sections of eight bars (four in a short piece): in, out again before the last one, and a quiet end."""
    options = _PROGRESSIONS[style.mode]
    verse, chorus = rng.choice(options), rng.choice(options)
    length = 8 if count > 20 else 4 if count > 7 else 2
    sections = ceil(count / length)
    for number in range(count):
        section = number // length
        level = (1, 2, 3, 3, 1, 2, 3, 3)[section % 8] if section else (1 if sections > 2 else 2)
        if number >= count - 1 and sections > 2:
            level = 1
        progression = chorus if level == 3 else verse
        last_of_section = number % length == length - 1
        yield Bar(number, progression[number % 4], level, fill=last_of_section and level > 1)


def _chord(bar: Bar, harmony: Harmony, style: Style, rng: Random) -> Iterator[Note]:
    pitches = harmony.chord(bar.degree, seventh=style.sevenths, centre=62)
    start = bar.number * BEATS
    match style.figure:
        case "held":
            yield from (Note(start, BEATS, pitch, 0.7) for pitch in pitches)
        case "pulse":
            for half in range(BEATS * 2):
                force = 0.8 if half % 4 == 0 else 0.55
                yield from (Note(start + half / 2, 0.48, pitch, force) for pitch in pitches)
        case "stabs":
            for beat, length in rng.choice((((0.0, 0.9), (1.5, 0.6), (3.0, 0.4)), ((0.5, 0.5), (2.0, 1.2)))):
                yield from (Note(start + beat, length, pitch, 0.7) for pitch in pitches)
        case _:
            yield from (Note(start, BEATS, pitch, 0.35) for pitch in pitches)
            order = [*pitches, pitches[0] + 12, *reversed(pitches)]
            for half in range(BEATS * 2):
                yield Note(start + half / 2, 0.9, order[half % len(order)] + 12, 0.5 + 0.15 * (half % 4 == 0))


def _melody(bars: tuple[Bar, ...], harmony: Harmony, rng: Random) -> Iterator[Note]:
    """One phrase of four bars, its third bar varied the second time round; silent where the music is sparse."""
    phrase = [
        (rng.choice(_RHYTHMS), [rng.choice((-2, -1, -1, 0, 1, 1, 2)) for _ in range(8)]) for _ in range(4)
    ]
    other = [(rng.choice(_RHYTHMS), [rng.choice((-1, 0, 1, 2, -2)) for _ in range(8)]) for _ in range(4)]
    for bar in bars:
        if bar.level < 2:
            continue
        chorus, place = bar.level == 3, bar.number % 4
        rhythm, steps = (other if chorus or (bar.number // 4 % 2 and place == 2) else phrase)[place]
        yield from _phrase(bar, rhythm, steps, harmony, 7 if not chorus else 9)


def _phrase(
    bar: Bar, rhythm: tuple[float, ...], steps: list[int], harmony: Harmony, base: int
) -> Iterator[Note]:
    beat, degree = float(bar.number * BEATS), bar.degree % 7 + base
    if degree > base + 4:
        degree -= 7
    home = degree
    for i, length in enumerate(rhythm):
        strong = beat % 2 == 0
        if strong and i:
            degree = home + min((0, 2, 4), key=lambda tone: abs(home + tone - degree))
        resting = i == len(rhythm) - 1 and bar.number % 2 == 1 and length <= 1
        if not resting:
            yield Note(beat, length * 0.95, harmony.pitch(degree + 7), 0.85 if strong else 0.65)
        degree = max(base - 3, min(base + 8, degree + steps[i % len(steps)]))
        beat += length


def _bass(bar: Bar, after: Bar, harmony: Harmony, style: Style) -> Iterator[Note]:
    root, following = (_low(harmony.pitch(degree)) for degree in (bar.degree, after.degree))
    start = bar.number * BEATS
    if bar.level < 2 or style.bass == "sub":
        yield Note(start, BEATS * 0.98, root, 0.75)
    elif style.bass == "walk":
        third, fifth = (_low(harmony.pitch(bar.degree + step)) for step in (2, 4))
        near = following + (1 if following <= fifth else -1)
        for beat, pitch in enumerate((root, third, fifth, near)):
            yield Note(start + beat, 0.85, pitch, 0.75)
    else:
        for at, length, force, lift in _BASS_FIGURE:
            yield Note(start + at, length, root + lift, force)


def _low(pitch: int) -> int:
    """The same tone in the bass's octave."""
    return 31 + (pitch - 31) % 12
