"""Claiming the task that a message is about, so that one worker at a time works on it."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from darkroom.domain.jobs.attempts import is_lost
from darkroom.domain.jobs.job import Job, TaskState
from darkroom.domain.jobs.messages import TaskBusy, TaskMessage, TaskStep
from darkroom.domain.vendors.callbacks import is_about
from darkroom.ports.jobs import Jobs, JobTaken
from darkroom.services.jobs.queue_task import QueueTask
from darkroom.services.vendors.call_vendor import CallVendor

logger = logging.getLogger(__name__)

# A message that comes at most this much before its task is due is sent again; one before that is a duplicate.
EARLY = timedelta(seconds=5)


def busy_until(lease_until: datetime | None, now: datetime) -> TaskBusy:
    """What to raise of a task that a worker holds under that lease: whoever comes right after may have it."""
    seconds = (lease_until - now).total_seconds() if lease_until else 0
    return TaskBusy(max(math.ceil(seconds), 0) + 1)


@dataclass(frozen=True, slots=True)
class ClaimTask:
    """Claims tasks for the worker that received a message. ``lease`` must outlast the longest it can run."""

    jobs: Jobs
    queue_task: QueueTask
    call: CallVendor
    lease: timedelta

    def __call__(self, message: TaskMessage, now: datetime) -> Job | None:
        """Claim the message's task; ``None`` if there is nothing to do for the message.

        Raises
        ------
        TaskBusy
            The message must not be taken off the queue yet.
        """
        claim = self.jobs.claim if message.step is TaskStep.START else self.jobs.claim_poll
        try:
            if message.step is TaskStep.EXPEDITE:
                self._expedite(message, now)
            return claim(message.owner, message.job_id, message.index, now=now, lease_until=now + self.lease)
        except JobTaken as taken:
            self._not_claimed(message, taken.job, now)
            return None

    def _expedite(self, message: TaskMessage, now: datetime) -> None:
        """Make a poll due early, after a vendor's callback. The callback may name work whose handle was lost.

        Raises
        ------
        JobTaken
        """
        job = self.jobs.get(message.owner, message.job_id)
        if job is None or job.terminal:
            raise JobTaken(job)
        task = job.tasks[message.index]
        if task.handle is not None and is_about(task.handle, message.work_id):
            self.jobs.expedite(job.owner, job.id, task.index, handle=task.handle, now=now)
        elif is_lost(task, message.work_id) and job.route_of(task).engine == message.vendor:
            self.jobs.adopt(job.owner, job.id, task, handle=message.work_id, now=now)
            self.call.record_found_work(job.route_of(task))
            logger.warning("job %s task %d: lost work was found by a callback", job.id, task.index)
        else:
            raise JobTaken(job)

    def _not_claimed(self, message: TaskMessage, job: Job | None, now: datetime) -> None:
        task = job.tasks[message.index] if job is not None and not job.terminal else None
        if job is None or task is None or task.index in job.finished:
            logger.info("job %s task %d needs nothing more", message.job_id, message.index)
        elif task.state is TaskState.RUNNING and message.step is TaskStep.START:
            raise busy_until(task.lease_until, now)
        elif task.state is TaskState.RUNNING:
            logger.info("job %s task %d is polled by the worker that holds it", message.job_id, message.index)
        elif task.poll_at is not None and timedelta() < task.poll_at - now <= EARLY:
            # The queue delivered it a moment too soon, or another message set the time.
            step = TaskStep.POLL if task.state is TaskState.WAITING else TaskStep.START
            self.queue_task(job, task, step, task.poll_at)
