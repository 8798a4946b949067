"""Making one output, whatever happens on the way.

One message means: claim the task, call the engine, put the bytes away, finish. Each step is conditional on the one
before, so a message that arrives twice, late, or after a crash adds nothing. No step waits: what is not ready is
parked with the engine's handle and asked for again by a delayed message.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from darkroom.domain import jobs as rules
from darkroom.domain.assets import Asset, AssetType, storage_key
from darkroom.domain.engine import (
    Blocked,
    Broken,
    Busy,
    EngineError,
    Finished,
    Material,
    Order,
    OutcomeUnknown,
    Output,
    Pending,
    Rejected,
)
from darkroom.domain.errors import InvalidRequest, NotFound
from darkroom.domain.jobs import ATTEMPT_BUDGET, FailureCode, Job, Task, TaskState
from darkroom.domain.writes import SaveAsset
from darkroom.ports import Blobs, Clock, Engine, Fetcher, Jobs, JobTaken, Queues, TaskMessage
from darkroom.services.settle_job import Conclude, Superseded

logger = logging.getLogger(__name__)

MAX_DELAY_SECONDS = 900  # what SQS can delay a message by
MAX_INPUT_BYTES = 10 * 1024 * 1024
SAFE_ATTEMPTS = 4  # starts of an engine that may be started again, before the task is given up
UNKNOWN_LOOK_UP = timedelta(seconds=5)

FAILURES: Mapping[type[EngineError], FailureCode] = {
    Blocked: FailureCode.CONTENT_BLOCKED,
    Rejected: FailureCode.INPUT_REJECTED,
    Broken: FailureCode.FAILED,
}


class TaskBusy(Exception):
    """Another worker holds the task; the message is to come back later."""


@dataclass(frozen=True, slots=True)
class ExecuteTask:
    """Works off task messages. ``lease`` must outlast the longest a worker can run."""

    jobs: Jobs
    conclude: Conclude
    blobs: Blobs
    queues: Queues
    fetcher: Fetcher
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
        claim = self.jobs.claim_poll if message.step == "poll" else self.jobs.claim
        try:
            job = claim(message.owner, message.job_id, message.index, now=now, lease_until=now + self.lease)
        except JobTaken as taken:
            self._not_claimed(message, taken.job, now)
            return
        try:
            self._work(job, job.tasks[message.index], message.step)
        except JobTaken:
            logger.info("job %s task %d ended while it was worked on", message.job_id, message.index)

    def _not_claimed(self, message: TaskMessage, job: Job | None, now: datetime) -> None:
        task = job.tasks[message.index] if job is not None and not job.terminal else None
        if job is None or task is None or task.index in job.finished:
            logger.info("job %s task %d needs nothing more", message.job_id, message.index)
        elif task.state is TaskState.RUNNING:
            raise TaskBusy
        elif message.step == "poll" and task.poll_at is not None and task.poll_at > now:
            self._poll_later(job, task.index, task.poll_at)

    def _work(self, job: Job, task: Task, step: str) -> None:
        engine = self.engines[job.engine]
        refused = self._refused_before(job, task, engine) if step == "start" else None
        if refused is not None:
            self._fail(job, task.index, refused)
            return
        try:
            outcome = self._ask(engine, job, task, step)
        except Busy as busy:
            self._try_later(job, task, step, busy.retry_after)
        except OutcomeUnknown as unknown:
            self._look_up(job, task, unknown)
        except EngineError as error:
            level = logging.WARNING if isinstance(error, Broken) else logging.INFO
            logger.log(level, "job %s task %d: %s: %s", job.id, task.index, type(error).__name__, error)
            self._fail(job, task.index, FAILURES[type(error)])
        except (InvalidRequest, NotFound):
            self._fail(job, task.index, FailureCode.INPUT_REJECTED)
        else:
            self._accept(job, task, outcome)

    def _refused_before(self, job: Job, task: Task, engine: Engine) -> FailureCode | None:
        """Why not to start at all: the prompt was refused already, or was tried often enough."""
        prompt, blocked = job.spec.prompt_of(task.index), FailureCode.CONTENT_BLOCKED
        if any(t.failure is blocked and job.spec.prompt_of(t.index) == prompt for t in job.tasks):
            return FailureCode.CONTENT_BLOCKED
        budget = SAFE_ATTEMPTS if engine.resubmit_safe else ATTEMPT_BUDGET
        return FailureCode.FAILED if task.attempts > budget else None

    def _ask(self, engine: Engine, job: Job, task: Task, step: str) -> Finished | Pending:
        order = Order(job, task, self._materials(job))
        if step == "poll" and task.handle is not None:
            return engine.poll(order, task.handle)
        return engine.start(order)

    def _materials(self, job: Job) -> tuple[Material, ...]:
        return tuple(
            Material(
                wanted.role,
                self.blobs.get(wanted.location)
                if wanted.stored
                else self.fetcher.fetch(wanted.location, max_bytes=MAX_INPUT_BYTES),
            )
            for wanted in job.spec.inputs
        )

    def _accept(self, job: Job, task: Task, outcome: Finished | Pending) -> None:
        if isinstance(outcome, Pending):
            self._park(job, task.index, outcome.handle, outcome.poll_at)
        else:
            self._deliver(job, task.index, outcome.output)

    def _deliver(self, job: Job, index: int, output: Output) -> None:
        """Bytes first, then the record: whoever hears of an output can have it."""
        asset = _asset(job, job.tasks[index], output, self.clock.now())
        self.blobs.put(asset.storage_key, output.data, output.mime)
        try:
            self.conclude(
                job,
                lambda current: rules.task_succeeded(current, index, asset, self.clock.now()),
                wanted=lambda current: index not in current.finished,
                also=lambda _: (SaveAsset(asset),),
            )
        except Superseded as late:
            if late.job.tasks[index].state is not TaskState.SUCCEEDED:
                self.blobs.delete(asset.storage_key)
            logger.info("job %s task %d: result came too late", job.id, index)

    def _fail(self, job: Job, index: int, failure: FailureCode) -> None:
        try:
            self.conclude(
                job,
                lambda current: rules.task_failed(current, index, failure, self.clock.now()),
                wanted=lambda current: index not in current.finished,
            )
        except Superseded:
            logger.info("job %s task %d had ended before it failed", job.id, index)

    def _park(self, job: Job, index: int, handle: str, poll_at: datetime) -> None:
        self.jobs.park(job.owner, job.id, index, handle=handle, poll_at=poll_at)
        self._poll_later(job, index, poll_at)

    def _poll_later(self, job: Job, index: int, poll_at: datetime) -> None:
        seconds = math.ceil((poll_at - self.clock.now()).total_seconds())
        self._send_later(job, index, "poll", seconds)

    def _try_later(self, job: Job, task: Task, step: str, seconds: int) -> None:
        if step == "poll" and task.handle is not None:
            self._park(job, task.index, task.handle, self.clock.now() + timedelta(seconds=seconds))
            return
        self.jobs.requeue(job.owner, job.id, task.index, now=self.clock.now())
        self._send_later(job, task.index, "start", seconds)

    def _look_up(self, job: Job, task: Task, unknown: OutcomeUnknown) -> None:
        """The answer was lost. Look the work up if that is possible; else the lease decides when to try again."""
        logger.warning("job %s task %d: outcome unknown: %s", job.id, task.index, unknown)
        handle = unknown.handle or task.handle
        if handle is not None:
            self._park(job, task.index, handle, self.clock.now() + UNKNOWN_LOOK_UP)
        else:
            self._send_later(job, task.index, "start", math.ceil(self.lease.total_seconds()) + 1)

    def _send_later(self, job: Job, index: int, step: str, seconds: int) -> None:
        self.queues.send_tasks(
            job.queue,
            [TaskMessage(job.owner, job.id, index, step)],
            delay_seconds=min(max(seconds, 0), MAX_DELAY_SECONDS),
        )

    def _cancel(self, message: TaskMessage) -> None:
        job = self.jobs.get(message.owner, message.job_id)
        handle = job.tasks[message.index].handle if job is not None and job.terminal else None
        if job is not None and handle is not None:
            try:
                self.engines[job.engine].cancel(handle)
            except EngineError as error:
                logger.warning("job %s task %d not canceled: %s", job.id, message.index, error)


def _asset(job: Job, task: Task, output: Output, now: datetime) -> Asset:
    source = next((i for i in job.spec.inputs if i.role == "source"), None)
    return Asset(
        id=task.id,
        owner=job.owner,
        collection=job.collection,
        type=AssetType(output.mime.partition("/")[0]),
        storage_key=storage_key(job.owner, job.id, task.id, output.mime),
        mime=output.mime,
        size=len(output.data),
        aspect_ratio=output.aspect_ratio,
        model=job.model,
        created_at=now,
        job_id=job.id,
        prompt=job.spec.prompt_of(task.index),
        parent_id=source.asset_id if source else None,
    )
