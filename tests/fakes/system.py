"""Time, ids and chance that do as they are told."""

from __future__ import annotations

import hashlib
import itertools
import threading
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 14, 9, 26, 53, 589793, UTC)


class FakeClock:
    """Stands still until it is moved, or slept by."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def sleep(self, seconds: float) -> None:
        self.advance(seconds)

    def set(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("times are aware")
        self._now = moment.astimezone(UTC)

    def advance(self, by: timedelta | float) -> datetime:
        """Move on by a timedelta or seconds; answers the new time."""
        self._now += by if isinstance(by, timedelta) else timedelta(seconds=by)
        return self._now


class FakeIds:
    """The same ids in the same order in every run, each sorting after the one before."""

    def __init__(self, fraction: float = 0.5) -> None:
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self.next_fraction = fraction

    def new(self) -> str:
        with self._lock:
            # The tail is left alone, as that of a real one may be: ids of batches are cut off there.
            return f"01950000-0000-7000-8000-{next(self._numbers):09x}abc"

    def secret(self) -> bytes:
        with self._lock:
            return hashlib.sha256(f"secret {next(self._numbers)}".encode()).digest()

    def fraction(self) -> float:
        return self.next_fraction
