"""Deciding the next step after a call to an engine, from the task and the call's result. Nothing is done here.

Collect           the engine has an output
Park              the work is still running: poll it later
StartAgain        on the same route or the next one, now or later
StartAfterLease   the response was lost without a handle: start again when the lease has expired
End               the task has failed
"""

from __future__ import annotations

import math
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
from darkroom.domain.queues import MAX_DELAY_SECONDS
from darkroom.domain.vendors.vendor_limits import Deferred

UNKNOWN_LOOK_UP = timedelta(seconds=5)
TROUBLE_LOOK_UP = timedelta(seconds=60)  # until work is polled again after the vendor refused our key


@dataclass(frozen=True, slots=True)
class UnusableInput:
    """An input could not be read, so nothing was called. ``reason`` names it, in words for the client."""

    reason: str


# A call's result: an outcome, an engine's failure, or an input that cannot be used.
type CallResult = Finished | Pending | EngineError | UnusableInput


@dataclass(frozen=True, slots=True)
class Collect:
    """Store the engine's output and end the task with it."""

    task: Task
    finished: Finished


@dataclass(frozen=True, slots=True)
class Park:
    """Set the task waiting for ``handle`` until ``poll_at``. ``new`` work is canceled if the task has ended."""

    task: Task
    handle: str
    poll_at: datetime
    new: bool = False


@dataclass(frozen=True, slots=True)
class StartAgain:
    """Queue the task for another start. It ``keeps_slot`` if it was only waiting for its turn."""

    again: Again
    keeps_slot: bool


@dataclass(frozen=True, slots=True)
class StartAfterLease:
    """Queue a start for when the lease has expired."""

    task: Task


@dataclass(frozen=True, slots=True)
class End:
    """End the task without an output."""

    task: Task
    failure: FailureCode


type NextStep = Collect | Park | StartAgain | StartAfterLease | End


def after_start(job: Job, task: Task, result: CallResult, now: datetime) -> NextStep:
    """The next step after a start."""
    match result:
        case Finished():
            return Collect(_noted(job, task, now, result.facts), result)
        case Pending():
            return Park(_noted(job, task, now, result.facts), result.handle, result.poll_at, new=True)
        case UnusableInput():
            return End(replace(task, reason=result.reason), FailureCode.INPUT_REJECTED)
        case OutcomeUnknown():
            return _looked_up(task, result, now)
        case _:
            return after_error(job, task, result, now)


def after_poll(job: Job, task: Task, handle: str, result: CallResult, now: datetime) -> NextStep:
    """The next step after a poll. Existing work is waited for as long as that may still help."""
    match result:
        case RateLimitedByVendor():
            return Park(task, handle, now + timedelta(seconds=result.retry_after))
        case AccountTrouble():
            return Park(task, handle, now + TROUBLE_LOOK_UP)
        case _:
            return after_start(job, task, result, now)


def in_time(job: Job, step: NextStep, now: datetime) -> NextStep:
    """The step as it is at a job's deadline, or before it: nothing waits for longer, or for longer than a queue can.

    So a chain of messages ends with one at the deadline, which ends the task.
    """
    if isinstance(step, Collect | End):
        return step
    if now >= job.deadline_at:
        return End(step.again.task if isinstance(step, StartAgain) else step.task, FailureCode.TIMED_OUT)
    if isinstance(step, Park):
        latest = min(job.deadline_at, now + timedelta(seconds=MAX_DELAY_SECONDS))
        return replace(step, poll_at=min(step.poll_at, latest))
    if isinstance(step, StartAgain):
        left = math.ceil((job.deadline_at - now).total_seconds())
        return replace(step, again=replace(step.again, seconds=min(step.again.seconds, left)))
    return step


def of_late_work(step: NextStep) -> NextStep:
    """The step as it is for the work of a job that has ended: it may go on to its end, and nothing is started."""
    match step:
        case Collect() | Park() | End():
            return step
        case StartAgain():
            return End(step.again.task, FailureCode.FAILED)
        case StartAfterLease():
            return End(step.task, FailureCode.FAILED)


def poll_failure(error: EngineError) -> EngineError:
    """What a failed poll means for the work: a route that became unusable has lost it."""
    if isinstance(error, RouteUnusable) and not isinstance(error, AccountTrouble):
        return RouteFailed(f"the work is not there any more: {error}", code=error.code)
    return error


def after_collecting(job: Job, task: Task, error: EngineError, now: datetime) -> NextStep:
    """The next step after an output could not be stored: fetch it later, unless it is gone or has no handle."""
    if not isinstance(error, VendorUnavailable) or isinstance(error, FileGone) or task.handle is None:
        return after_error(job, task, error, now)
    return Park(task, task.handle, now + timedelta(seconds=error.retry_after))


def after_error(job: Job, task: Task, error: EngineError, now: datetime) -> NextStep:
    """The next step after a failure that ended the work: another start, or the end."""
    waiting = isinstance(error, Deferred)
    if not waiting:
        task = _noted(job, task, now, _trouble(error))
    step = after_failure(job, task, error, now)
    return StartAgain(step, keeps_slot=waiting) if isinstance(step, Again) else End(task, step)


def current_facts(job: Job, task: Task, now: datetime) -> VendorFacts:
    """The task's facts; on a vendor's route with the route and the time since the start."""
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
    """The vendor's own codes for a failure, with our name for it."""
    return VendorFacts(
        error=error.name,
        error_code=error.code or None,
        error_request_id=error.request_id or None,
    )
