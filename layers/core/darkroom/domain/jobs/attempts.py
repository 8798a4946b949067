"""What comes after a start that failed: the same route again, the next one, or the end.

    at most 2 starts on one route, 4 in all; of those, at most 2 with an unknown outcome
    Blocked, Rejected     the end: another route could not do better, or must not be tried for a refused prompt
    RouteFailed           the next route
    VendorUnavailable     the same route a little later, then the next one
    RateLimitedByVendor   the same route when the vendor says, nothing counted; after a few times the next one
    Deferred              the same route, however often: the task is only waiting for its turn
    VendorCircuitOpen     like RateLimitedByVendor; the next route at once if the breaker stays open for long
    RouteUnusable         the next route, nothing counted

A task with starts of an unknown outcome stays on its route: work that may be running there must not be started a
second time somewhere else.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from darkroom.domain.jobs.engine_failures import (
    Blocked,
    EngineError,
    RateLimitedByVendor,
    Rejected,
    RouteUnusable,
    VendorUnavailable,
)
from darkroom.domain.jobs.job import ATTEMPT_BUDGET, FailureCode, Job, Task, TaskState
from darkroom.domain.queues import MAX_DELAY_SECONDS
from darkroom.domain.vendors.vendor_limits import Deferred, VendorCircuitOpen

MAX_STARTS = 4
STARTS_PER_ROUTE = 2
PATIENCE = 5  # how often a route may be busy before the task moves to the next one
WORTH_WAITING = (
    10  # seconds until an open breaker allows a probe; if it takes longer, the task moves to the next route
)
LONGEST_WAIT = 60  # seconds between looks at a full limit
_JITTER = 0.2

_ENDINGS: Mapping[type[EngineError], FailureCode] = {
    Blocked: FailureCode.CONTENT_BLOCKED,
    Rejected: FailureCode.INPUT_REJECTED,
}


@dataclass(frozen=True, slots=True)
class Again:
    """The task to queue again, and after how many seconds."""

    task: Task
    seconds: int


def unknown_starts(task: Task) -> int:
    """How many of the task's starts have an unknown outcome and may still be running."""
    return task.attempts - task.settled


def may_start(task: Task, *, resubmit_safe: bool) -> bool:
    """Whether a task that was just claimed, which counts its new start, may be started."""
    if resubmit_safe:
        return task.attempts <= MAX_STARTS
    return (
        task.attempts <= MAX_STARTS
        and task.attempts - task.route_from <= STARTS_PER_ROUTE
        and unknown_starts(task) <= ATTEMPT_BUDGET
    )


def is_lost(task: Task, work_id: str) -> bool:
    """Whether work that a vendor calls back about may be the task's own, whose handle was lost.

    The task must have been started on its route, and the work must not be one that has ended for it before.
    """
    unnamed = task.handle is None and task.state in (TaskState.QUEUED, TaskState.RUNNING)
    started_here = task.attempts > task.route_from
    return bool(work_id) and unnamed and started_here and task.vendor_facts.request_id != work_id


def after_failure(job: Job, task: Task, error: EngineError, now: datetime) -> Again | FailureCode:
    """What to do with a task whose last start, or the work it started, ended in ``error``."""
    match error:
        case Blocked() | Rejected():
            return _ENDINGS[type(error)]
        case Deferred():
            age = (now - job.created_at).total_seconds()
            return Again(
                _uncounted(task), _delay(task, max(error.retry_after, min(int(age / 8), LONGEST_WAIT)))
            )
        case VendorUnavailable():
            return _after_unavailable(job, replace(task, settled=task.settled + 1), error, now)
        case RateLimitedByVendor():
            return _after_rate_limit(job, _uncounted(task), error, now)
        case RouteUnusable():
            return next_route(job, _uncounted(task))
        case _:
            return next_route(job, replace(task, settled=task.settled + 1))


def next_route(job: Job, task: Task) -> Again | FailureCode:
    """The task on the job's next route; failed if there is none, or the task may not move."""
    last = task.route + 1 >= len(job.ways)
    if last or unknown_starts(task) > 0 or task.attempts >= MAX_STARTS:
        return FailureCode.FAILED
    return Again(replace(task, route=task.route + 1, route_from=task.attempts, waits=0), 0)


def _after_unavailable(
    job: Job, task: Task, error: RateLimitedByVendor, now: datetime
) -> Again | FailureCode:
    tries = task.attempts - task.route_from
    again = Again(task, _delay(task, error.retry_after))
    if tries < STARTS_PER_ROUTE and task.attempts < MAX_STARTS and _in_time(job, again, now):
        return again
    return next_route(job, task)


def _after_rate_limit(job: Job, task: Task, error: RateLimitedByVendor, now: datetime) -> Again:
    """Waiting costs nothing, so without another route it goes on until the deadline ends it."""
    waited = replace(task, waits=task.waits + 1)
    again = Again(waited, _delay(waited, max(error.retry_after, 2 ** min(task.waits, 6))))
    hopeless = isinstance(error, VendorCircuitOpen) and error.retry_after > WORTH_WAITING
    if waited.waits < PATIENCE and not hopeless and _in_time(job, again, now):
        return again
    moved = next_route(job, task)
    return moved if isinstance(moved, Again) else again


def _uncounted(task: Task) -> Task:
    return replace(task, attempts=task.attempts - 1)


def _in_time(job: Job, again: Again, now: datetime) -> bool:
    return now + timedelta(seconds=again.seconds) < job.deadline_at


def _delay(task: Task, seconds: int) -> int:
    """At least ``seconds``, spread a little by task, since many tasks are refused at the same moment."""
    share = zlib.crc32(f"{task.id}:{task.attempts}:{task.waits}".encode()) / 2**32
    return min(seconds + round(seconds * _JITTER * share), MAX_DELAY_SECONDS)
