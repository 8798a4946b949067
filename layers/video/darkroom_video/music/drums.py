"""The drummer: a few sounds made of tones and noise, and patterns of sixteenths to play them in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

import numpy as np

from darkroom_video.music.score import BEATS, Bar
from darkroom_video.music.voices import RATE, Samples

STEPS: Final = 16
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
_GAINS: Final = {
    "kick": 0.62, "snare": 0.5, "clap": 0.42, "rim": 0.34, "hat": 0.24, "ride": 0.2, "shaker": 0.16, "tom": 0.5, "boom": 0.5,
}
PANS: Final = {"hat": 0.25, "ride": -0.25, "shaker": 0.3, "rim": -0.12, "tom": -0.1}


def hits(beat: str, bar: Bar) -> Iterator[tuple[str, float, float]]:
    """Drum, when (in beats) and how loud, for one bar; a sparse bar has none, a middling one has no backbeat."""
    if not beat or bar.level < 2:
        return
    for drum, line in _PATTERNS[beat].items():
        for step, mark in enumerate(line):
            if mark != "0":
                yield drum, bar.number * BEATS + step / 4, int(mark) / 9 * _GAINS[drum] * (0.7 + 0.1 * bar.level)
    if bar.fill:
        for step in range(12, STEPS):
            drum = "tom" if beat in ("drums", "shaker") else "snare"
            yield drum, bar.number * BEATS + step / 4, 0.16 + 0.07 * (step - 11)


@cache
def sound(drum: str) -> Samples:
    """One stroke. Callers must not write into it."""
    length = {"kick": 0.35, "snare": 0.25, "clap": 0.25, "rim": 0.08, "hat": 0.07, "ride": 0.5, "shaker": 0.07}
    t = np.arange(int(length.get(drum, 0.9) * RATE)) / RATE
    noise = np.random.Generator(np.random.PCG64(len(drum) * 31 + ord(drum[0]))).normal(0, 0.4, len(t))
    hiss = np.diff(np.diff(noise, prepend=0), prepend=0)
    match drum:
        case "kick":
            made = _sweep(t, 46, 110, 32) * np.exp(-t * 11) + 0.15 * noise * np.exp(-t * 240)
        case "snare":
            made = np.sin(2 * np.pi * 188 * t) * np.exp(-t * 28) * 0.6 + np.diff(noise, prepend=0) * np.exp(-t * 19)
        case "clap":
            bursts = sum(np.exp(-np.abs(t - start) * 210) for start in (0.0, 0.011, 0.022)) + np.exp(-t * 22) * 0.6
            made = np.diff(noise, prepend=0) * bursts * 0.8
        case "rim":
            made = np.sin(2 * np.pi * 830 * t) * np.exp(-t * 90) + 0.5 * hiss * np.exp(-t * 140)
        case "hat":
            made = hiss * np.exp(-t * 75)
        case "shaker":
            made = hiss * np.sin(np.pi * np.clip(t / 0.06, 0, 1)) ** 2
        case "ride":
            tones = sum(np.sin(2 * np.pi * f * t) for f in (3170, 4210, 5460, 6890))
            made = (0.16 * tones + 0.35 * hiss) * np.exp(-t * 8)
        case "tom":
            made = _sweep(t, 72, 60, 14) * np.exp(-t * 5.5) + 0.1 * noise * np.exp(-t * 60)
        case _:
            made = _sweep(t, 38, 50, 9) * np.exp(-t * 3.4)
    fade = np.clip((len(t) - np.arange(len(t))) / 300, 0, 1)
    return (made * fade).astype(np.float32)


def _sweep(t: Samples, low: float, extra: float, speed: float) -> Samples:
    """A tone that falls to ``low`` hertz from ``extra`` above."""
    return np.sin(2 * np.pi * (low * t + extra * (1 - np.exp(-t * speed)) / speed))
