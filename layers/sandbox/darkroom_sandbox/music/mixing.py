"""Mixes notes: places them on a stereo tape, adds a room's echo and keeps the level from clipping."""

from __future__ import annotations

from functools import cache
from math import cos, pi, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

from darkroom_sandbox.music.voices import RATE, Samples

PEAK: Final = 0.76
_BLOCK: Final = 1 << 17
_ROOM_SECONDS: Final = 1.8


class Tape:
    """Stereo tape of a length in seconds. What goes beyond its end is cut."""

    def __init__(self, seconds: float) -> None:
        self.length = round(seconds * RATE)
        self.tracks = np.zeros((2, self.length), np.float32)

    def lay(self, sound: Samples, at: float, gain: float, pan: float = 0.0) -> None:
        """Adds a sound ``at`` seconds; ``pan`` is -1 (left) to 1 (right) at constant power."""
        start = round(at * RATE)
        if not 0 <= start < self.length:
            return
        part = sound[: self.length - start]
        angle = (pan + 1) * pi / 4
        self.tracks[0, start : start + len(part)] += part * np.float32(gain * cos(angle))
        self.tracks[1, start : start + len(part)] += part * np.float32(gain * sin(angle))


def room(tracks: NDArray[np.float32], wet: float) -> NDArray[np.float32]:
    """The tape with the sound of a room mixed in, block by block so that long pieces need no more memory."""
    answer = _answer()
    size = 1 << (_BLOCK + answer.shape[1] - 1).bit_length()
    filtering = np.fft.rfft(answer, size)
    result = tracks.copy()
    for start in range(0, tracks.shape[1], _BLOCK):
        block = tracks[:, start : start + _BLOCK]
        tail = np.fft.irfft(np.fft.rfft(block, size) * filtering, size)
        part = result[:, start : start + size]
        part += (wet * tail[:, : part.shape[1]]).astype(np.float32)
    return result


@cache
def _answer() -> NDArray[np.float64]:
    """How the room answers a clap: noise that dies away, its high end first, different for each ear."""
    source = np.random.Generator(np.random.PCG64(7))
    t = np.arange(int(_ROOM_SECONDS * RATE)) / RATE
    noise = source.normal(0, 1, (2, len(t)))
    dull = np.cumsum(noise, axis=1) * 0.02
    dull -= np.array([np.convolve(row, np.ones(64) / 64, "same") for row in dull])
    shape = np.clip(t / 0.012, 0, 1) * np.exp(-t * 3.6)
    made = (0.25 * noise * np.exp(-t * 9) + dull * 4) * shape
    answer: NDArray[np.float64] = made / np.sqrt((made**2).sum(axis=1, keepdims=True))
    return answer


def pumped(tracks: NDArray[np.float32], kicks: list[float]) -> None:
    """Ducks the tape, in place, for a quarter second after each kick (seconds), as dance music breathes."""
    dip = (1 - 0.55 * np.exp(-np.arange(int(0.25 * RATE)) / RATE * 13)).astype(np.float32)
    for at in kicks:
        start = round(at * RATE)
        part = tracks[:, start : start + len(dip)]
        part *= dip[: part.shape[1]]


def mastered(tracks: NDArray[np.float32]) -> NDArray[np.float32]:
    """The tape at an even level: loud passages are rounded off, nothing reaches full scale, the ends fade."""
    level = float(np.sqrt((tracks.astype(np.float64) ** 2).mean()))
    driven = np.tanh(tracks * np.float32(0.24 / max(level, 1e-6)))
    made = driven * np.float32(PEAK / max(float(np.abs(driven).max()), 1e-6))
    length = made.shape[1]
    start, end = min(RATE // 20, length // 8), min(int(2.5 * RATE), length // 4)
    made[:, :start] *= np.linspace(0, 1, start, dtype=np.float32)
    made[:, length - end :] *= np.linspace(1, 0, end, dtype=np.float32) ** 2
    result: NDArray[np.float32] = made
    return result
