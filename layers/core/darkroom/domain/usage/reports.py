"""Reports of usage: sums over a range of days, divided by what the reader asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from darkroom.domain.errors import InvalidParam
from darkroom.domain.paging import Page, PageRequest, unknown_cursor
from darkroom.domain.usage import measures
from darkroom.domain.usage.measures import Measures

MOST_DAYS = 92
USUAL_DAYS = 30


class Dimension(StrEnum):
    """What a report can be divided by. Vendors and workspaces are the operator's."""

    DAY = "day"
    KEY = "key"
    OFFER = "offer"
    VENDOR = "vendor"
    WORKSPACE = "workspace"


@dataclass(frozen=True, slots=True)
class Days:
    """A range of days, UTC, both of its ends included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Group:
    """One part of a report. ``values`` are those of the report's dimensions, in their order."""

    values: tuple[str, ...]
    measures: Measures

    @property
    def id(self) -> str:
        """What names it in its report."""
        return "|".join(self.values)


@dataclass(frozen=True, slots=True)
class Report:
    """What was used in some days: all of it, and a page of its parts."""

    days: Days
    dimensions: tuple[Dimension, ...]
    total: Measures
    groups: Page[Group]


def days_between(first: date | None, last: date | None, today: date) -> Days:
    """The range that a reader names: thirty days that end today, where it leaves something out.

    Raises
    ------
    InvalidParam
    """
    last = last or (min(first + timedelta(days=USUAL_DAYS - 1), today) if first else today)
    first = first or last - timedelta(days=USUAL_DAYS - 1)
    if first > last:
        raise InvalidParam("from must not be after to.", param="from")
    if (last - first).days >= MOST_DAYS:
        raise InvalidParam(f"from and to may span at most {MOST_DAYS} days.", param="from")
    return Days(first, last)


def grouped(some: Iterable[tuple[Sequence[str], Measures]]) -> list[Group]:
    """The sums of those with the same values, in their order."""
    sums: defaultdict[tuple[str, ...], list[Measures]] = defaultdict(list)
    for values, counted in some:
        sums[tuple(values)].append(counted)
    return [Group(values, measures.total(of)) for values, of in sorted(sums.items())]


def page_of(groups: Sequence[Group], page: PageRequest) -> Page[Group]:
    """One page of a report's parts.

    Raises
    ------
    InvalidParam
        It is to begin after a part that the report does not have.
    """
    ordered = list(reversed(groups)) if page.newest_first else list(groups)
    if page.after is not None:
        places = [place for place, group in enumerate(ordered) if group.id == page.after]
        if not places:
            raise unknown_cursor()
        ordered = ordered[places[0] + 1 :]
    return Page(tuple(ordered[: page.limit]), len(ordered) > page.limit)
