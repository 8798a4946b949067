"""The drummer: a few sounds made of tones and noise, and patterns of sixteenths to play them in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Final

import numpy as np

from darkroom_sandbox.music.score import BEATS, Bar
from darkroom_sandbox.music.voices import RATE, Samples, Wave

STEPS: Final = 16
PANS: Final = {"hat": 0.25, "ride": -0.25, "shaker": 0.3, "rim": -0.12, "tom": -0.1}
# A line a drum: sixteen steps, 0 silent to 9 loudest.
_PATTERNS: Final[Mapping[str, Mapping[str, str]]] = {
    "pop": {"kick": "9000004090000000", "snare": "0000800000008002", "hat": "5030503050305032"},
    "lofi": {"kick": "9000000500700000", "rim": "0000700000007000", "hat": "4020402040204022"},
    "house": {"kick": "9000900090009000", "clap": "0000800000008000", "hat": "0060006000600062"},
    "rock": {"kick": "9000000090900000", "snare": "0000900000009000", "hat": "6040604060406040"},
    "ride": {"kick": "4000000040000000", "ride": "6000604060006040", "hat": "0000500000005000"},
    "drums": {"tom": "9000004070000070", "boom": "9000000000000000"},
    "shaker": {"kick": "7000000060000000", "rim": "0000500000005000", "shaker": "4253425342534253"},
    "trap": {"kick": "9000000000900000", "clap": "0000000090000000", "hat": "5050505550505255"},
    "funk": {"kick": "9020000070900000", "snare": "0000900200209000", "hat": "6353635363536353"},
}


def hits(beat: str, bar: Bar) -> Iterator[tuple[str, float, float]]:
    """Drum, when (in beats) and how loud, for one bar; a sparse bar has none, some bars end with a fill."""
    if not beat or bar.level < 2:
        return
    start = bar.number * BEATS
    for drum, line in _PATTERNS[beat].items():
        for step, mark in enumerate(line):
            if mark != "0":
                yield drum, start + step / 4, int(mark) / 9 * _DRUMS[drum][1] * (0.7 + 0.1 * bar.level)
    if bar.fill:
        drum = "tom" if beat in ("drums", "shaker") else "snare"
        for step in range(12, STEPS):
            yield drum, start + step / 4, 0.16 + 0.07 * (step - 11)


@cache
def sound(drum: str) -> Samples:
    """One stroke. Callers must not write into it."""
    length, _, made = _DRUMS[drum]
    t = np.arange(int(length * RATE)) / RATE
    noise = np.random.Generator(np.random.PCG64(len(drum) * 31 + ord(drum[0]))).normal(0, 0.4, len(t))
    fade = np.clip((len(t) - np.arange(len(t))) / 300, 0, 1)
    return (made(t, noise) * fade).astype(np.float32)


def _dying(t: Wave, speed: float) -> Wave:
    return np.exp(-t * speed)


def _tone(t: Wave, hertz: float) -> Wave:
    wave: Wave = np.sin(2 * np.pi * hertz * t)
    return wave


def _falling(t: Wave, low: float, extra: float, speed: float) -> Wave:
    """A tone that falls to ``low`` hertz from ``extra`` above."""
    wave: Wave = np.sin(2 * np.pi * (low * t + extra * (1 - _dying(t, speed)) / speed))
    return wave


def _bright(noise: Wave, times: int = 1) -> Wave:
    """Noise without its low end; the more ``times``, the thinner."""
    for _ in range(times):
        noise = np.diff(noise, prepend=0)
    return noise


def _clap(t: Wave, noise: Wave) -> Wave:
    hands = [np.exp(-np.abs(t - start) * 210) for start in (0.0, 0.011, 0.022)]
    return _bright(noise) * (np.sum(hands, axis=0) + _dying(t, 22) * 0.6) * 0.8


def _ride(t: Wave, noise: Wave) -> Wave:
    tones = np.sum([_tone(t, hertz) for hertz in (3170, 4210, 5460, 6890)], axis=0)
    metal: Wave = (0.16 * tones + 0.35 * _bright(noise, 2)) * _dying(t, 8)
    return metal


# Seconds, gain, and how it sounds made of time and noise.
_DRUMS: Final[Mapping[str, tuple[float, float, Callable[[Wave, Wave], Wave]]]] = {
    "kick": (0.35, 0.62, lambda t, n: _falling(t, 46, 110, 32) * _dying(t, 11) + 0.15 * n * _dying(t, 240)),
    "snare": (0.25, 0.5, lambda t, n: _tone(t, 188) * _dying(t, 28) * 0.6 + _bright(n) * _dying(t, 19)),
    "clap": (0.25, 0.42, _clap),
    "rim": (0.08, 0.34, lambda t, n: _tone(t, 830) * _dying(t, 90) + 0.5 * _bright(n, 2) * _dying(t, 140)),
    "hat": (0.07, 0.24, lambda t, n: _bright(n, 2) * _dying(t, 75)),
    "shaker": (0.07, 0.16, lambda t, n: _bright(n, 2) * np.sin(np.pi * np.clip(t / 0.06, 0, 1)) ** 2),
    "ride": (0.5, 0.2, _ride),
    "tom": (0.9, 0.5, lambda t, n: _falling(t, 72, 60, 14) * _dying(t, 5.5) + 0.1 * n * _dying(t, 60)),
    "boom": (0.9, 0.5, lambda t, _: _falling(t, 38, 50, 9) * _dying(t, 3.4)),
}
