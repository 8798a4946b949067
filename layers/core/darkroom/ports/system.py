"""The clock, the source of ids, and the operator's metrics."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time, always aware UTC, and lets it pass."""

    def now(self) -> datetime: ...

    def sleep(self, seconds: float) -> None: ...


class Ids(Protocol):
    """Generates ids and secrets."""

    def new(self) -> str:
        """A UUIDv7: later ids sort after earlier ones, which is what lists and cursors rely on."""
        ...

    def secret(self) -> bytes:
        """32 bytes from the operating system's secure source."""
        ...

    def fraction(self) -> float:
        """A random number in 0..1, for jitter."""
        ...


class Meter(Protocol):
    """The operator's metrics. No dimension ever identifies a caller."""

    def count(self, name: str, **dimensions: str) -> None: ...

    def took(self, name: str, milliseconds: float, **dimensions: str) -> None: ...
