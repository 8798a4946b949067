"""A cache that forgets what was not used for longest when it holds too much."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock


class WeighedCache[K: Hashable, V]:
    """Keeps made values up to a total weight, in whatever unit ``weigh`` counts.

    A value heavier than half of the whole is handed out but not kept: it would push out everything else.
    Threads may share it; two that miss at once both make the value, and one of the two is kept.
    """

    def __init__(self, limit: int, weigh: Callable[[V], int]) -> None:
        self._limit = limit
        self._weigh = weigh
        self._held: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._total = 0
        self._lock = Lock()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value of ``key``, made if it is not there."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key][0]
        value = make()
        weight = self._weigh(value)
        if self.holds(weight):
            self._keep(key, value, weight)
        return value

    def holds(self, weight: int) -> bool:
        """Whether a value of this weight is kept."""
        return weight <= self._limit // 2

    @property
    def total(self) -> int:
        """What all kept values weigh."""
        return self._total

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._held.clear()
            self._total = 0

    def _keep(self, key: K, value: V, weight: int) -> None:
        with self._lock:
            if key in self._held:
                return
            self._held[key] = (value, weight)
            self._total += weight
            while self._total > self._limit:
                _, (_, freed) = self._held.popitem(last=False)
                self._total -= freed
