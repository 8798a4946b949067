"""Rate limits: at most so many requests in any minute.

Admitted requests are counted by the second. A request is admitted if those of its own second and of the 59 before it
leave room: each of them came less than 60 seconds before, so nobody who keeps the limit is refused; and whatever came
in the last 59 seconds is among them, so nobody gets more than the limit in that time. Refused requests do not count.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

WINDOW_SECONDS = 60
KEYS_WORTH = 5  # how many keys' limits all keys of a workspace may use together


@dataclass(frozen=True, slots=True)
class RatePolicy:
    """A limit: ``limit`` requests of class ``name`` per minute and key.

    A ``shared`` limit counts all keys of a workspace together.
    """

    name: str
    limit: int
    shared: bool = False

    def lowered_to(self, limit: int | None) -> RatePolicy:
        """The policy for a key with a limit of its own. A key may ask for less than the policy, never for more."""
        if limit is None or self.shared:
            return self
        return replace(self, limit=min(self.limit, limit))

    def of_workspace(self) -> RatePolicy | None:
        """What all keys of a workspace may use together, so that minting keys multiplies nothing.

        A shared limit counts them together already.
        """
        if self.shared:
            return None
        return RatePolicy(f"{self.name}-workspace", self.limit * KEYS_WORTH, shared=True)


@dataclass(frozen=True, slots=True)
class MinuteCount:
    """The requests admitted in one minute of the clock: how many, and how many of them in which of its seconds.

    Earlier code counted no seconds, so ``seconds`` may add up to less than ``total``.
    """

    total: int = 0
    seconds: Mapping[int, int] = field(default_factory=dict)

    def plus_one(self, second: int) -> MinuteCount:
        """The count with one request more."""
        return MinuteCount(self.total + 1, {**self.seconds, second: self.seconds.get(second, 0) + 1})

    def since(self, elapsed: float) -> int:
        """How many requests still count when ``elapsed`` seconds of the next minute have passed.

        Those without a second are taken to be spread evenly, and rounded up.
        """
        dated = sum(count for second, count in self.seconds.items() if second > int(elapsed))
        undated = self.total - sum(self.seconds.values())
        return dated + math.ceil(undated * (WINDOW_SECONDS - elapsed) / WINDOW_SECONDS)


NONE_YET = MinuteCount()


@dataclass(frozen=True, slots=True)
class RateWindow:
    """A key's use of a limit at one moment. ``minute`` numbers the clock's present minute."""

    policy: RatePolicy
    minute: int
    elapsed: float
    previous: MinuteCount = NONE_YET
    current: MinuteCount = NONE_YET

    @classmethod
    def at(
        cls,
        policy: RatePolicy,
        epoch_seconds: float,
        *,
        previous: MinuteCount = NONE_YET,
        current: MinuteCount = NONE_YET,
    ) -> RateWindow:
        """The window that ``epoch_seconds`` falls into, with the counts of its minute and of the one before."""
        minute = int(epoch_seconds // WINDOW_SECONDS)
        return cls(policy, minute, epoch_seconds - minute * WINDOW_SECONDS, previous, current)

    @property
    def second(self) -> int:
        """Which second of its minute the request came in."""
        return int(self.elapsed)

    @property
    def ceiling(self) -> int:
        """The highest total the present minute may reach; what a conditional write compares against."""
        return max(self.policy.limit - self.previous.since(self.elapsed), 0)

    @property
    def admits(self) -> bool:
        """Whether one more request fits."""
        return self.current.total < self.ceiling

    @property
    def remaining_after(self) -> int:
        """What is left once the present request is counted."""
        return max(self.ceiling - self.current.total - 1, 0)

    @property
    def reset_seconds(self) -> int:
        """Whole seconds until the oldest request that counts, the present one included, counts no more."""
        return min(WINDOW_SECONDS, *self._leaving())

    @property
    def retry_after(self) -> int:
        """Whole seconds until one request fits if nothing else is sent; at least one."""
        waits = range(1, 2 * WINDOW_SECONDS)
        return next((wait for wait in waits if self._after(wait).admits), 2 * WINDOW_SECONDS)

    def lost_to(self, current: MinuteCount) -> RateWindow:
        """The window as it is once other requests took the room there was."""
        return replace(self, current=current)

    def _leaving(self) -> Iterator[int]:
        """In how many seconds each group of requests that count leaves the window."""
        yield from (second - self.second for second in self.previous.seconds if second > self.second)
        yield from (WINDOW_SECONDS + second - self.second for second in self.current.seconds)
        if self.previous.total > sum(self.previous.seconds.values()):
            yield max(WINDOW_SECONDS - self.second, 1)
        yield WINDOW_SECONDS

    def _after(self, seconds: int) -> RateWindow:
        """The window so many seconds later, less than two minutes, if nothing else is sent."""
        minutes, elapsed = divmod(self.elapsed + seconds, WINDOW_SECONDS)
        if minutes == 0:
            return replace(self, elapsed=elapsed)
        previous = self.current if minutes == 1 else NONE_YET
        return RateWindow(self.policy, self.minute + int(minutes), elapsed, previous)
