"""Sliding-window rate limits.

Two counters a minute apart approximate a true sliding window: the minute before counts for the part of it that
the window still covers. That needs no list of timestamps and is exact at the boundaries that matter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

WINDOW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class RatePolicy:
    """A limit: ``limit`` requests of class ``name`` per minute and key.

    A ``shared`` limit counts all keys of a workspace together.
    """

    name: str
    limit: int
    shared: bool = False


@dataclass(frozen=True, slots=True)
class RateWindow:
    """A key's use of a limit at one moment. ``minute`` numbers the current counter."""

    policy: RatePolicy
    minute: int
    elapsed: float
    previous: int
    current: int

    @classmethod
    def at(cls, policy: RatePolicy, epoch_seconds: float, *, previous: int, current: int) -> RateWindow:
        """The window that ``epoch_seconds`` falls into, with the counters read for it and the one before."""
        minute = int(epoch_seconds // WINDOW_SECONDS)
        return cls(policy, minute, epoch_seconds - minute * WINDOW_SECONDS, previous, current)

    @property
    def carried(self) -> int:
        """How many requests of the previous minute still count, rounded up so that the limit is never exceeded."""
        return math.ceil(self.previous * (WINDOW_SECONDS - self.elapsed) / WINDOW_SECONDS)

    @property
    def ceiling(self) -> int:
        """The highest count the current counter may reach; what a conditional write compares against."""
        return max(self.policy.limit - self.carried, 0)

    @property
    def admits(self) -> bool:
        """Whether one more request fits."""
        return self.current < self.ceiling

    @property
    def remaining_after(self) -> int:
        """What is left once the present request is counted."""
        return max(self.ceiling - self.current - 1, 0)

    @property
    def reset_seconds(self) -> int:
        """Whole seconds until the next counter begins; at least one."""
        return max(math.ceil(WINDOW_SECONDS - self.elapsed), 1)

    @property
    def retry_after(self) -> int:
        """Whole seconds until one request fits again if nothing else is sent; at least one."""
        limit = self.policy.limit
        if self.current >= limit:
            return self.reset_seconds + math.ceil(WINDOW_SECONDS / limit)
        excess = self.previous * (WINDOW_SECONDS - self.elapsed) / WINDOW_SECONDS - (limit - self.current - 1)
        wait = math.ceil(excess * WINDOW_SECONDS / self.previous) if self.previous else 1
        return min(max(wait, 1), self.reset_seconds)
