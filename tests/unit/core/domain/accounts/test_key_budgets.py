"""Budgets: which ceiling is nearest, and which thresholds a change comes to."""

from __future__ import annotations

from datetime import date

from darkroom.domain.accounts.key_budgets import KeyBudget, KeySpending, Period, reached, span
from tests.contract.examples import OWNER

DAY = date(2026, 3, 14)


def spending(day: int, month: int, budget: KeyBudget | None = None) -> KeySpending:
    used = {"2026-03-14": day, "2026-03": month}
    return KeySpending(OWNER, budget or KeyBudget("k", 100, 1_000), used)


def told(before: KeySpending | None, after: KeySpending) -> list[tuple[str, int]]:
    return [(one.span, one.threshold) for one in reached(before, after)]


def test_a_day_and_its_month_have_their_names() -> None:
    assert (span(Period.DAY, DAY), span(Period.MONTH, DAY)) == ("2026-03-14", "2026-03")


def test_the_ceiling_that_leaves_least_is_the_one_that_counts() -> None:
    assert spending(40, 500).left(DAY) == (Period.DAY, 100, 60)
    assert spending(40, 990).left(DAY) == (Period.MONTH, 1_000, 10)
    assert spending(0, 0).left(date(2026, 4, 1)) == (Period.DAY, 100, 100)
    assert spending(0, 0, KeyBudget("k")).left(DAY) is None
    assert spending(140, 0).left(DAY) == (Period.DAY, 100, 0)


def test_each_threshold_is_told_where_it_is_come_to() -> None:
    assert told(spending(79, 79), spending(80, 80)) == [("2026-03-14", 80)]
    assert told(spending(80, 80), spending(99, 99)) == []
    assert told(spending(99, 799), spending(100, 800)) == [("2026-03-14", 100), ("2026-03", 80)]
    assert told(None, spending(100, 100)) == [("2026-03-14", 80), ("2026-03-14", 100)]
    assert told(spending(100, 100), spending(60, 60)) == []


def test_without_a_ceiling_there_is_no_threshold() -> None:
    free = KeyBudget("k", None, 10)
    assert told(spending(0, 0, free), spending(10**6, 9, free)) == [("2026-03", 80)]
    assert told(None, spending(5, 5, KeyBudget("k", 0, None))) == []
