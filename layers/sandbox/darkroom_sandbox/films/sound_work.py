"""Decodes one sound from outside, in the isolated process (``darkroom_graphics.isolated``).

It is recognised, capped by bytes and seconds, and only then decoded.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final

import av
import av.subtitles.stream  # by the first file, if not here: a call can open nothing any more
import numpy as np

from darkroom.domain.media.sniffing import sniff
from darkroom_graphics.unusable_picture import UnusablePicture
from darkroom_sandbox.films.sound import RATE, Samples

MAX_SECONDS: Final = 60.0
MIN_SECONDS: Final = 0.1
MAX_BYTES: Final = 10 * 1024 * 1024
# A file is read as what its first bytes say and as nothing else: FFmpeg's own guess includes playlists.
_FORMATS: Final = {"audio/mpeg": "mp3", "audio/wav": "wav", "audio/ogg": "ogg", "audio/mp4": "mp4"}
_RATES: Final = range(4_000, 192_001)
_MAX_CHANNELS: Final = 8


def work(request: bytes) -> bytes:
    """The sound in ``request``: 32-bit floats, -1..1, all of the left channel and then all of the right.

    Raises
    ------
    UnusablePicture
        It is no sound, is damaged, too long, too short or too large.
    """
    if len(request) > MAX_BYTES:
        raise UnusablePicture("audio file is too large")
    media = sniff(request)
    if media is None or media.mime not in _FORMATS:
        raise UnusablePicture("not an MP3, WAV, OGG or M4A file")
    try:
        chunks = list(_chunks(request, _FORMATS[media.mime]))
    except UnusablePicture:
        raise
    except (av.FFmpegError, ValueError, OverflowError) as error:
        raise UnusablePicture("audio data is damaged") from error
    samples = np.concatenate(chunks, axis=1) if chunks else np.zeros((1, 0), np.float32)
    if samples.shape[1] < MIN_SECONDS * RATE:
        raise UnusablePicture("audio is too short")
    stereo = np.repeat(samples, 2 // len(samples), axis=0)
    return np.clip(np.nan_to_num(stereo), -1.0, 1.0).astype(np.float32).tobytes()


def _chunks(data: bytes, kind: str) -> Iterator[Samples]:
    """The sound in pieces of one channel or two."""
    with av.open(io.BytesIO(data), "r", format=kind) as container:
        if not container.streams.audio:
            raise UnusablePicture("file has no sound")
        stream = container.streams.audio[0]
        if stream.rate not in _RATES or not 1 <= stream.channels <= _MAX_CHANNELS:
            raise UnusablePicture("audio has an unusual sample rate or channel count")
        if container.duration is not None and container.duration > MAX_SECONDS * av.time_base + 100_000:
            raise UnusablePicture("audio is longer than 60 seconds")
        # One channel is doubled below: FFmpeg would make it quieter on the way to two.
        layout = "mono" if stream.channels == 1 else "stereo"
        resampler = av.AudioResampler(format="fltp", layout=layout, rate=RATE)
        left = int(MAX_SECONDS * RATE) + RATE // 10
        for frame in container.decode(stream):
            if frame.sample_rate != stream.rate:
                raise UnusablePicture("audio changes its sample rate")
            for even in resampler.resample(frame):
                left -= even.samples
                if left < 0:
                    raise UnusablePicture("audio is longer than 60 seconds")
                yield even.to_ndarray().astype(np.float32)
        for even in resampler.resample(None):
            yield even.to_ndarray().astype(np.float32)
