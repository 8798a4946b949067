"""Judges the fonts that strangers upload, in a process of its own: see ``darkroom_graphics.isolated``."""

from __future__ import annotations

import json
from typing import Final

from darkroom.domain.files.file import CleanMedia, Rejection, UnusableFile
from darkroom.domain.fonts.font import FontFacts
from darkroom_graphics.isolated import IsolatedProcess, IsolationLimits
from darkroom_graphics.unusable_picture import UnusablePicture

# A font of 65,535 Chinese characters takes a fifth of the time and a third of the memory.
LIMITS: Final = IsolationLimits(seconds=20.0, memory_bytes=800_000_000)


class FontInspector:
    """See :class:`darkroom.ports.files.Inspector`."""

    def __init__(self, limits: IsolationLimits = LIMITS) -> None:
        self._process = IsolatedProcess("darkroom_fonts.judging")
        self._limits = limits

    def inspect(self, data: bytes, mime: str) -> CleanMedia:
        """The font as it is kept, with its facts.

        Raises
        ------
        UnusableFile
        """
        try:
            answer = self._process.call(mime.encode() + b"\n" + data, self._limits)
        except UnusablePicture as problem:
            detail = "takes too much time or memory to read"
            raise UnusableFile(Rejection.TOO_COMPLEX, detail) from problem
        head, _, kept = answer.partition(b"\n")
        found = json.loads(head)
        if "rejection" in found:
            raise UnusableFile(Rejection(found["rejection"]), found["detail"])
        return CleanMedia(bytes(kept), found["mime"], font=FontFacts(**found["facts"]))
