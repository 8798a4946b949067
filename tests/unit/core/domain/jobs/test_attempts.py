from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.catalog.routes import Queue, Route
from darkroom.domain.jobs.attempts import (
    Again,
    after_failure,
    may_start,
    next_route,
    unknown_starts,
)
from darkroom.domain.jobs.engine_failures import RateLimitedByVendor, VendorUnavailable
from darkroom.domain.jobs.job import FailureCode, Job, Task
from darkroom.domain.queues import MAX_DELAY_SECONDS
from darkroom.domain.vendors.vendor_limits import VendorCircuitOpen, VendorLimitReached
from tests.contract.examples import NOW, job

ROUTES = tuple(Route(name, Queue.VENDORS) for name in "abc")
STARTED = Task(0, "t-1", attempts=1)


def routed(**changes: object) -> Job:
    return replace(job(), routes=ROUTES, deadline_at=NOW + timedelta(hours=1), created_at=NOW, **changes)  # type: ignore[arg-type]


def again(task: Task, error: Exception) -> Again:
    step = after_failure(routed(), task, error, NOW)  # type: ignore[arg-type]
    assert isinstance(step, Again)
    return step


@pytest.mark.parametrize(
    ("task", "safe", "may"),
    [
        (Task(0, "t", attempts=1), False, True),
        (Task(0, "t", attempts=2), False, True),
        (Task(0, "t", attempts=3), False, False),  # two starts are unaccounted for
        (Task(0, "t", attempts=3, settled=2, route_from=2), False, True),
        (Task(0, "t", attempts=3, settled=2), False, False),  # three on one route
        (Task(0, "t", attempts=4, settled=3, route_from=3), False, True),
        (Task(0, "t", attempts=5, settled=4, route_from=4), False, False),
        (Task(0, "t", attempts=4), True, True),
        (Task(0, "t", attempts=5), True, False),
    ],
)
def test_starts_are_budgeted(task: Task, safe: bool, may: bool) -> None:
    assert may_start(task, resubmit_safe=safe) is may


def test_a_definite_failure_is_accounted_for_and_a_refused_start_given_back() -> None:
    failed = again(STARTED, VendorUnavailable("no"))
    assert (failed.task.attempts, unknown_starts(failed.task)) == (1, 0)
    refused = again(STARTED, RateLimitedByVendor("no"))
    assert (refused.task.attempts, refused.task.waits) == (0, 1)


def test_the_next_route_starts_afresh() -> None:
    moved = next_route(routed(), replace(STARTED, settled=1, waits=4))
    assert isinstance(moved, Again)
    assert (moved.task.route, moved.task.route_from, moved.task.waits, moved.seconds) == (1, 1, 0, 0)
    assert next_route(routed(), replace(STARTED, settled=1, route=2)) is FailureCode.FAILED


def test_waiting_grows_and_is_never_shorter_than_asked() -> None:
    task, waits = STARTED, []
    for _ in range(4):
        step = again(task, RateLimitedByVendor("no", retry_after=3))
        waits.append(step.seconds)
        task = replace(step.task, attempts=1)
    assert all(wait >= 3 for wait in waits)
    assert waits[-1] > waits[0]
    longest = again(STARTED, RateLimitedByVendor("no", retry_after=MAX_DELAY_SECONDS)).seconds
    assert longest == MAX_DELAY_SECONDS


def test_those_refused_at_once_do_not_come_back_at_once() -> None:
    tasks = [replace(STARTED, id=f"t-{number}") for number in range(50)]
    waits = {again(task, RateLimitedByVendor("no", retry_after=100)).seconds for task in tasks}
    assert min(waits) >= 100
    assert max(waits) <= 120
    assert len(waits) > 10


def test_waiting_for_a_slot_is_counted_as_nothing() -> None:
    waiting = again(STARTED, VendorLimitReached("full"))
    assert (waiting.task.attempts, waiting.task.waits, waiting.task.route) == (0, 0, 0)


def test_an_open_breaker_is_waited_out_only_for_a_moment_or_where_there_is_no_other_way() -> None:
    assert again(STARTED, VendorCircuitOpen("open", retry_after=5)).task.route == 0
    assert again(STARTED, VendorCircuitOpen("open", retry_after=60)).task.route == 1
    last = again(replace(STARTED, route=2), VendorCircuitOpen("open", retry_after=60))
    assert last.task.route == 2
    assert last.seconds >= 60
