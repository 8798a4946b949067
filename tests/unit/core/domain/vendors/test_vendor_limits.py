"""A vendor's limit and breaker: who gets in, when nobody does, and for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from darkroom.domain.vendors.vendor_limits import (
    FIRST_OPEN,
    LONGEST_OPEN,
    PROBE,
    THRESHOLD,
    VendorCircuitOpen,
    VendorLimit,
    VendorLimitReached,
    enter,
    failed,
)
from tests.fakes.system import START

SECOND = timedelta(seconds=1)
UNTIL = START + timedelta(minutes=10)
FAILING = VendorLimit(failures=THRESHOLD)


def inside(limit: VendorLimit, task_id: str, now: datetime = START, at_once: int = 2) -> VendorLimit:
    return enter(limit, task_id, limit=at_once, now=now, until=UNTIL).vendor_limit


def test_there_is_room_for_as_many_as_the_limit_says() -> None:
    full = inside(inside(VendorLimit(), "a"), "b")
    assert set(full.slots) == {"a", "b"}
    with pytest.raises(VendorLimitReached):
        inside(full, "c")


def test_whoever_has_a_slot_keeps_it_also_in_a_full_house() -> None:
    full = inside(inside(VendorLimit(), "a"), "b")
    assert set(inside(full, "a").slots) == {"a", "b"}
    assert set(inside(full, "a", now=UNTIL).slots) == {"a"}


def test_a_slot_that_nobody_gave_back_ends_by_itself() -> None:
    full = inside(inside(VendorLimit(), "a"), "b")
    with pytest.raises(VendorLimitReached):
        inside(full, "c", now=UNTIL - SECOND)
    assert set(inside(full, "c", now=UNTIL).slots) == {"c"}


def test_a_breaker_opens_with_the_fifth_failure_in_a_row() -> None:
    assert failed(replace(FAILING, failures=THRESHOLD - 1), START).open_until is None
    opened = failed(FAILING, START)
    assert (opened.openings, opened.open_until) == (1, START + FIRST_OPEN)


def test_an_open_breaker_lets_nobody_in_and_says_for_how_long() -> None:
    opened = failed(FAILING, START)
    with pytest.raises(VendorCircuitOpen) as refused:
        inside(opened, "a", now=START + 5 * SECOND)
    assert refused.value.retry_after == FIRST_OPEN.total_seconds() - 5
    with pytest.raises(VendorCircuitOpen) as refused:
        inside(opened, "a", now=START + FIRST_OPEN - timedelta(milliseconds=1))
    assert refused.value.retry_after == 1


def test_then_one_task_tries_and_keeps_the_others_out_meanwhile() -> None:
    now = START + FIRST_OPEN
    entered = enter(failed(FAILING, START), "a", limit=2, now=now, until=UNTIL)
    assert entered.probe
    assert entered.vendor_limit.open_until == now + PROBE
    with pytest.raises(VendorCircuitOpen):
        inside(entered.vendor_limit, "b", now=now + PROBE - SECOND)
    assert not enter(VendorLimit(), "a", limit=2, now=now, until=UNTIL).probe


@pytest.mark.parametrize(
    ("openings", "minutes"), [(0, 0.25), (1, 0.5), (2, 1), (3, 2), (4, 4), (5, 5), (50, 5)]
)
def test_each_opening_in_a_row_lasts_twice_as_long_up_to_five_minutes(openings: int, minutes: float) -> None:
    opened = failed(replace(FAILING, openings=openings), START)
    assert opened.open_until == START + timedelta(minutes=minutes)
    assert opened.openings == openings + 1


def test_a_vendor_that_names_a_longer_time_is_left_alone_for_that_long() -> None:
    assert failed(FAILING, START, retry_after=100).open_until == START + timedelta(seconds=100)
    assert failed(FAILING, START, retry_after=10).open_until == START + FIRST_OPEN
    assert failed(FAILING, START, retry_after=10_000).open_until == START + LONGEST_OPEN


def test_what_was_started_before_does_not_open_it_again_but_the_probe_does() -> None:
    opened = failed(FAILING, START)
    assert failed(opened, START + SECOND) == opened
    again = failed(opened, START + SECOND, probe=True)
    assert (again.openings, again.open_until) == (2, START + SECOND + 2 * FIRST_OPEN)
    assert failed(opened, START + FIRST_OPEN).openings == 2
