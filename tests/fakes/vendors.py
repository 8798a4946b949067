"""What stands around vendors, in memory: finished files and the meter."""

from __future__ import annotations

import io
from collections import Counter
from typing import IO

from darkroom.domain.jobs.engine import Download
from darkroom.domain.jobs.engine_failures import FileGone, RouteFailed, VendorUnavailable

GONE = b"gone"
LOST = b"lost"


class FakeDownloads:
    """Answers the files it was given; :data:`GONE` and :data:`LOST` in a file's place are what they say."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.opened: list[Download] = []

    def open(self, download: Download, *, max_bytes: int) -> IO[bytes]:
        self.opened.append(download)
        data = self.files.get(download.url, GONE)
        if data == GONE:
            raise FileGone("gone", code="404")
        if data == LOST:
            raise VendorUnavailable("did not come", retry_after=3)
        if len(data) > max_bytes:
            raise RouteFailed("too large")
        return io.BytesIO(data)


class FakeMeter:
    """Counts what it is told, by name and by name with its dimensions."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()
        self.counts: Counter[tuple[str, ...]] = Counter()
        self.times: dict[str, list[float]] = {}

    def count(self, name: str, **dimensions: str) -> None:
        self.counted[name] += 1
        self.counts[(name, *dimensions.values())] += 1

    def took(self, name: str, milliseconds: float, **dimensions: str) -> None:
        self.times.setdefault(name, []).append(milliseconds)
