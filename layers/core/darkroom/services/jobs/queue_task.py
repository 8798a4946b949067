"""Queueing the next step of a task for when it is due."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from darkroom.domain.jobs.job import Job, Task
from darkroom.domain.jobs.messages import TaskMessage, TaskStep
from darkroom.domain.queues import MAX_DELAY_SECONDS
from darkroom.ports.storage import Queues
from darkroom.ports.system import Clock

CARRIED_SECONDS = 5


@dataclass(frozen=True, slots=True)
class QueueTask:
    """Sends messages about tasks to the queue of their route."""

    queues: Queues
    clock: Clock

    def __call__(self, job: Job, task: Task, step: TaskStep, due: datetime) -> None:
        """Send ``step``, delayed until ``due`` as far as a queue can delay it."""
        seconds = math.ceil((due - self.clock.now()).total_seconds())
        self.queues.send_tasks(
            job.route_of(task).queue,
            [TaskMessage(job.owner, job.id, task.index, step)],
            delay_seconds=min(max(seconds, 0), MAX_DELAY_SECONDS),
        )

    def carry(self, job: Job, task: Task) -> None:
        """Send ``task`` as it is to be written, because the store cannot be written to now."""
        message = TaskMessage(job.owner, job.id, task.index, TaskStep.RECORD, task=task)
        self.queues.send_tasks(job.route_of(task).queue, [message], delay_seconds=CARRIED_SECONDS)
