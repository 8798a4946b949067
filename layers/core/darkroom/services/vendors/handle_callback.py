"""Handling a vendor's callback: the task it is about is polled sooner than planned, and nothing else.

The function has verified the sender and the address before. A callback may come before the worker has stored the
work's handle, twice, or long after the end. None of that does harm: the worker polls the vendor and believes only
its response. Where the response to a start was lost, the callback names the work, so that the worker need not start
it again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum

from darkroom.domain.jobs.job import Job, Task, TaskState
from darkroom.domain.jobs.messages import TaskMessage, TaskStep
from darkroom.domain.vendors.callbacks import CallbackTarget, is_about
from darkroom.ports.jobs import Jobs, JobTaken
from darkroom.ports.storage import Queues
from darkroom.ports.system import Clock

logger = logging.getLogger(__name__)

EARLY_SECONDS = 5  # by then a worker that just got the response has stored its handle


class CallbackResult(StrEnum):
    """What a callback led to."""

    EXPEDITED = "expedited"
    """The task is polled now."""
    EARLY = "early"
    """The task has no handle yet, and is looked at again in a moment."""
    LATE = "late"
    """The task has ended, or has gone on to another vendor."""
    UNKNOWN = "unknown"
    """No task is waiting for that work."""


@dataclass(frozen=True, slots=True)
class HandleCallback:
    """Polls a task early after its vendor's callback."""

    jobs: Jobs
    queues: Queues
    clock: Clock

    def __call__(self, vendor: str, target: CallbackTarget, work_id: str) -> CallbackResult:
        """Handle a callback to ``target``'s address about the work that ``vendor`` knows as ``work_id``.

        Raises
        ------
        Unavailable
            The vendor has to call again.
        """
        job = self.jobs.get(target.owner, target.job_id)
        if job is None or target.index >= len(job.tasks):
            return CallbackResult.UNKNOWN
        task = job.tasks[target.index]
        moved_on = job.route_of(task).engine != vendor
        if job.terminal or task.index in job.finished or moved_on:
            return CallbackResult.LATE
        if task.state is not TaskState.WAITING or task.handle is None:
            early = TaskMessage(
                job.owner, job.id, task.index, TaskStep.EXPEDITE, vendor=vendor, work_id=work_id
            )
            self._send(job, early, EARLY_SECONDS)
            return CallbackResult.EARLY
        if not is_about(task.handle, work_id):
            return CallbackResult.UNKNOWN
        return self._expedite(job, task, task.handle)

    def _expedite(self, job: Job, task: Task, handle: str) -> CallbackResult:
        try:
            self.jobs.expedite(job.owner, job.id, task.index, handle=handle, now=self.clock.now())
        except JobTaken:
            return CallbackResult.LATE
        self._send(job, TaskMessage(job.owner, job.id, task.index, TaskStep.POLL), 0)
        return CallbackResult.EXPEDITED

    def _send(self, job: Job, message: TaskMessage, delay_seconds: int) -> None:
        queue = job.route_of(job.tasks[message.index]).queue
        self.queues.send_tasks(queue, [message], delay_seconds=delay_seconds)
