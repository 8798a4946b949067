"""Executing one task: claim it, call its engine, decide the next step, apply that."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from darkroom.domain.catalog.routes import Route
from darkroom.domain.errors import InvalidRequest, NotFound, Unavailable
from darkroom.domain.jobs import next_steps
from darkroom.domain.jobs.assets import Asset
from darkroom.domain.jobs.attempts import may_start
from darkroom.domain.jobs.engine import Finished, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    EngineError,
    FileGone,
    Rejected,
    VendorUnavailable,
)
from darkroom.domain.jobs.facts import VendorFacts
from darkroom.domain.jobs.job import LEASE_SLACK, FailureCode, Job, Late, Task, TaskState
from darkroom.domain.jobs.late_work import late_id
from darkroom.domain.jobs.messages import TaskMessage, TaskStep
from darkroom.domain.jobs.next_steps import (
    CallResult,
    Collect,
    End,
    NextStep,
    Park,
    StartAfterLease,
    StartAgain,
    UnusableInput,
)
from darkroom.domain.vendors.vendor_limits import Deferred
from darkroom.ports.jobs import Engine, Jobs, JobTaken
from darkroom.ports.system import Clock
from darkroom.services.jobs.claim_task import ClaimTask
from darkroom.services.jobs.collect_output import CollectOutput
from darkroom.services.jobs.gather_input_files import GatherInputFiles
from darkroom.services.jobs.queue_task import QueueTask
from darkroom.services.jobs.settle_task import SettleTask
from darkroom.services.keep_trying import KeepTrying
from darkroom.services.vendors.call_vendor import NO_KEY, CallVendor

logger = logging.getLogger(__name__)

LOOK_AFTER_CANCEL = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class ExecuteTask:
    """Handles task messages with the engines that this worker has."""

    jobs: Jobs
    claim: ClaimTask
    call: CallVendor
    gather: GatherInputFiles
    collect: CollectOutput
    settle: SettleTask
    queue_task: QueueTask
    keep_trying: KeepTrying
    clock: Clock
    engines: Mapping[str, Engine]

    def __call__(self, message: TaskMessage) -> None:
        """Do the message's step.

        Raises
        ------
        TaskBusy
            The message must not be taken off the queue yet.
        """
        following = self._following(message)
        match message.step:
            case TaskStep.CANCEL:
                following.cancel(message)
            case TaskStep.RECORD:
                following.record(message)
            case _:
                following.execute(message)

    def _following(self, message: TaskMessage) -> ExecuteTask:
        """The same, whose messages go on with the chain that this one is of."""
        queue_task = self.queue_task.following(message)
        return replace(
            self,
            queue_task=queue_task,
            claim=replace(self.claim, queue_task=queue_task),
            settle=replace(self.settle, queue_task=queue_task),
        )

    def execute(self, message: TaskMessage) -> None:
        """Take the task one step on."""
        job = self.claim(message, self.clock.now())
        if job is None:
            return
        task = job.tasks[message.index]
        try:
            if task.decided:
                self._settle(job, task)
            elif task.state is TaskState.WAITING and task.handle is not None:
                self._poll(job, task, task.handle)
            else:
                self._start(job, task)
        except JobTaken:
            logger.info("job %s task %d ended while it was worked on", message.job_id, message.index)

    # ------------------------------------------------------------- calling

    def _start(self, job: Job, task: Task) -> None:
        route = job.route_of(task)
        refused = self._refused_before(job, task, self.engines.get(route.engine))
        if refused is not None:
            self._apply(job, End(task, refused))
            return
        if route.is_vendor:
            started = VendorFacts(started_at=self.clock.now().timestamp())
            task = replace(task, facts=task.vendor_facts.updated(started))
        request = self._request(job, task)
        result = self._result(lambda: self.call.start(self._engine(route), request, route))
        if isinstance(result, Unavailable):
            # Only our own storage raises this, and an engine reads its inputs before it calls the vendor.
            result = Deferred("an input could not be had just now")
        self._report(job, task, result)
        task = self._explained(task, request, result)
        self._apply(job, next_steps.after_start(job, task, result, self.clock.now()))

    def _poll(self, job: Job, task: Task, handle: str) -> None:
        route = job.route_of(task)
        request = self._request(job, task)
        result = self._result(lambda: self.call.poll(self._engine(route), request, handle, route))
        if isinstance(result, Unavailable):  # of our own storage: the work is still there
            due = self.clock.now() + timedelta(seconds=result.retry_after)
            self._apply(job, Park(task, handle, due))
            return
        if isinstance(result, EngineError):
            result = next_steps.poll_failure(result)
        self._report(job, task, result)
        task = self._explained(task, request, result)
        self._apply(job, next_steps.after_poll(job, task, handle, result, self.clock.now()))

    def _explained(self, task: Task, request: TaskRequest, result: CallResult | Unavailable) -> Task:
        """The task with what is wrong with its input, if an engine rejected that and it can be told."""
        if not isinstance(result, Rejected):
            return task
        return replace(task, reason=self.gather.problem(request.input_files))

    def _result(self, call: Callable[[], Finished | Pending]) -> CallResult | Unavailable:
        """The result of a call, failures included."""
        try:
            return call()
        except (EngineError, Unavailable) as error:
            return error
        except (InvalidRequest, NotFound) as unusable:
            return UnusableInput(unusable.detail)

    def _refused_before(self, job: Job, task: Task, engine: Engine | None) -> FailureCode | None:
        """Why not to start: it is too late, the prompt was refused for another task, or all starts are used up."""
        if self.clock.now() >= job.deadline_at:
            return FailureCode.TIMED_OUT
        if job.late is not None:
            return FailureCode.FAILED
        prompt, blocked = job.spec.prompt_of(task.index), FailureCode.CONTENT_BLOCKED
        if any(t.failure is blocked and job.spec.prompt_of(t.index) == prompt for t in job.tasks):
            return blocked
        safe = engine is not None and engine.resubmit_safe
        return None if may_start(task, resubmit_safe=safe) else FailureCode.FAILED

    def _engine(self, route: Route) -> Engine:
        """The route's engine.

        Raises
        ------
        AccountTrouble
            This worker has no such engine: the vendor was disabled after the job was accepted.
        """
        if route.engine not in self.engines:
            raise AccountTrouble(f"there is no {route.engine} here", code=NO_KEY)
        return self.engines[route.engine]

    def _request(self, job: Job, task: Task) -> TaskRequest:
        route = job.route_of(task)
        return TaskRequest(job, task, self.gather(job), route.engine_model, route.options)

    def _report(self, job: Job, task: Task, result: CallResult) -> None:
        """Log and count an engine's failure."""
        if not isinstance(result, EngineError):
            return
        level = logging.INFO if isinstance(result, Deferred) else logging.WARNING
        logger.log(level, "job %s task %d: %s: %s", job.id, task.index, type(result).__name__, result)
        self.call.record_failure(job.route_of(task), result)

    # ------------------------------------------------------------ applying

    def _apply(self, job: Job, planned: NextStep) -> None:
        step = next_steps.in_time(job, planned, self.clock.now())
        if job.late is not None:
            step = next_steps.of_late_work(step)
        if isinstance(planned, Park) and isinstance(step, End):
            self._stop(job, planned.task, planned.handle)
        match step:
            case Collect() if job.late is Late.UNWANTED:
                self.settle.unwanted(job, step.task)
            case Collect():
                self._collect(job, step.task, step.finished)
            case Park():
                self._park(job, step)
            case StartAgain():
                self.keep_trying(lambda: self._start_again(job, step), self._until(step.again.task))
            case StartAfterLease():
                due = min(self.clock.now() + self.claim.lease + timedelta(seconds=1), job.deadline_at)
                start = lambda: self.queue_task(job, step.task, TaskStep.START, due)  # noqa: E731
                self.keep_trying(start, self._until(step.task))
            case End():
                self._settle(job, replace(step.task, failure=step.failure))

    def _until(self, task: Task) -> datetime:
        """Until when this worker may surely run, which its lease outlasts; a waiting task's is in ``poll_at``."""
        held_until = task.lease_until or task.poll_at
        return (held_until or self.clock.now()) - LEASE_SLACK

    def _park(self, job: Job, step: Park) -> None:
        """Park the task, at once or, by a message that carries the handle, as soon as the store can be written to."""
        try:
            self.keep_trying(lambda: self._parked(job, step), self._until(job.tasks[step.task.index]))
        except Unavailable:
            logger.exception("job %s task %d could not be parked", job.id, step.task.index)
            self.queue_task.carry(job, replace(step.task, handle=step.handle, poll_at=step.poll_at))

    def _parked(self, job: Job, step: Park) -> None:
        task = step.task
        try:
            self.jobs.park(
                job.owner,
                job.id,
                task.index,
                handle=step.handle,
                poll_at=step.poll_at,
                facts=task.vendor_facts,
            )
        except JobTaken:
            late = self.jobs.get(job.owner, late_id(job.id)) if job.late is None else None
            if late is not None and not late.terminal:
                self._parked(late, step)
                if late.late is Late.UNWANTED:
                    self._stop(late, task, step.handle)
                return
            if step.new:
                self._stop(job, task, step.handle)
            raise
        self.queue_task(job, task, TaskStep.POLL, step.poll_at)

    def _start_again(self, job: Job, step: StartAgain) -> None:
        """Queue the task again. Its slot is released first, because a queued task runs nothing at the vendor."""
        task, seconds = step.again.task, step.again.seconds
        if not step.keeps_slot:
            self.call.leave(job, task, job.route_of(job.tasks[task.index]))
        not_before = self.clock.now() + timedelta(seconds=seconds)
        queued = replace(task, poll_at=not_before if seconds else None)
        check_at = min(not_before, job.deadline_at) + LEASE_SLACK
        self.jobs.requeue(job.owner, job.id, queued, check_at=check_at)
        self.queue_task(job, queued, TaskStep.START, not_before)

    def _settle(self, job: Job, task: Task) -> None:
        """End a decided task."""
        settled = self.settle(job, task, self._until(job.tasks[task.index]))
        if settled and task.asset is not None:
            self.call.record_output(job.route_of(task), task.vendor_facts)

    def record(self, message: TaskMessage) -> None:
        """Write what an earlier worker could not."""
        job, task = self.jobs.get(message.owner, message.job_id), message.task
        if job is None or task is None or job.terminal or task.index in job.finished:
            logger.info("job %s task %d needs nothing more", message.job_id, message.index)
            return
        until = self.clock.now() + self.claim.lease
        held = replace(job.tasks[task.index], lease_until=until)
        job = replace(job, tasks=(*job.tasks[: task.index], held, *job.tasks[task.index + 1 :]))
        try:
            if task.decided:
                self._settle(job, task)
            elif task.handle is not None and task.poll_at is not None:
                self._park(job, Park(task, task.handle, task.poll_at))
        except JobTaken:
            logger.info("job %s task %d went on without it", message.job_id, message.index)

    # ---------------------------------------------------------- collecting

    def _collect(self, job: Job, task: Task, finished: Finished) -> None:
        """Store the bytes before the record: an output that is announced can be fetched."""
        try:
            until = self._until(job.tasks[task.index])
            asset = self.keep_trying(lambda: self._stored(job, task, finished), until)
        except Unavailable as busy:
            again = VendorUnavailable("our own bucket is too busy", retry_after=busy.retry_after)
            self._apply(job, next_steps.after_collecting(job, task, again, self.clock.now()))
        except EngineError as error:
            self._report(job, task, error)
            self._apply(job, next_steps.after_collecting(job, task, error, self.clock.now()))
        else:
            facts = next_steps.current_facts(job, task, self.clock.now())
            self._settle(job, replace(task, asset=asset, facts=facts))

    def _stored(self, job: Job, task: Task, finished: Finished) -> Asset:
        """Store the output. For a file that is gone the work is polled once more, if it can be.

        Raises
        ------
        EngineError
        """
        try:
            return self.collect(job, task, finished.output, self.clock.now())
        except FileGone:
            if task.handle is None:
                raise
            route = job.route_of(task)
            again = self.call.poll(self._engine(route), self._request(job, task), task.handle, route)
            if not isinstance(again, Finished):
                raise
            return self.collect(job, task, again.output, self.clock.now())

    # ------------------------------------------------------------ stopping

    def cancel(self, message: TaskMessage) -> None:
        """Have the engine stop the work of a task whose job has ended."""
        job = self.jobs.get(message.owner, message.job_id)
        if job is None or not (job.terminal or job.late is Late.UNWANTED):
            return
        task = job.tasks[message.index]
        if task.handle is not None and (job.terminal or task.index not in job.finished):
            self._stop(job, task, task.handle)
        if not job.terminal:
            # Whether the vendor has stopped it is for the vendor to say.
            self.queue_task(job, task, TaskStep.POLL, self.clock.now() + LOOK_AFTER_CANCEL)

    def _stop(self, job: Job, task: Task, handle: str) -> None:
        engine = self.engines.get(job.route_of(task).engine)
        try:
            if engine is not None:
                engine.cancel(handle)
        except EngineError as error:
            logger.warning("job %s task %d not canceled: %s", job.id, task.index, error)
