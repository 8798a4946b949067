"""A cache that forgets what was not used for longest when it holds too much."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock


class WeighedCache[K: Hashable, V]:
    """Keeps values up to a total weight, in whatever unit ``weigh`` counts, and no more than ``most`` of them.

    Threads may share it; two that miss at once both make the value, and one of the two is kept.
    """

    def __init__(self, limit: int, weigh: Callable[[V], int], *, most: int | None = None) -> None:
        self._limit = limit
        self._weigh = weigh
        self._most = most
        self._held: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._total = 0
        self._lock = Lock()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value of ``key``, made if it is not there.

        A value heavier than half of the whole is handed out but not kept: it would push out everything else.
        """
        for value in self.find(key):
            return value
        value = make()
        if self.holds(self._weigh(value)):
            self.put(key, value)
        return value

    def find(self, key: K) -> tuple[V, ...]:
        """The value of ``key``, if it is there, as the only item: a value may be ``None`` too."""
        with self._lock:
            if key not in self._held:
                return ()
            self._held.move_to_end(key)
            return (self._held[key][0],)

    def put(self, key: K, value: V) -> None:
        """Keep a value, unless there is one, and drop what was not used for longest."""
        weight = self._weigh(value)
        with self._lock:
            if key in self._held:
                return
            self._held[key] = (value, weight)
            self._total += weight
            while self._total > self._limit or (self._most is not None and len(self._held) > self._most):
                _, (_, freed) = self._held.popitem(last=False)
                self._total -= freed

    def holds(self, weight: int) -> bool:
        """Whether :meth:`get` keeps a value of this weight."""
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
