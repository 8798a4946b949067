from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from darkroom.domain.catalog.routes import Queue, Route
from darkroom.domain.jobs.attempts import (
    MAX_STARTS,
    PATIENCE,
    WORTH_WAITING,
    Again,
    after_failure,
    is_lost,
    may_start,
    next_route,
    unknown_starts,
)
from darkroom.domain.jobs.engine_failures import EngineError, RateLimitedByVendor, VendorUnavailable
from darkroom.domain.jobs.facts import VendorFacts
from darkroom.domain.jobs.job import FailureCode, Job, Task, TaskState
from darkroom.domain.queues import MAX_DELAY_SECONDS
from darkroom.domain.vendors.vendor_limits import VendorCircuitOpen, VendorLimitReached
from tests.contract.examples import NOW, job

ROUTES = tuple(Route(name, Queue.VENDORS) for name in "abc")
STARTED = Task(0, "t-1", attempts=1)


def routed(**changes: object) -> Job:
    return replace(job(), routes=ROUTES, deadline_at=NOW + timedelta(hours=1), created_at=NOW, **changes)  # type: ignore[arg-type]


def again(task: Task, error: EngineError, job: Job | None = None, now: datetime = NOW) -> Again:
    step = after_failure(job or routed(), task, error, now)
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
        (Task(0, "t", attempts=3, route_from=1), False, False),  # three are unaccounted for
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


LOST = replace(STARTED, state=TaskState.RUNNING)


@pytest.mark.parametrize(
    ("task", "work_id", "lost"),
    [
        (LOST, "w-1", True),
        (replace(LOST, state=TaskState.QUEUED), "w-1", True),
        (replace(LOST, state=TaskState.WAITING), "w-1", False),
        (replace(LOST, state=TaskState.SUCCEEDED), "w-1", False),
        (replace(LOST, handle="w-0"), "w-1", False),
        (replace(LOST, attempts=0), "w-1", False),  # it was never started
        (replace(LOST, attempts=2, route_from=2), "w-1", False),  # not where it is now
        (replace(LOST, attempts=3, route_from=2), "w-1", True),
        (replace(LOST, facts=VendorFacts(request_id="w-1")), "w-1", False),  # work that ended before
        (replace(LOST, facts=VendorFacts(request_id="w-0")), "w-1", True),
        (LOST, "", False),
    ],
)
def test_lost_work_belongs_to_a_task_that_was_started_there_and_has_no_name_for_it(
    task: Task, work_id: str, lost: bool
) -> None:
    assert is_lost(task, work_id) is lost


def at_most_a_fifth_more(seconds: int, asked: int) -> bool:
    return asked <= seconds <= round(asked * 1.2)


def test_a_vendor_that_fails_is_tried_again_after_the_time_it_named() -> None:
    first = again(STARTED, VendorUnavailable("no", retry_after=100))
    assert first.task.route == 0
    assert at_most_a_fifth_more(first.seconds, 100)
    second = again(replace(first.task, attempts=2), VendorUnavailable("no", retry_after=100))
    assert (second.task.route, second.task.settled) == (1, 2)


def test_the_last_start_of_all_is_not_followed_by_another_on_its_route() -> None:
    last = Task(0, "t", attempts=MAX_STARTS, route=1, route_from=MAX_STARTS - 1, settled=MAX_STARTS - 1)
    assert after_failure(routed(), last, VendorUnavailable("no"), NOW) is FailureCode.FAILED
    assert next_route(routed(), replace(last, settled=MAX_STARTS)) is FailureCode.FAILED
    before = replace(last, attempts=MAX_STARTS - 1, settled=MAX_STARTS - 1)
    assert isinstance(next_route(routed(), before), Again)


def test_what_may_still_be_running_is_not_made_elsewhere() -> None:
    assert next_route(routed(), replace(STARTED, attempts=2, settled=1)) is FailureCode.FAILED


@pytest.mark.parametrize(("waits", "asked"), [(0, 1), (1, 2), (2, 4), (3, 8)])
def test_a_busy_route_is_asked_again_after_twice_the_time(waits: int, asked: int) -> None:
    step = again(replace(STARTED, waits=waits), RateLimitedByVendor("busy", retry_after=0))
    assert (step.task.route, step.task.waits) == (0, waits + 1)
    assert at_most_a_fifth_more(step.seconds, asked)


@pytest.mark.parametrize(("waits", "asked"), [(5, 32), (6, 64), (7, 64), (30, 64)])
def test_without_another_route_waiting_grows_to_about_a_minute(waits: int, asked: int) -> None:
    step = again(replace(STARTED, waits=waits, route=2), RateLimitedByVendor("busy", retry_after=0))
    assert step.task.route == 2
    assert at_most_a_fifth_more(step.seconds, asked)


def test_patience_with_a_busy_route_ends_where_there_is_another() -> None:
    busy = RateLimitedByVendor("busy", retry_after=1)
    assert again(replace(STARTED, waits=PATIENCE - 2), busy).task.route == 0
    assert again(replace(STARTED, waits=PATIENCE - 1), busy).task.route == 1


def test_a_time_at_the_deadline_is_too_late() -> None:
    job = replace(routed(), deadline_at=NOW + timedelta(seconds=MAX_DELAY_SECONDS))
    longest = RateLimitedByVendor("busy", retry_after=MAX_DELAY_SECONDS)
    assert again(STARTED, longest, job).task.route == 1
    a_little_later = replace(job, deadline_at=job.deadline_at + timedelta(milliseconds=1))
    assert again(STARTED, longest, a_little_later).task.route == 0


def test_an_open_breaker_is_waited_out_to_the_second() -> None:
    assert again(STARTED, VendorCircuitOpen("open", retry_after=WORTH_WAITING)).task.route == 0
    assert again(STARTED, VendorCircuitOpen("open", retry_after=WORTH_WAITING + 1)).task.route == 1


@pytest.mark.parametrize(("age", "asked"), [(0, 5), (40, 5), (80, 10), (480, 60), (3000, 60)])
def test_who_waits_for_a_slot_looks_less_often_the_older_the_job(age: int, asked: int) -> None:
    step = again(STARTED, VendorLimitReached("full", retry_after=5), now=NOW + timedelta(seconds=age))
    assert at_most_a_fifth_more(step.seconds, asked)
