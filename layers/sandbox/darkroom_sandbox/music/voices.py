"""The players: each makes one note as an array of samples, from a few harmonics and an envelope."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

RATE: Final = 44_100
TABLE: Final = 4096

type Samples = NDArray[np.float32]
type Wave = NDArray[np.float64]


def frequency(pitch: int) -> float:
    """Hertz of a MIDI number."""
    return float(440.0 * 2 ** ((pitch - 69) / 12))


@lru_cache(maxsize=512)
def note(voice: str, pitch: int, millis: int) -> Samples:
    """One note at full force; it may ring on after its length in milliseconds. Callers must not write into it."""
    return VOICES[voice](frequency(pitch), millis / 1000).astype(np.float32)


def _time(seconds: float) -> Wave:
    return np.arange(int(seconds * RATE)) / RATE


@lru_cache(maxsize=64)
def _table(name: str, partials: int) -> NDArray[np.float32]:
    """One period of a wave, of as many partials as stay below half the sample rate."""
    phase = np.arange(TABLE) / TABLE
    n = np.arange(1, partials + 1)
    strength = {
        "saw": 1 / n,
        "soft": 1 / n**1.7,
        "hollow": (n % 2) / n**1.3,
        "reed": np.exp(-((n - 3) ** 2) / 8) + 0.6 / n,
    }[name]
    wave = np.sin(2 * np.pi * phase[:, None] * n) @ strength
    shape: NDArray[np.float32] = (wave / np.abs(wave).max()).astype(np.float32)
    return shape


def _wave(name: str, hertz: float, t: Wave, *, bright: float, bend: Wave | float = 0.0) -> Wave:
    """A wave whose partials end at ``bright`` hertz; ``bend`` shifts its phase, in periods."""
    partials = int(max(1, min(40, bright / hertz)))
    index = ((hertz * t + bend) % 1.0 * TABLE).astype(np.int32) % TABLE
    return _table(name, partials)[index].astype(np.float64)


def _shaped(wave: Wave, seconds: float, attack: float, release: float) -> Wave:
    """Fades in over ``attack`` seconds and out over ``release`` from ``seconds`` on."""
    t = np.arange(len(wave)) / RATE
    rise = np.clip(t / attack, 0, 1)
    fall = np.clip((seconds + release - t) / release, 0, 1)
    return wave * rise * fall**2


def _vibrato(hertz: float, t: Wave, depth: float = 0.004) -> Wave:
    return hertz * depth / 5.4 * np.sin(2 * np.pi * 5.4 * t) * np.clip((t - 0.15) / 0.4, 0, 1) / (2 * np.pi)


def _pad(hertz: float, seconds: float) -> Wave:
    t = _time(seconds + 0.7)
    strings = [
        _wave("saw", hertz * cents, t, bright=2200, bend=i * 0.37)
        for i, cents in enumerate((0.996, 1, 1.0043))
    ]
    return _shaped(np.sum(strings, axis=0) * 0.3, seconds, 0.22, 0.7)


def _strings(hertz: float, seconds: float) -> Wave:
    t = _time(seconds + 0.8)
    bend = _vibrato(hertz, t)
    players = [
        _wave("saw", hertz * cents, t, bright=3400, bend=bend + i * 0.41)
        for i, cents in enumerate((0.9975, 1.0022))
    ]
    return _shaped(np.sum(players, axis=0) * 0.4, seconds, min(0.3, seconds * 0.4), 0.8)


def _keys(hertz: float, seconds: float) -> Wave:
    t = _time(seconds + 0.5)
    strike = np.exp(-t * 9) * 0.16 * np.sin(2 * np.pi * hertz * 7 * t) * (hertz < 900)
    body = np.sin(2 * np.pi * hertz * t + 1.1 * np.exp(-t * 3.2) * np.sin(2 * np.pi * hertz * t))
    return _shaped(
        (body + strike) * np.exp(-t * 1.3) * (1 + 0.12 * np.sin(2 * np.pi * 4.6 * t)) * 0.7,
        seconds,
        0.004,
        0.5,
    )


def _struck(
    hertz: float, seconds: float, *, partials: int, damping: float, stretch: float, ring: float
) -> Wave:
    """A struck or plucked string: every partial dies away faster than the one below it."""
    t = _time(min(seconds + ring, 3.5))
    result = np.zeros(len(t))
    for n in range(1, partials + 1):
        high = hertz * n * (1 + stretch * n * n)
        if high < 12_000:
            result += np.sin(2 * np.pi * high * t) * np.exp(-t * damping * (0.6 + 0.45 * n)) / n**1.15
    return _shaped(result * 0.5, min(seconds, 3.5 - ring), 0.003, ring)


def _bell(hertz: float, seconds: float) -> Wave:
    t = _time(min(seconds, 1.5) + 1.6)
    wave = np.sin(2 * np.pi * hertz * t + 1.6 * np.exp(-t * 2.4) * np.sin(2 * np.pi * hertz * 3.01 * t))
    return _shaped(wave * np.exp(-t * 2.1) * 0.6, min(seconds, 1.5), 0.003, 1.6)


def _lead(hertz: float, seconds: float) -> Wave:
    t = _time(seconds + 0.15)
    bend = _vibrato(hertz, t, 0.006)
    wave = _wave("saw", hertz, t, bright=4200, bend=bend) + 0.6 * _wave(
        "hollow", hertz * 1.004, t, bright=3000, bend=bend
    )
    return _shaped(wave * 0.42 * (0.75 + 0.25 * np.exp(-t * 5)), seconds, 0.012, 0.15)


def _horn(hertz: float, seconds: float) -> Wave:
    t = _time(seconds + 0.35)
    wave = _wave("reed", hertz / 2, t, bright=1800, bend=_vibrato(hertz / 2, t, 0.003))
    return _shaped(wave * 0.75, seconds, 0.07, 0.35)


def _sing(hertz: float, seconds: float) -> Wave:
    """A wordless voice: the harmonics of a throat, weighted by the resonances of an open mouth."""
    hertz /= 2
    t = _time(seconds + 0.2)
    n = np.arange(1, int(min(30, 4200 / hertz)) + 1)
    weight = (
        sum(
            gain * np.exp(-(((n * hertz - centre) / width) ** 2))
            for centre, width, gain in (
                (650, 160, 1.0),
                (1080, 170, 0.55),
                (2550, 260, 0.16),
                (3300, 300, 0.08),
            )
        )
        + 0.3 / n**2
    )
    phase = 2 * np.pi * (hertz * t + _vibrato(hertz, t, 0.012))
    wave = np.zeros(len(t))
    for partial, strength in zip(n.tolist(), (weight / weight.sum()).tolist(), strict=True):
        if strength > 0.004:
            wave += strength * np.sin(partial * phase)
    return _shaped(wave * 1.5, seconds, min(0.09, seconds / 3), 0.2)


def _bass(hertz: float, seconds: float) -> Wave:
    t = _time(seconds + 0.08)
    wave = np.sin(2 * np.pi * hertz * t) + 0.5 * _wave("soft", hertz, t, bright=900) * np.exp(-t * 2.5)
    return _shaped(wave * (0.6 + 0.4 * np.exp(-t * 4)) * 0.75, seconds, 0.006, 0.08)


def _sub(hertz: float, seconds: float) -> Wave:
    t = _time(seconds + 0.15)
    wave = np.tanh(1.6 * np.sin(2 * np.pi * hertz * t)) + 0.12 * np.sin(4 * np.pi * hertz * t)
    return _shaped(wave * 0.7 * (0.55 + 0.45 * np.exp(-t * 1.2)), seconds, 0.012, 0.15)


def _drive(hertz: float, seconds: float) -> Wave:
    t = _time(seconds + 0.06)
    wave = _wave("saw", hertz / 2, t, bright=3800) + 0.8 * _wave("saw", hertz * 0.7492, t, bright=3800)
    return _shaped(np.tanh(2.4 * wave) * 0.3, seconds, 0.004, 0.06)


VOICES: Final[Mapping[str, Callable[[float, float], Wave]]] = {
    "pad": _pad,
    "strings": _strings,
    "keys": _keys,
    "piano": lambda f, s: _struck(f, s, partials=10, damping=0.9, stretch=0.0002, ring=0.6),
    "guitar": lambda f, s: _struck(f, s, partials=12, damping=1.7, stretch=0.00005, ring=0.4),
    "pluck": lambda f, s: _struck(f, s, partials=9, damping=2.6, stretch=0.0, ring=0.4),
    "bell": _bell,
    "lead": _lead,
    "horn": _horn,
    "sing": _sing,
    "bass": _bass,
    "walk": _bass,
    "sub": _sub,
    "drive": _drive,
}
