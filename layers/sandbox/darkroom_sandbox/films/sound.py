"""Decodes sound from outside, guarded: recognised, capped by bytes and seconds, and only then decoded."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from darkroom.domain.media.sniffing import sniff

type Samples = NDArray[np.float32]

RATE: Final = 48_000
MAX_SECONDS: Final = 60.0
MIN_SECONDS: Final = 0.1
MAX_BYTES: Final = 10 * 1024 * 1024
# A file is read as what its first bytes say and as nothing else: FFmpeg's own guess includes playlists.
_FORMATS: Final = {"audio/mpeg": "mp3", "audio/wav": "wav", "audio/ogg": "ogg", "audio/mp4": "mp4"}
_RATES: Final = range(4_000, 192_001)
_MAX_CHANNELS: Final = 8


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
    if len(data) > MAX_BYTES:
        raise BadSound("audio file is too large")
    media = sniff(data)
    if media is None or media.mime not in _FORMATS:
        raise BadSound("not an MP3, WAV, OGG or M4A file")
    try:
        chunks = list(_chunks(data, _FORMATS[media.mime]))
    except (av.FFmpegError, ValueError, OverflowError) as error:
        if isinstance(error, BadSound):
            raise
        raise BadSound("audio data is damaged") from error
    samples = np.concatenate(chunks, axis=1) if chunks else np.zeros((1, 0), np.float32)
    if samples.shape[1] < MIN_SECONDS * RATE:
        raise BadSound("audio is too short")
    stereo = np.repeat(samples, 2 // len(samples), axis=0)
    return Sound(np.clip(np.nan_to_num(stereo), -1.0, 1.0))


def _chunks(data: bytes, kind: str) -> Iterator[Samples]:
    """The sound in pieces of one channel or two."""
    with av.open(io.BytesIO(data), "r", format=kind) as container:
        if not container.streams.audio:
            raise BadSound("file has no sound")
        stream = container.streams.audio[0]
        if stream.rate not in _RATES or not 1 <= stream.channels <= _MAX_CHANNELS:
            raise BadSound("audio has an unusual sample rate or channel count")
        if container.duration is not None and container.duration > MAX_SECONDS * av.time_base + 100_000:
            raise BadSound("audio is longer than 60 seconds")
        # One channel is doubled below: FFmpeg would make it quieter on the way to two.
        layout = "mono" if stream.channels == 1 else "stereo"
        resampler = av.AudioResampler(format="fltp", layout=layout, rate=RATE)
        left = int(MAX_SECONDS * RATE) + RATE // 10
        for frame in container.decode(stream):
            if frame.sample_rate != stream.rate:
                raise BadSound("audio changes its sample rate")
            for even in resampler.resample(frame):
                left -= even.samples
                if left < 0:
                    raise BadSound("audio is longer than 60 seconds")
                yield even.to_ndarray().astype(np.float32)
        for even in resampler.resample(None):
            yield even.to_ndarray().astype(np.float32)


def _softened(level: NDArray[np.float64]) -> Samples:
    shown, result = 0.0, np.empty(len(level), np.float32)
    for i, value in enumerate(level.tolist()):
        shown = value if value > shown else shown * 0.72 + value * 0.28
        result[i] = shown**0.7
    return result
