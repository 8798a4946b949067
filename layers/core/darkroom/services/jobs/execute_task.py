"""Making one output, whatever happens on the way.

One message means: claim the task, call the engine, put the bytes away, finish. Each step is conditional on the one
before, so a message that arrives twice, late, or after a crash adds nothing. No step waits: what is not ready is
parked with the engine's handle and asked for again by a delayed message, and what has to be tried again, on the same
route or on the next, goes back to the queue. What follows which failure is :mod:`darkroom.domain.jobs.attempts`'s.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from darkroom.domain.catalog.routes import Queue, Route
from darkroom.domain.errors import InvalidRequest, NotFound, Unavailable
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.assets import Asset
from darkroom.domain.jobs.attempts import MAX_DELAY, Again, after_failure, is_lost, may_start
from darkroom.domain.jobs.engine import Finished, Pending, TaskRequest
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
from darkroom.domain.jobs.job import LEASE_SLACK, Facts, FailureCode, Job, Task, TaskState
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.vendors.callbacks import names
from darkroom.domain.vendors.vendor_limits import Deferred
from darkroom.domain.writes import SaveAsset
from darkroom.ports.jobs import Engine, Jobs, JobTaken
from darkroom.ports.storage import Queues
from darkroom.ports.system import Clock
from darkroom.services.jobs.advance_and_settle import AdvanceAndSettle, StaleJob
from darkroom.services.jobs.collect_output import CollectOutput
from darkroom.services.jobs.gather_input_files import GatherInputFiles
from darkroom.services.vendors.call_vendor import NO_KEY, CallVendor

logger = logging.getLogger(__name__)

UNKNOWN_LOOK_UP = timedelta(seconds=5)
TROUBLE_LOOK_UP = timedelta(seconds=60)  # until work is asked for again with a key that was refused
# How much earlier than due a message may come for other reasons than being one too many.
EARLY = timedelta(seconds=5)
_STARTED_AT = "started_at"


class TaskBusy(Exception):
    """Another worker holds the task; the message is to come back later."""


@dataclass(frozen=True, slots=True)
class ExecuteTask:
    """Works off task messages. ``lease`` must outlast the longest a worker can run."""

    jobs: Jobs
    advance_and_settle: AdvanceAndSettle
    collect: CollectOutput
    gather: GatherInputFiles
    call: CallVendor
    queues: Queues
    clock: Clock
    engines: Mapping[str, Engine]
    lease: timedelta

    def __call__(self, message: TaskMessage) -> None:
        """Do what ``message`` asks for.

        Raises
        ------
        TaskBusy
            The message must not be taken off the queue yet.
        """
        if message.step == "cancel":
            self._cancel(message)
            return
        now = self.clock.now()
        claim = self.jobs.claim if message.step == "start" else self.jobs.claim_poll
        try:
            if message.step == "hasten":
                self._hasten(message, now)
            job = claim(message.owner, message.job_id, message.index, now=now, lease_until=now + self.lease)
        except JobTaken as taken:
            self._not_claimed(message, taken.job, now)
            return
        task = job.tasks[message.index]
        try:
            if task.state is TaskState.WAITING and task.handle is not None:
                self._poll(job, task, task.handle)
            else:
                self._start(job, task)
        except JobTaken:
            logger.info("job %s task %d ended while it was worked on", message.job_id, message.index)

    def _hasten(self, message: TaskMessage, now: datetime) -> None:
        """Make the poll due that a vendor's call came too early for. It may name work whose handle was lost.

        Raises
        ------
        JobTaken
        """
        job = self.jobs.get(message.owner, message.job_id)
        if job is None or job.terminal:
            raise JobTaken(job)
        task = job.tasks[message.index]
        if task.handle is not None and names(task.handle, message.work_id):
            self.jobs.expedite(job.owner, job.id, task.index, handle=task.handle, now=now)
        elif is_lost(task, message.work_id) and job.route_of(task).engine == message.vendor:
            self.jobs.adopt(job.owner, job.id, task, handle=message.work_id, now=now)
            self.call.found(job.route_of(task))
            logger.warning("job %s task %d: lost work was found by a callback", job.id, task.index)
        else:
            raise JobTaken(job)

    def _not_claimed(self, message: TaskMessage, job: Job | None, now: datetime) -> None:
        task = job.tasks[message.index] if job is not None and not job.terminal else None
        if job is None or task is None or task.index in job.finished:
            logger.info("job %s task %d needs nothing more", message.job_id, message.index)
        elif task.state is TaskState.RUNNING and message.step == "start":
            raise TaskBusy
        elif task.state is TaskState.RUNNING:
            logger.info("job %s task %d is asked for by the one who has it", message.job_id, message.index)
        elif task.poll_at is not None and timedelta() < task.poll_at - now <= EARLY:
            # Of another message's making, or this one came a moment too soon. What is earlier still is one too many.
            step = "poll" if task.state is TaskState.WAITING else "start"
            self._send(job, task, step, task.poll_at)

    # ------------------------------------------------------------ starting

    def _start(self, job: Job, task: Task) -> None:
        route = job.route_of(task)
        refused = self._refused_before(job, task, self.engines.get(route.engine))
        if refused is not None:
            self._fail(job, task, refused)
            return
        if route.queue is Queue.GENERATION:
            task = replace(task, facts={**task.facts, _STARTED_AT: self.clock.now().timestamp()})
        try:
            outcome = self.call.start(self._engine(route), self._order(job, task), route)
        except OutcomeUnknown as unknown:
            self._look_up(job, task, unknown)
        except EngineError as error:
            self._after(job, task, error)
        except (InvalidRequest, NotFound):
            self._fail(job, task, FailureCode.INPUT_REJECTED)
        except Unavailable:
            # Only our own storage says so, and an engine asks for an input before it asks a vendor for anything.
            self._after(job, task, Deferred("an input could not be had just now"))
        else:
            self._accept(job, task, outcome)

    def _refused_before(self, job: Job, task: Task, engine: Engine | None) -> FailureCode | None:
        """Why not to start at all: the prompt was refused already, or was tried often enough."""
        prompt, blocked = job.spec.prompt_of(task.index), FailureCode.CONTENT_BLOCKED
        if any(t.failure is blocked and job.spec.prompt_of(t.index) == prompt for t in job.tasks):
            return FailureCode.CONTENT_BLOCKED
        safe = engine is not None and engine.resubmit_safe
        return None if may_start(task, resubmit_safe=safe) else FailureCode.FAILED

    def _engine(self, route: Route) -> Engine:
        """The route's engine.

        Raises
        ------
        AccountTrouble
            This worker has no such engine: the vendor was switched off since the job was accepted.
        """
        if route.engine not in self.engines:
            raise AccountTrouble(f"there is no {route.engine} here", code=NO_KEY)
        return self.engines[route.engine]

    def _order(self, job: Job, task: Task) -> TaskRequest:
        route = job.route_of(task)
        return TaskRequest(job, task, self.gather(job), route.engine_model, route.options)

    # ------------------------------------------------------------- polling

    def _poll(self, job: Job, task: Task, handle: str) -> None:
        route = job.route_of(task)
        try:
            engine = self._engine(route)
            outcome = self.call.poll(engine, self._order(job, task), handle, route)
        except OutcomeUnknown as unknown:
            self._look_up(job, task, unknown)
        except RateLimitedByVendor as busy:
            self.call.failed(route, busy)
            self._park(job, task, handle, self.clock.now() + timedelta(seconds=busy.retry_after))
        except AccountTrouble as trouble:
            self.call.failed(route, trouble)
            self._park(job, task, handle, self.clock.now() + TROUBLE_LOOK_UP)
        except RouteUnusable as lost:
            self._after(job, task, RouteFailed(f"the work is not there any more: {lost}", code=lost.code))
        except EngineError as error:
            self._after(job, task, error)
        except (InvalidRequest, NotFound):
            self._fail(job, task, FailureCode.INPUT_REJECTED)
        else:
            self._accept(job, task, outcome)

    # ------------------------------------------------------------ outcomes

    def _accept(self, job: Job, task: Task, outcome: Finished | Pending) -> None:
        task = replace(task, facts={**task.facts, **self._told(job, task), **outcome.facts})
        if isinstance(outcome, Finished):
            self._deliver(job, task, outcome)
            return
        try:
            self._park(job, task, outcome.handle, outcome.poll_at)
        except JobTaken:
            self._stop(job, task, outcome.handle)
            raise

    def _deliver(self, job: Job, task: Task, outcome: Finished) -> None:
        """Bytes first, then the record: whoever hears of an output can have it."""
        index = task.index
        try:
            asset = self._collected(job, task, outcome)
        except VendorUnavailable as error:
            self._not_collected(job, task, error)
            return
        except EngineError as error:
            self._after(job, task, error)
            return
        facts = {**task.facts, **self._told(job, task)}
        try:
            self.advance_and_settle(
                job,
                lambda current: transitions.task_succeeded(
                    current, index, asset, self.clock.now(), facts=facts
                ),
                wanted=lambda current: index not in current.finished,
                also=lambda _: (SaveAsset(asset),),
            )
        except StaleJob as late:
            if late.job.tasks[index].state is not TaskState.SUCCEEDED:
                self.collect.blobs.delete(asset.storage_key)
            logger.info("job %s task %d: result came too late", job.id, index)
        else:
            self.call.finished(job.route_of(task), facts)

    def _collected(self, job: Job, task: Task, outcome: Finished) -> Asset:
        """The output, stored. A file that is gone is asked for once more, if the work can be looked up.

        Raises
        ------
        EngineError
        """
        try:
            return self.collect(job, task, outcome.output, self.clock.now())
        except FileGone:
            if task.handle is None:
                raise
            route = job.route_of(task)
            again = self.call.poll(self._engine(route), self._order(job, task), task.handle, route)
            if not isinstance(again, Finished):
                raise
            return self.collect(job, task, again.output, self.clock.now())

    def _not_collected(self, job: Job, task: Task, error: VendorUnavailable) -> None:
        """The work is done and its file did not come: fetch it later, unless it is gone or nothing leads to it."""
        if task.handle is None or isinstance(error, FileGone):
            self._after(job, task, error)
            return
        self.call.failed(job.route_of(task), error)
        self._park(job, task, task.handle, self.clock.now() + timedelta(seconds=error.retry_after))

    def _after(self, job: Job, task: Task, error: EngineError) -> None:
        """Do what follows a failure: queue the task again, or end it."""
        route, now = job.route_of(task), self.clock.now()
        self.call.failed(route, error)
        level = logging.INFO if isinstance(error, Deferred) else logging.WARNING
        logger.log(level, "job %s task %d: %s: %s", job.id, task.index, type(error).__name__, error)
        if not isinstance(error, Deferred):
            task = replace(task, facts={**task.facts, **self._told(job, task), **_trouble(error)})
        step = after_failure(job, task, error, now)
        if isinstance(step, Again):
            self._again(job, step, route, keeps_slot=isinstance(error, Deferred))
        else:
            self._fail(job, task, step)

    def _again(self, job: Job, step: Again, route: Route, *, keeps_slot: bool) -> None:
        """Queue the task for another start. Its slot is given back first: while it is queued nothing of it runs."""
        if not keeps_slot:
            self.call.leave(step.task, route)
        not_before = self.clock.now() + timedelta(seconds=step.seconds)
        queued = replace(step.task, poll_at=not_before if step.seconds else None)
        check_at = min(not_before, job.deadline_at) + LEASE_SLACK
        self.jobs.requeue(job.owner, job.id, queued, check_at=check_at)
        self._send(job, queued, "start", not_before)

    def _fail(self, job: Job, task: Task, failure: FailureCode) -> None:
        try:
            self.advance_and_settle(
                job,
                lambda current: transitions.task_failed(
                    current, task.index, failure, self.clock.now(), facts=task.facts
                ),
                wanted=lambda current: task.index not in current.finished,
            )
        except StaleJob:
            logger.info("job %s task %d had ended before it failed", job.id, task.index)

    def _look_up(self, job: Job, task: Task, unknown: OutcomeUnknown) -> None:
        """The answer was lost. Look the work up if that is possible; else the lease decides when to try again."""
        logger.warning("job %s task %d: outcome unknown: %s", job.id, task.index, unknown)
        self.call.failed(job.route_of(task), unknown)
        handle = unknown.handle or task.handle
        if handle is not None:
            self._park(job, task, handle, self.clock.now() + UNKNOWN_LOOK_UP)
        else:
            self._send(job, task, "start", self.clock.now() + self.lease + timedelta(seconds=1))

    def _park(self, job: Job, task: Task, handle: str, poll_at: datetime) -> None:
        self.jobs.park(job.owner, job.id, task.index, handle=handle, poll_at=poll_at, facts=task.facts)
        self._send(job, task, "poll", poll_at)

    def _send(self, job: Job, task: Task, step: str, due: datetime) -> None:
        seconds = math.ceil((due - self.clock.now()).total_seconds())
        self.queues.send_tasks(
            job.route_of(task).queue,
            [TaskMessage(job.owner, job.id, task.index, step)],
            delay_seconds=min(max(seconds, 0), MAX_DELAY),
        )

    def _told(self, job: Job, task: Task) -> Facts:
        """What the operator is told of a task on a vendor's route."""
        route, started_at = job.route_of(task), task.facts.get(_STARTED_AT)
        if route.queue is not Queue.GENERATION:
            return {}
        told: dict[str, str | int | float] = {
            "vendor": route.engine,
            "model": route.engine_model,
            "route": task.route,
            "starts": task.attempts,
        }
        if isinstance(started_at, int | float):
            told["latency_ms"] = round((self.clock.now().timestamp() - started_at) * 1000)
        return told

    # ------------------------------------------------------------ stopping

    def _cancel(self, message: TaskMessage) -> None:
        job = self.jobs.get(message.owner, message.job_id)
        task = job.tasks[message.index] if job is not None and job.terminal else None
        if job is not None and task is not None and task.handle is not None:
            self._stop(job, task, task.handle)

    def _stop(self, job: Job, task: Task, handle: str) -> None:
        engine = self.engines.get(job.route_of(task).engine)
        try:
            if engine is not None:
                engine.cancel(handle)
        except EngineError as error:
            logger.warning("job %s task %d not canceled: %s", job.id, task.index, error)


def _trouble(error: EngineError) -> Facts:
    """The vendor's own words for a failure, beside our own."""
    told = {"error": type(error).__name__, "error_code": error.code, "error_request_id": error.request_id}
    return {name: value for name, value in told.items() if value}
