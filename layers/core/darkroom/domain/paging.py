"""Parts of lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from darkroom.domain.errors import InvalidParam

LOOKED_AT = 2000


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The part of a list that a client requests. ``after`` is the id of the last object it has seen.

    Where only some objects of the list are asked for, at most ``looked_at`` are looked at.
    """

    limit: int = 40
    after: str | None = None
    newest_first: bool = True
    looked_at: int = LOOKED_AT


class Listed(Protocol):
    """What lists are of."""

    @property
    def id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Page[T: Listed]:
    """One part of a list.

    It may have fewer objects than requested, even none, without being the last: then as many objects were looked at
    as one request may, and the next page begins after ``resume_after``, the last of those.
    """

    items: tuple[T, ...]
    has_more: bool
    resume_after: str | None = None

    @property
    def cursor(self) -> str | None:
        """What the next page begins after; ``None`` on the last one."""
        if not self.has_more:
            return None
        return self.resume_after or self.items[-1].id


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
