"""Music as MP3 with its tags."""

from __future__ import annotations

import io
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from darkroom_sandbox.music.voices import RATE

_FRAME: Final = 1152
BIT_RATE: Final = 192_000


def encode(tracks: NDArray[np.float32], tags: Mapping[str, str]) -> bytes:
    """A stereo array ``(2, samples)`` at 44.1 kHz as an MP3 of 192 kbit/s; ``tags`` as FFmpeg names them."""
    buffer = io.BytesIO()
    options = {"id3v2_version": "3", "fflags": "+bitexact"}
    with av.open(buffer, "w", format="mp3", options=options) as container:
        container.metadata.update(tags)
        stream = container.add_stream(
            "libmp3lame", rate=RATE, layout="stereo", options={"compression_level": "7"}
        )
        stream.bit_rate = BIT_RATE
        for start in range(0, tracks.shape[1], _FRAME):
            chunk = np.ascontiguousarray(tracks[:, start : start + _FRAME])
            frame = av.AudioFrame.from_ndarray(chunk, format="fltp", layout="stereo")
            frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return buffer.getvalue()
