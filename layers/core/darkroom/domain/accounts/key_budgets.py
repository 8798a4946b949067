"""Budgets of keys: how many credits a key may use in a day and in a month, UTC.

What a key uses counts against its own budget and against those of the keys it was made by, so that whoever passes a
key on passes on no more than they have. Credits that are released go back to the day and month they were held on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from darkroom.domain.accounts.workspaces import Owner

MOST_IN_A_LINE = (
    5  # budgets that one key's spending counts against: each is a write of every request's transaction
)
THRESHOLDS = (80, 100)  # percent, of which the owner is told


class Period(StrEnum):
    """What a budget is for."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class KeyBudget:
    """A key's ceilings in credits; ``None`` is none."""

    key_id: str
    day: int | None = None
    month: int | None = None

    @property
    def limits(self) -> Mapping[Period, int]:
        """The ceilings there are."""
        both = {Period.DAY: self.day, Period.MONTH: self.month}
        return {period: limit for period, limit in both.items() if limit is not None}


@dataclass(frozen=True, slots=True)
class KeySpending:
    """What was used of a key's budget: credits by day (``2026-03-14``) and by month (``2026-03``); the last when."""

    owner: Owner
    budget: KeyBudget
    used: Mapping[str, int] = field(default_factory=dict)
    counted_at: datetime | None = None

    def left(self, day: date) -> tuple[Period, int, int] | None:
        """The ceiling that leaves least on a day, with its limit and what it leaves; ``None`` if there is none."""
        rest = [
            (period, limit, max(limit - self.used.get(span(period, day), 0), 0))
            for period, limit in self.budget.limits.items()
        ]
        return min(rest, key=lambda one: one[2], default=None)


@dataclass(frozen=True, slots=True)
class Reached:
    """A threshold, in percent, of a budget that was reached: ``used`` of ``limit`` in the period ``span``."""

    period: Period
    span: str
    threshold: int
    limit: int
    used: int


_LETTERS = {Period.DAY: len("2026-03-14"), Period.MONTH: len("2026-03")}


def span(period: Period, day: date) -> str:
    """What the day or month that a day is in is called."""
    return f"{day:%Y-%m-%d}" if period is Period.DAY else f"{day:%Y-%m}"


def reached(before: KeySpending | None, after: KeySpending) -> Iterator[Reached]:
    """The thresholds that a change of what was used came to or beyond."""
    for period, limit in after.budget.limits.items():
        for name, used in after.used.items():
            if len(name) != _LETTERS[period]:
                continue
            earlier = before.used.get(name, 0) if before else 0
            for threshold in THRESHOLDS:
                if earlier * 100 < limit * threshold <= used * 100:
                    yield Reached(period, name, threshold, limit, used)
