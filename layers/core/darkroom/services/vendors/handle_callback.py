"""Hearing a vendor out: whatever it says, what is done is to ask it sooner than planned.

Who calls and about which work is proved by then; the task it is about is looked at here. A callback may come before
the worker has noted what it is about, twice, or long after the end. None of that does harm: the worker asks the
vendor how the work stands and believes only that. Where the answer to a start was lost, the callback is what names
the work, which then need not be started again: the worker sees to that.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum

from darkroom.domain.jobs.job import Job, Task, TaskState
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.vendors.callbacks import Awaited, names
from darkroom.ports.jobs import Jobs, JobTaken
from darkroom.ports.storage import Queues
from darkroom.ports.system import Clock

logger = logging.getLogger(__name__)

EARLY_SECONDS = 5  # by then a worker that was just answered has noted the answer


class CallbackResult(StrEnum):
    """What a callback came to."""

    HASTENED = "hastened"
    EARLY = "early"
    LATE = "late"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class HandleCallback:
    """Has a task asked after that a vendor called about."""

    jobs: Jobs
    queues: Queues
    clock: Clock

    def __call__(self, vendor: str, awaited: Awaited, work_id: str) -> CallbackResult:
        """Take note of a call about the work a vendor knows as ``work_id``.

        Raises
        ------
        Unavailable
            The vendor is to call again.
        """
        job = self.jobs.get(awaited.owner, awaited.job_id)
        if job is None or awaited.index >= len(job.tasks):
            return CallbackResult.STRANGER
        task = job.tasks[awaited.index]
        elsewhere = job.route_of(task).engine != vendor  # it has gone on to another vendor meanwhile
        if job.terminal or task.index in job.finished or elsewhere:
            return CallbackResult.LATE
        if task.state is not TaskState.WAITING or task.handle is None:
            early = TaskMessage(job.owner, job.id, task.index, "hasten", vendor=vendor, work_id=work_id)
            self._send(job, early, EARLY_SECONDS)
            return CallbackResult.EARLY
        return (
            self._hasten(job, task, task.handle) if names(task.handle, work_id) else CallbackResult.STRANGER
        )

    def _hasten(self, job: Job, task: Task, handle: str) -> CallbackResult:
        try:
            self.jobs.expedite(job.owner, job.id, task.index, handle=handle, now=self.clock.now())
        except JobTaken:
            return CallbackResult.LATE
        self._send(job, TaskMessage(job.owner, job.id, task.index, "poll"), 0)
        return CallbackResult.HASTENED

    def _send(self, job: Job, message: TaskMessage, delay_seconds: int) -> None:
        queue = job.route_of(job.tasks[message.index]).queue
        self.queues.send_tasks(queue, [message], delay_seconds=delay_seconds)
