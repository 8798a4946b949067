"""Walks sounds' files to their end: how long they last, and the same without their tags.

Nothing is decoded. A file that is cut short, or whose parts do not fit, is told from one that can be played.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from darkroom.domain.media.metadata import BrokenFile
from darkroom.domain.media.sounds import m4a, mp3, ogg, wav


class Sound(NamedTuple):
    """How long a sound lasts, in seconds, and its file without tags."""

    seconds: float
    data: bytes


_READERS: Final[Mapping[str, Callable[[bytes], tuple[float, bytes]]]] = {
    "audio/mpeg": mp3.walked,
    "audio/wav": wav.walked,
    "audio/ogg": ogg.walked,
    "audio/mp4": m4a.walked,
}


def sound(data: bytes, mime: str) -> Sound:
    """A sound's length, and its file without tags.

    Raises
    ------
    BrokenFile
    """
    try:
        seconds, clean = _READERS[mime](data)
    except (struct.error, IndexError, ZeroDivisionError) as problem:
        raise BrokenFile from problem
    return Sound(round(seconds, 3), clean)
