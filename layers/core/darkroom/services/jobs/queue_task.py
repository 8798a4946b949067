"""Queueing the next step of a task for when it is due."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from darkroom.domain.jobs.chains import may_go_on
from darkroom.domain.jobs.job import Job, Task
from darkroom.domain.jobs.messages import TaskMessage, TaskStep
from darkroom.domain.queues import MAX_DELAY_SECONDS
from darkroom.ports.storage import Queues
from darkroom.ports.system import Clock, Meter
from darkroom.services.jobs.metrics import Metric

logger = logging.getLogger(__name__)

CARRIED = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class QueueTask:
    """Sends messages about tasks to the queue of their route, as one more of a chain that had ``hops`` before."""

    queues: Queues
    clock: Clock
    meter: Meter
    hops: int = 0

    def following(self, message: TaskMessage) -> QueueTask:
        """Queues what follows from ``message``."""
        return replace(self, hops=message.hops + 1)

    def __call__(self, job: Job, task: Task, step: TaskStep, due: datetime) -> None:
        """Send ``step``, delayed until ``due`` as far as a queue can delay it."""
        self._send(job, task, TaskMessage(job.owner, job.id, task.index, step, hops=self.hops), due)

    def carry(self, job: Job, task: Task) -> None:
        """Send ``task`` as it is to be written, because the store cannot be written to now."""
        message = TaskMessage(job.owner, job.id, task.index, TaskStep.RECORD, task=task, hops=self.hops)
        self._send(job, task, message, self.clock.now() + CARRIED)

    def _send(self, job: Job, task: Task, message: TaskMessage, due: datetime) -> None:
        now = self.clock.now()
        if not may_go_on(self.hops, now - job.created_at):
            self.meter.count(Metric.CHAIN_CUT)
            logger.error("job %s task %d was sent on %d times: enough", job.id, message.index, self.hops)
            return
        seconds = math.ceil((due - now).total_seconds())
        self.queues.send_tasks(
            job.route_of(task).queue, [message], delay_seconds=min(max(seconds, 0), MAX_DELAY_SECONDS)
        )
