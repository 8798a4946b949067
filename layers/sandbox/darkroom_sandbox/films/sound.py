"""Sound from outside, decoded in a process without credentials (``darkroom_graphics.isolated``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from darkroom_graphics.isolated import IsolatedProcess, IsolationLimits
from darkroom_graphics.unusable_picture import TakesTooMuch, UnusablePicture

type Samples = NDArray[np.float32]

RATE: Final = 48_000
# A minute of stereo takes 23 MB, and a few times as much while it is put together.
LIMITS: Final = IsolationLimits(seconds=10.0, memory_bytes=400_000_000)
_PROCESS: Final = IsolatedProcess("darkroom_sandbox.films.sound_work")  # started by the first sound


class BadSound(ValueError):
    """A sound that cannot be used; the message is short and safe to show."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Stereo at 48 kHz: an array of shape ``(2, samples)``, -1..1."""

    samples: Samples

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return float(self.samples.shape[1] / RATE)

    def loudness(self, fps: int) -> Samples:
        """How loud each frame of a film is, 0..1, with a voice's soft decay; the loudest frame is 1."""
        step = RATE // fps
        mono = self.samples.mean(axis=0)
        count = -(-len(mono) // step)
        framed = np.pad(mono, (0, count * step - len(mono))).reshape(count, step)
        level = np.sqrt((framed.astype(np.float64) ** 2).mean(axis=1))
        peak = float(level.max())
        return _softened(level / peak if peak > 1e-4 else np.zeros(count))


def decode(data: bytes) -> Sound:
    """Decodes an MP3, WAV, OGG or M4A of at most 60 s and 10 MB. Raises BadSound."""
    try:
        samples = np.frombuffer(_PROCESS.call(data, LIMITS), np.float32)
    except TakesTooMuch as problem:
        raise BadSound("audio takes too much time or memory") from problem
    except UnusablePicture as problem:
        raise BadSound(str(problem)) from problem
    return Sound(samples.reshape(2, -1))


def _softened(level: NDArray[np.float64]) -> Samples:
    shown, result = 0.0, np.empty(len(level), np.float32)
    for i, value in enumerate(level.tolist()):
        shown = value if value > shown else shown * 0.72 + value * 0.28
        result[i] = shown**0.7
    return result
