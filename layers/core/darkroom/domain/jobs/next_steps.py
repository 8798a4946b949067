"""What is done after a call to an engine, decided from the task and what came of the call. Nothing is done here.

Collect           the engine has an output
Park              the work goes on at the engine: look it up later
StartAgain        the same route or the next one, now or later
StartAfterLease   the answer was lost and nothing leads to the work: the lease decides when to try again
End               the task has failed
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from darkroom.domain.jobs.attempts import Again, after_failure
from darkroom.domain.jobs.engine import Finished, Pending
from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    EngineError,
    FileGone,
    OutcomeUnknown,
    RateLimitedByVendor,
    RouteFailed,
    RouteUnusable,
    VendorUnavailable,
)
from darkroom.domain.jobs.facts import VendorFacts
from darkroom.domain.jobs.job import FailureCode, Job, Task
from darkroom.domain.vendors.vendor_limits import Deferred

UNKNOWN_LOOK_UP = timedelta(seconds=5)
TROUBLE_LOOK_UP = timedelta(seconds=60)  # until work is asked for again with a key that was refused

# What came of a call: an outcome, a failure of the engine's, or an input that cannot be used.
type CallResult = Finished | Pending | EngineError | FailureCode


@dataclass(frozen=True, slots=True)
class Collect:
    """Store the engine's output and end the task with it."""

    task: Task
    finished: Finished


@dataclass(frozen=True, slots=True)
class Park:
    """Leave the task waiting for ``handle`` until ``poll_at``. ``new`` work is stopped if the task has ended."""

    task: Task
    handle: str
    poll_at: datetime
    new: bool = False


@dataclass(frozen=True, slots=True)
class StartAgain:
    """Queue the task for another start. It ``keeps_slot`` where it was only waiting for its turn."""

    again: Again
    keeps_slot: bool


@dataclass(frozen=True, slots=True)
class StartAfterLease:
    """Queue a start for when the lease has run out."""

    task: Task


@dataclass(frozen=True, slots=True)
class End:
    """End the task without an output."""

    task: Task
    failure: FailureCode


type NextStep = Collect | Park | StartAgain | StartAfterLease | End


def after_start(job: Job, task: Task, result: CallResult, now: datetime) -> NextStep:
    """What follows a start."""
    match result:
        case Finished():
            return Collect(_noted(job, task, now, result.facts), result)
        case Pending():
            return Park(_noted(job, task, now, result.facts), result.handle, result.poll_at, new=True)
        case FailureCode():
            return End(task, result)
        case OutcomeUnknown():
            return _looked_up(task, result, now)
        case _:
            return after_error(job, task, result, now)


def after_poll(job: Job, task: Task, handle: str, result: CallResult, now: datetime) -> NextStep:
    """What follows a poll. Work that exists is waited for wherever waiting may still bring it."""
    match result:
        case RateLimitedByVendor():
            return Park(task, handle, now + timedelta(seconds=result.retry_after))
        case AccountTrouble():
            return Park(task, handle, now + TROUBLE_LOOK_UP)
        case _:
            return after_start(job, task, result, now)


def poll_failure(error: EngineError) -> EngineError:
    """A failure as it counts for work that was started: a route that no longer serves has lost it."""
    if isinstance(error, RouteUnusable) and not isinstance(error, AccountTrouble):
        return RouteFailed(f"the work is not there any more: {error}", code=error.code)
    return error


def after_collecting(job: Job, task: Task, error: EngineError, now: datetime) -> NextStep:
    """What follows an output that could not be stored: fetch it later, unless it is gone or nothing leads to it."""
    if not isinstance(error, VendorUnavailable) or isinstance(error, FileGone) or task.handle is None:
        return after_error(job, task, error, now)
    return Park(task, task.handle, now + timedelta(seconds=error.retry_after))


def after_error(job: Job, task: Task, error: EngineError, now: datetime) -> NextStep:
    """What follows a failure that nothing is waited for after: another start, or the end."""
    waiting = isinstance(error, Deferred)
    if not waiting:
        task = _noted(job, task, now, _trouble(error))
    step = after_failure(job, task, error, now)
    return StartAgain(step, keeps_slot=waiting) if isinstance(step, Again) else End(task, step)


def current_facts(job: Job, task: Task, now: datetime) -> VendorFacts:
    """What is known of a task by now: on a vendor's route also where it is, and for how long it has been there."""
    facts, route = task.vendor_facts, job.route_of(task)
    if not route.is_vendor:
        return facts
    placed = replace(
        facts, vendor=route.engine, model=route.engine_model, route=task.route, starts=task.attempts
    )
    if placed.started_at is None:
        return placed
    return replace(placed, latency_ms=round((now.timestamp() - placed.started_at) * 1000))


def _looked_up(task: Task, unknown: OutcomeUnknown, now: datetime) -> NextStep:
    handle = unknown.handle or task.handle
    return StartAfterLease(task) if handle is None else Park(task, handle, now + UNKNOWN_LOOK_UP)


def _noted(job: Job, task: Task, now: datetime, facts: VendorFacts) -> Task:
    return replace(task, facts=current_facts(job, task, now).updated(facts))


def _trouble(error: EngineError) -> VendorFacts:
    """The vendor's own words for a failure, beside our own."""
    return VendorFacts(
        error=error.name,
        error_code=error.code or None,
        error_request_id=error.request_id or None,
    )
