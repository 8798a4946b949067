"""Repeating what our own storage was too busy for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from darkroom.domain.errors import Unavailable
from darkroom.services.keep_trying import LONGEST_PAUSE, KeepTrying
from tests.fakes.system import START, FakeClock


class Busy:
    """A deed that works from the nth time on."""

    def __init__(self, times: int) -> None:
        self.left, self.tries = times, 0

    def __call__(self) -> str:
        self.tries += 1
        if self.tries <= self.left:
            raise Unavailable("busy")
        return "done"


def test_a_deed_that_works_is_done_once_and_costs_no_time() -> None:
    clock, deed = FakeClock(), Busy(0)
    assert KeepTrying(clock)(deed, START) == "done"
    assert (deed.tries, clock.now()) == (1, START)


def test_it_is_repeated_with_growing_pauses_until_it_works() -> None:
    clock, deed = FakeClock(), Busy(4)
    assert KeepTrying(clock)(deed, START + timedelta(seconds=60)) == "done"
    assert (clock.now() - START).total_seconds() == 0.5 + 1 + 2 + 4


def test_it_ends_in_time() -> None:
    clock, deed, until = FakeClock(), Busy(10**6), START + timedelta(seconds=60)
    with pytest.raises(Unavailable):
        KeepTrying(clock)(deed, until)
    assert until - timedelta(seconds=LONGEST_PAUSE) <= clock.now() < until


def test_nothing_else_is_repeated() -> None:
    def fail() -> None:
        raise LookupError("a defect")

    with pytest.raises(LookupError, match="a defect"):
        KeepTrying(FakeClock())(fail, START + timedelta(seconds=60))
