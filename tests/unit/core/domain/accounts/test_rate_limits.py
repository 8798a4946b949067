from __future__ import annotations

import pytest

from darkroom.domain.accounts.rate_limits import RatePolicy, RateWindow

POLICY = RatePolicy("default", 10)


def window(at: float, *, previous: int = 0, current: int = 0) -> RateWindow:
    return RateWindow.at(POLICY, at, previous=previous, current=current)


def test_an_empty_window_admits_exactly_the_limit() -> None:
    assert window(600, current=9).admits
    assert not window(600, current=10).admits


@pytest.mark.parametrize(("elapsed", "ceiling"), [(0, 0), (15, 2), (30, 5), (45, 7), (59.9, 9)])
def test_the_minute_before_weighs_what_the_window_still_covers(elapsed: float, ceiling: int) -> None:
    assert window(600 + elapsed, previous=10).ceiling == ceiling


def test_a_client_that_waits_retry_after_is_admitted() -> None:
    for previous in range(0, 31, 3):
        for current in range(11):
            for elapsed in (0.0, 0.5, 12.3, 59.0):
                now = 600 + elapsed
                full = window(now, previous=previous, current=current)
                if full.admits:
                    continue
                later = now + full.retry_after
                if later >= 660:
                    after = window(later, previous=current, current=0)
                else:
                    after = window(later, previous=previous, current=current)
                assert after.admits, (previous, current, elapsed, full.retry_after)


def test_the_headers_count_the_present_request() -> None:
    assert window(600, current=2).remaining_after == 7
    assert window(600, current=9).remaining_after == 0
    assert window(659.5).reset_seconds == 1
