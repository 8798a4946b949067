"""Helpers for looking at films and listening to music in tests: open them with the codec library and measure."""

from __future__ import annotations

import io
import struct
import wave
from dataclasses import dataclass
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

type Pixels = NDArray[np.uint8]
type Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Film:
    """What a player finds in an MP4; ``frames`` are RGB."""

    codec: str
    pix_fmt: str
    fps: float
    seconds: float
    frames: list[Pixels]
    tags: dict[str, str]
    sound_codec: str | None = None
    sound: Samples | None = None
    sound_rate: int = 0


def watched(data: bytes) -> Film:
    """Every frame and every sample of a film."""
    with av.open(io.BytesIO(data), "r") as container:
        picture = container.streams.video[0]
        frames = [np.asarray(f.to_ndarray(format="rgb24"), np.uint8) for f in container.decode(picture)]
        sound: dict[str, Any] = {}
        if container.streams.audio:
            stream = container.streams.audio[0]
            container.seek(0)
            sound = {
                "sound_codec": stream.codec_context.name,
                "sound_rate": stream.rate,
                "sound": np.concatenate([f.to_ndarray() for f in container.decode(stream)], axis=1),
            }
        assert picture.average_rate is not None
        assert picture.time_base is not None
        return Film(
            codec=picture.codec_context.name,
            pix_fmt=str(picture.codec_context.pix_fmt),
            fps=float(picture.average_rate),
            seconds=float((picture.duration or 0) * picture.time_base),
            frames=frames,
            tags=dict(container.metadata),
            **sound,
        )


def boxes(data: bytes) -> list[str]:
    """The names of an MP4's outermost boxes, in order."""
    names, at = [], 0
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        names.append(name.decode())
        at += size
    return names


def tone(seconds: float, *, hertz: float = 220.0, rate: int = 22_050, pulsed: bool = True) -> Samples:
    """A tone that comes and goes twice a second, as speech does."""
    t = np.arange(int(seconds * rate)) / rate
    loud = 0.5 * (1 + np.sign(np.sin(2 * np.pi * 2 * t))) if pulsed else 1.0
    return (0.5 * loud * np.sin(2 * np.pi * hertz * t)).astype(np.float32)


def wav(samples: Samples, rate: int = 22_050) -> bytes:
    """Mono samples as a WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * 32_000).astype("<i2").tobytes())
    return buffer.getvalue()


def coded(samples: Samples, kind: str, codec: str, rate: int = 24_000) -> bytes:
    """Mono samples in another container and codec."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=kind) as container:
        stream = container.add_stream(codec, rate=rate, layout="mono")
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(samples[None, :], format="fltp", layout="mono")
        frame.sample_rate = rate
        fifo = av.AudioFifo()
        fifo.write(frame)
        while chunk := fifo.read(stream.frame_size or 1024, partial=True):
            container.mux(stream.encode(chunk))
        container.mux(stream.encode(None))
    return buffer.getvalue()
