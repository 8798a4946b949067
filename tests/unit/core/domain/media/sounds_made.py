"""Sounds with tags, as another library writes them."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from typing import Any, Final

import av
import numpy as np

SECRET: Final = "Jane Doe at 52.5163 N"
KINDS: Final[Mapping[str, tuple[str, str, dict[str, str]]]] = {
    "audio/mpeg": ("mp3", "libmp3lame", {"id3v2_version": "3", "write_id3v1": "1"}),
    "audio/wav": ("wav", "pcm_s16le", {}),
    "audio/ogg": ("ogg", "libopus", {}),
    "audio/mp4": ("ipod", "aac", {}),
}
SECONDS: Final = 1.5
_RATE: Final = 48_000


def tone(mime: str, seconds: float = SECONDS, comment: str = SECRET) -> bytes:
    """A tone, with its author in every tag there is."""
    container, codec, options = KINDS[mime]
    return encoded(container, codec, options, seconds, comment)


def encoded(container: str, codec: str, options: dict[str, str], seconds: float, comment: str) -> bytes:
    body = io.BytesIO()
    with av.open(body, "w", format=container, options=options) as output:
        output.metadata.update({"title": comment, "artist": comment, "comment": comment})
        stream: Any = output.add_stream(codec, rate=_RATE, layout="stereo")
        stream.codec_context.options = {"strict": "experimental"}  # FFmpeg's own Vorbis
        for packet in _packets(stream, seconds):
            output.mux(packet)
    return body.getvalue()


def _packets(stream: Any, seconds: float) -> Any:
    time = np.arange(int(seconds * _RATE)) / _RATE
    wave = (np.sin(2 * np.pi * 440 * time) * 20_000).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(np.repeat(wave, 2).reshape(1, -1), format="s16", layout="stereo")
    frame.rate = _RATE
    resampler = av.AudioResampler(stream.format, stream.layout, stream.rate, stream.codec_context.frame_size)
    for part in (*resampler.resample(frame), *resampler.resample(None)):
        yield from stream.encode(part)
    yield from stream.encode(None)


def heard(data: bytes) -> tuple[float, float]:
    """How long a sound is, and how loud, when another library plays it."""
    with av.open(io.BytesIO(data), "r") as container:
        frames = [frame.to_ndarray() for frame in container.decode(audio=0)]
        rate = container.streams.audio[0].rate
    samples = sum(frame.shape[-1] for frame in frames)
    channels = 2 if frames[0].shape[0] == 1 and frames[0].dtype == np.int16 else 1
    loud = float(np.mean([np.abs(frame.astype(np.float64)).mean() for frame in frames]))
    return samples / channels / rate, loud


def tags(data: bytes) -> dict[str, str]:
    """The tags another library finds."""
    with av.open(io.BytesIO(data), "r") as container:
        found = {**container.metadata, **container.streams.audio[0].metadata}
    return {name.lower(): value for name, value in found.items()}


def ape(data: bytes) -> bytes:
    """The sound with an APE tag behind it."""
    item = struct.pack("<II", len(SECRET), 0) + b"Artist\0" + SECRET.encode()
    footer = b"APETAGEX" + struct.pack("<IIII", 2000, len(item) + 32, 1, 0x80000000) + bytes(8)
    header = b"APETAGEX" + struct.pack("<IIII", 2000, len(item) + 32, 1, 0xA0000000) + bytes(8)
    return data + header + item + footer
