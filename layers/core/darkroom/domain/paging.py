"""Parts of lists."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The part of a list that a client requests. ``after`` is the id of the last object it has seen."""

    limit: int = 40
    after: str | None = None
    newest_first: bool = True


@dataclass(frozen=True, slots=True)
class Page[T]:
    """One part of a list."""

    items: tuple[T, ...]
    has_more: bool
