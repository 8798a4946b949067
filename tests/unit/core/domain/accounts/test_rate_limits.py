from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkroom.domain.accounts.rate_limits import NONE_YET, MinuteCount, RatePolicy, RateWindow

POLICY = RatePolicy("default", 10)
START = 1_775_354_400.0


class Door:
    """What a stack keeps of one key's limit: the two newest minutes, one counter each."""

    def __init__(self, limit: int) -> None:
        self.policy = RatePolicy("p", limit)
        self.minutes: dict[int, MinuteCount] = {}

    def window(self, at: float) -> RateWindow:
        minute = int(at // 60)
        previous, current = (self.minutes.get(one, NONE_YET) for one in (minute - 1, minute))
        return RateWindow.at(self.policy, at, previous=previous, current=current)

    def admits(self, at: float) -> bool:
        window = self.window(at)
        if window.admits:
            self.minutes[window.minute] = window.current.plus_one(window.second)
        return window.admits


# Gaps of whole and of broken seconds, of a burst, and of about the window's length.
GAPS = st.one_of(
    st.sampled_from(
        [0.0, 0.001, 0.5, 1.0, 6.0, 12.0, 19.9, 20.0, 20.2, 29.5, 30.0, 59.0, 59.999, 60.0, 61.0]
    ),
    st.floats(0, 3),
    st.floats(0, 130),
)
LIMITS = st.integers(1, 12)


@st.composite
def arrivals(draw: st.DrawFn) -> list[float]:
    gaps = draw(st.lists(GAPS, min_size=1, max_size=60))
    return list(accumulate(gaps, initial=START + draw(st.floats(0, 120))))


def most_in(times: Sequence[float], seconds: float) -> int:
    """The most that came in any time of that length, its end included and its beginning not."""
    return max(sum(end - seconds < one <= end for one in times) for end in times) if times else 0


@given(times=arrivals(), limit=LIMITS)
@settings(database=None, max_examples=400)
def test_who_never_sends_more_than_the_limit_in_a_minute_is_never_refused(
    times: list[float], limit: int
) -> None:
    kept: list[float] = []
    for at in times:  # only what keeps the limit is sent
        if most_in([*kept, at], 60) <= limit:
            kept.append(at)
    door = Door(limit)
    assert all(door.admits(at) for at in kept)


@given(times=arrivals(), limit=LIMITS)
@settings(database=None, max_examples=400)
def test_nobody_gets_more_than_the_limit_in_59_seconds(times: list[float], limit: int) -> None:
    door = Door(limit)
    assert most_in([at for at in times if door.admits(at)], 59) <= limit


@given(times=arrivals(), limit=LIMITS)
@settings(database=None, max_examples=400)
def test_retry_after_is_the_first_second_that_admits(times: list[float], limit: int) -> None:
    door = Door(limit)
    for at in times:
        if not door.admits(at):
            wait = door.window(at).retry_after
            assert 1 <= wait <= 60
            assert door.window(at + wait).admits
            assert not any(door.window(at + sooner).admits for sooner in range(1, wait))


@given(times=arrivals(), limit=LIMITS)
@settings(database=None, max_examples=200)
def test_reset_is_the_first_second_that_leaves_more(times: list[float], limit: int) -> None:
    door = Door(limit)
    for at in times:
        window = door.window(at)
        if door.admits(at):
            reset, left = window.reset_seconds, window.remaining_after
            assert 1 <= reset <= 60
            assert door.window(at + reset).ceiling - door.window(at + reset).current.total > left
            assert door.window(at + reset - 1).remaining_after == max(left - 1, 0)


@pytest.mark.parametrize(("gap", "limit", "number"), [(6.05, 10, 40), (20.2, 3, 9), (12.0, 5, 30)])
def test_a_client_at_the_documented_pace_is_never_refused(gap: float, limit: int, number: int) -> None:
    for offset in range(60):
        door = Door(limit)
        assert all(door.admits(START + offset + gap * one) for one in range(number))


@pytest.mark.parametrize("limit", [3, 10])
def test_after_a_silent_minute_the_whole_limit_is_there(limit: int) -> None:
    for offset in range(60):
        door = Door(limit)
        assert [door.admits(START + offset) for _ in range(limit + 1)] == [True] * limit + [False]
        assert [door.admits(START + offset + 60) for _ in range(limit + 1)] == [True] * limit + [False]


@pytest.mark.parametrize(("elapsed", "ceiling"), [(0, 0), (15, 2), (30, 5), (45, 7), (59.9, 9)])
def test_counts_of_earlier_code_are_spread_over_their_minute(elapsed: float, ceiling: int) -> None:
    assert RateWindow.at(POLICY, 600 + elapsed, previous=MinuteCount(10)).ceiling == ceiling


def admits_after(window: RateWindow, at: float) -> Callable[[int], bool]:
    def admits(wait: int) -> bool:
        if at + wait >= 660:
            return RateWindow.at(POLICY, at + wait, previous=window.current).admits
        return RateWindow.at(POLICY, at + wait, previous=window.previous, current=window.current).admits

    return admits


def test_a_client_of_earlier_counts_that_waits_is_admitted() -> None:
    for previous in range(0, 31, 3):
        for current in range(11):
            for elapsed in (0.0, 0.5, 12.3, 59.0):
                counts = {"previous": MinuteCount(previous), "current": MinuteCount(current)}
                full = RateWindow.at(POLICY, 600 + elapsed, **counts)
                if not full.admits:
                    assert admits_after(full, 600 + elapsed)(full.retry_after)


def test_the_headers_count_the_present_request() -> None:
    assert RateWindow.at(POLICY, 600, current=MinuteCount(2, {0: 2})).remaining_after == 7
    assert RateWindow.at(POLICY, 600, current=MinuteCount(9, {0: 9})).remaining_after == 0
    assert RateWindow.at(POLICY, 630, current=MinuteCount(1, {11: 1})).reset_seconds == 41


def test_a_window_that_was_lost_to_others_tells_when_they_leave() -> None:
    window = RateWindow.at(RatePolicy("p", 2), 630)
    assert window.lost_to(MinuteCount(2, {10: 1, 25: 1})).retry_after == 40
