"""Judges what strangers upload, in a process of its own: see ``isolated``."""

from __future__ import annotations

import json
from typing import Final

from darkroom.domain.files.file import CleanMedia, Rejection, UnusableFile
from darkroom_graphics.isolated import IsolatedProcess, IsolationLimits
from darkroom_graphics.unusable_picture import UnusablePicture

# Forty megapixels, decoded, turned and encoded again, take a third of the time and half of the memory.
LIMITS: Final = IsolationLimits(seconds=20.0, memory_bytes=1_200_000_000)


class IsolatedInspector:
    """See :class:`darkroom.ports.files.Inspector`."""

    def __init__(self, limits: IsolationLimits = LIMITS) -> None:
        self._process = IsolatedProcess("darkroom_graphics.inspection")
        self._limits = limits

    def start(self) -> None:
        """Starts the process and does not wait for it."""
        self._process.start()

    def inspect(self, data: bytes, mime: str) -> CleanMedia:
        """The file without its metadata.

        Raises
        ------
        UnusableFile
        """
        try:
            answer = self._process.call(mime.encode() + b"\n" + data, self._limits)
        except UnusablePicture as problem:
            detail = "takes too much time or memory to read"
            raise UnusableFile(Rejection.TOO_COMPLEX, detail) from problem
        head, _, clean = answer.partition(b"\n")
        found = json.loads(head)
        if "rejection" in found:
            raise UnusableFile(Rejection(found["rejection"]), found["detail"])
        return CleanMedia(bytes(clean) or data, **found)
