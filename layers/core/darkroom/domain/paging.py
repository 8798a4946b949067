"""Parts of lists."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.errors import InvalidParam


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


@dataclass(frozen=True, slots=True)
class RowKey:
    """Where a row is."""

    pk: str
    sk: str


@dataclass(frozen=True, slots=True)
class Due[T]:
    """What is to be looked at now, the longest overdue first, and rows of it that this version cannot read."""

    items: tuple[T, ...]
    unreadable: tuple[RowKey, ...] = ()


def unknown_cursor() -> InvalidParam:
    """The error for a page that is to begin after an object which the list never had."""
    return InvalidParam("starting_after is not the id of an object of this list.", param="starting_after")
