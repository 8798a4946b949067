"""Films as MP4: H.264 in 4:2:0, AAC beside it, the index at the front so that a browser starts at once."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from numpy.typing import NDArray

from darkroom_sandbox.films.sound import RATE, Sound
from darkroom_sandbox.provenance import SOURCE_TYPE

FPS: Final = 24
_AAC_FRAME: Final = 1024
_BT709: Final = 1
# Two threads whatever the machine has, and no per-processor shortcuts: equal frames make equal bytes.
_X264: Final = {
    "preset": "veryfast",
    "crf": "20",
    "x264-params": "threads=2:cpu-independent=1:keyint=48",
}


def encode(
    frames: Iterable[NDArray[np.uint8]], size: tuple[int, int], title: str, sound: Sound | None = None
) -> bytes:
    """A film from ``(height, width, 4)`` RGBA frames, 24 a second, and the sound that goes with them.

    A frame is read before the next is asked for, so one array may be drawn on again and again.
    """
    with tempfile.TemporaryDirectory() as folder:
        # FFmpeg moves the index to the front by reading the file once more, which it does by name.
        path = Path(folder, "film.mp4")
        options = {"movflags": "+faststart", "fflags": "+bitexact"}
        with av.open(str(path), "w", format="mp4", options=options) as container:
            container.metadata.update(title=title, comment=SOURCE_TYPE)
            picture = _picture_stream(container, size)
            voice = _Voice(container, sound) if sound is not None else None
            reformatter = VideoReformatter()
            for number, pixels in enumerate(frames):
                container.mux(picture.encode(_frame(reformatter, pixels, number)))
                if voice is not None:
                    voice.write(until=(number + 1) / FPS)
            container.mux(picture.encode(None))
            if voice is not None:
                voice.end()
        return path.read_bytes()


def _picture_stream(container: Any, size: tuple[int, int]) -> Any:
    stream = container.add_stream("libx264", rate=FPS, options=dict(_X264))
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.color_primaries = context.color_trc = context.colorspace = _BT709
    context.color_range = int(ColorRange.MPEG)
    return stream


def _frame(reformatter: VideoReformatter, pixels: NDArray[np.uint8], number: int) -> av.VideoFrame:
    frame = reformatter.reformat(
        av.VideoFrame.from_ndarray(pixels, format="rgba"), format="yuv420p", dst_colorspace=Colorspace.ITU709
    )
    frame.pts, frame.time_base = number, Fraction(1, FPS)
    return frame


class _Voice:
    """The sound's track, written beside the picture's so that a player finds both where it reads."""

    def __init__(self, container: Any, sound: Sound) -> None:
        self._container, self._samples, self._at = container, sound.samples, 0
        self._stream = container.add_stream("aac", rate=RATE, layout="stereo", options={"b": "160k"})

    def write(self, *, until: float) -> None:
        """Writes what is to be heard up to that second."""
        while self._at < min(until * RATE, self._samples.shape[1]):
            chunk = np.ascontiguousarray(self._samples[:, self._at : self._at + _AAC_FRAME])
            frame = av.AudioFrame.from_ndarray(chunk, format="fltp", layout="stereo")
            frame.sample_rate, frame.pts, frame.time_base = RATE, self._at, Fraction(1, RATE)
            self._container.mux(self._stream.encode(frame))
            self._at += _AAC_FRAME

    def end(self) -> None:
        """Writes the rest."""
        self.write(until=float("inf"))
        self._container.mux(self._stream.encode(None))
