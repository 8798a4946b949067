"""Canceling a job: finished outputs are kept and charged, the rest is refunded, the engine is asked to stop."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.errors import AlreadyFinished, NotFound, RateLimited, Unavailable
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.job import FailureCode, Job, JobStatus, Late, TaskState
from darkroom.domain.jobs.late_work import late_id
from darkroom.domain.jobs.messages import TaskMessage, TaskStep
from darkroom.domain.renders.names import is_listed
from darkroom.domain.writes import CountRequest, WriteRefused
from darkroom.services.accounts.authenticate import Caller, rate_limited
from darkroom.services.idempotency import IdempotencyContext, raise_if_answered, save_record
from darkroom.services.jobs.advance_and_settle import AdvanceAndSettle, StaleJob

if TYPE_CHECKING:
    from darkroom.domain.catalog.routes import Queue
    from darkroom.ports.jobs import Jobs
    from darkroom.ports.storage import Queues
    from darkroom.ports.system import Clock

logger = logging.getLogger(__name__)

_ENDED = {
    JobStatus.SUCCEEDED: "The generation has already succeeded.",
    JobStatus.PARTIAL: "The generation has already ended.",
    JobStatus.FAILED: "The generation has already failed.",
    JobStatus.CANCELED: "The generation has already been canceled.",
}


@dataclass(frozen=True, slots=True)
class CancelJob:
    """Cancels a caller's queued or processing job."""

    jobs: Jobs
    advance_and_settle: AdvanceAndSettle
    queues: Queues
    clock: Clock

    def __call__(
        self, caller: Caller, job_id: str, idempotency: IdempotencyContext[Job] | None = None
    ) -> Job:
        """Cancel the job.

        Raises
        ------
        NotFound, AlreadyFinished, RateLimited, AlreadyAnswered, IdempotencyConflict
        """
        job = self.jobs.get(caller.owner, job_id)
        if job is None or job.deleted_at or not is_listed(job):  # no dialect offers to cancel these
            raise NotFound("No such generation.")
        now = self.clock.now()
        try:
            ended = self.advance_and_settle(
                job,
                lambda current: transitions.canceled(current, now),
                still_needed=lambda _: True,
                late=Late.UNWANTED,
                also=lambda after: (
                    *caller.count(),
                    *save_record(idempotency, caller.owner, after, now),
                ),
            )
        except StaleJob as late:
            raise AlreadyFinished(_ENDED[late.job.status]) from late
        except WriteRefused as refusal:
            raise_if_answered(refusal, idempotency)
            raise _refused(refusal, caller) from refusal
        caller.counted = True
        tell_engine(self.queues, ended, late=Late.UNWANTED)
        return ended


def tell_engine(queues: Queues, ended: Job, *, late: Late | None = None) -> None:
    """Queue messages about the work of a job that ended early and is still under way at engines.

    It is to stop or, where it goes on at a vendor as ``late`` work, to be looked after there.
    """
    underway: dict[Queue, list[TaskMessage]] = {}
    for task in ended.tasks:
        if task.handle and (task.state is TaskState.CANCELED or task.failure is FailureCode.TIMED_OUT):
            route = ended.route_of(task)
            goes_on = late is not None and route.is_vendor
            step = TaskStep.POLL if goes_on and late is not Late.UNWANTED else TaskStep.CANCEL
            about = late_id(ended.id) if goes_on else ended.id
            message = TaskMessage(ended.owner, about, task.index, step)
            underway.setdefault(route.queue, []).append(message)
    try:
        for queue, messages in underway.items():
            queues.send_tasks(queue, messages)
    except Unavailable:
        # Housekeeping looks after late work, and an engine's late result is dropped.
        logger.warning("job %s was ended but its engine was not asked to stop", ended.id)


def _refused(refusal: WriteRefused, caller: Caller) -> RateLimited | Unavailable:
    if isinstance(refusal.write, CountRequest):
        return rate_limited(caller.window, refusal)
    return Unavailable("The generation could not be canceled just now.")
