"""The machine's clock and its sources of ids and chance."""

from __future__ import annotations

import random
import secrets
import threading
import time
import uuid
from datetime import UTC, datetime

_SECRET_BYTES = 32
_COUNTER_BITS = 42
_TAIL_BITS = 32


class SystemClock:
    """Tells the machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class SystemIds:
    """Ids that sort by age, and secrets.

    Ids are UUIDv7 (RFC 9562, section 6.2, method 1): milliseconds, then a counter that starts at random and
    counts up within a millisecond, then chance. Ids of one process never sort backwards, not even when its
    clock steps back.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._milliseconds = 0
        self._counter = 0

    def new(self) -> str:
        milliseconds, counter = self._tick()
        high, low = counter >> 30, counter & ((1 << 30) - 1)
        number = (milliseconds & ((1 << 48) - 1)) << 80
        number |= 0x7 << 76 | high << 64
        number |= 0b10 << 62 | low << _TAIL_BITS | secrets.randbits(_TAIL_BITS)
        return str(uuid.UUID(int=number))

    def secret(self) -> bytes:
        return secrets.token_bytes(_SECRET_BYTES)

    def fraction(self) -> float:
        return random.random()  # noqa: S311 - jitter, not a secret

    def _tick(self) -> tuple[int, int]:
        with self._lock:
            now = time.time_ns() // 1_000_000
            self._counter += 1
            if now > self._milliseconds or self._counter >> _COUNTER_BITS:
                self._milliseconds = max(now, self._milliseconds + 1)
                # The top bit starts clear, so that there is room to count.
                self._counter = secrets.randbits(_COUNTER_BITS - 1)
            return self._milliseconds, self._counter
