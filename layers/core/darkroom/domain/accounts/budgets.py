"""Budgets: what somebody without a key may have of something in a day or in a month."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EVERYBODY = "everybody"  # whom a budget of the whole stack is counted for


@dataclass(frozen=True, slots=True)
class Budget:
    """``limit`` times in each period of ``days``; periods follow one another from the epoch on."""

    name: str
    limit: int
    days: int = 1

    @property
    def _length(self) -> int:
        return self.days * 86_400

    def period(self, at: datetime) -> int:
        """The number of the period that a moment falls into."""
        return int(at.timestamp() // self._length)

    def ends(self, at: datetime) -> datetime:
        """When that period ends."""
        return datetime.fromtimestamp((self.period(at) + 1) * self._length, UTC)

    def wait(self, at: datetime) -> int:
        """Whole seconds until the next period, at least one."""
        return max(math.ceil((self.ends(at) - at) / timedelta(seconds=1)), 1)
