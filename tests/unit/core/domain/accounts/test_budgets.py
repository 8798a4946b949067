"""Periods of budgets follow one another and end when they say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from darkroom.domain.accounts.budgets import Budget


@pytest.mark.parametrize("days", [1, 30])
def test_a_period_ends_where_the_next_one_begins(days: int) -> None:
    budget, now = Budget("b", 1, days), datetime(2026, 11, 21, 17, 30, tzinfo=UTC)
    ends = budget.ends(now)
    assert now < ends <= now + timedelta(days=days)
    assert budget.period(ends) == budget.period(now) + 1
    assert budget.period(ends - timedelta(microseconds=1)) == budget.period(now)
    assert now + timedelta(seconds=budget.wait(now)) >= ends


def test_a_day_is_the_calendars_in_utc() -> None:
    assert Budget("b", 1).ends(datetime(2026, 11, 21, 17, 30, tzinfo=UTC)) == datetime(
        2026, 11, 22, tzinfo=UTC
    )
