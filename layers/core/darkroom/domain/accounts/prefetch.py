"""What a request's route will need beside its sender, read in the same call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast


class PrefetchKey[T]:
    """Names one thing of the sender's that the read which admits a request also reads.

    A context defines a key as a frozen dataclass of its own; a store knows the row each class of keys leads to.
    """

    __slots__ = ()


class Prefetched:
    """What was there of the things a request's keys named. A request has at most one key of a class."""

    def __init__(self, things: Mapping[PrefetchKey[Any], Any] | None = None) -> None:
        self._things = {type(key): thing for key, thing in (things or {}).items()}

    def get[T](self, kind: type[PrefetchKey[T]]) -> T | None:
        """What the request's key of that class led to; ``None`` if it has none, or nothing is there."""
        return cast("T | None", self._things.get(kind))
