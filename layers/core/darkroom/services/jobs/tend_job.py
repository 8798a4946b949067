"""Helping on one job that housekeeping found due.

Every open job has a ``check_at``. Once that has passed, its tasks are queued again, which is harmless if they are
queued already; past its deadline the job is ended and its hold released.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from darkroom.domain.catalog.routes import Queue
from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.job import LEASE_SLACK, Job, JobStatus, Task, TaskState
from darkroom.domain.jobs.messages import TaskMessage, TaskStep
from darkroom.domain.jobs.spec import ChunkSpec
from darkroom.domain.renders.names import is_render
from darkroom.ports.jobs import Jobs
from darkroom.ports.storage import Queues
from darkroom.services.jobs.advance_and_settle import AdvanceAndSettle, StaleJob
from darkroom.services.jobs.end_early import end_early
from darkroom.services.renders.make_render_job import render_message

logger = logging.getLogger(__name__)

RECHECK = timedelta(minutes=5)


class Tended(Enum):
    """What became of a job that was due."""

    HELD = auto()
    """A worker is at it."""
    WAITING = auto()
    REQUEUED = auto()
    TIMED_OUT = auto()
    ENDED = auto()


@dataclass(frozen=True, slots=True)
class TendJob:
    """Queues a stuck job's tasks again, or ends a job that is past its deadline."""

    jobs: Jobs
    advance_and_settle: AdvanceAndSettle
    queues: Queues

    def __call__(self, job: Job, now: datetime) -> Tended:
        """Help ``job``, which is due, and say when it is to be looked at next."""
        held_until = max((t.lease_until for t in job.tasks if t.lease_until), default=now)
        if held_until > now:
            self.jobs.postpone(job, held_until + LEASE_SLACK)
            return Tended.HELD
        if now >= job.deadline_at:
            return self._give_up(job, now)
        stuck = {} if self._has_one_before_it(job) else _messages(job, now)
        self.jobs.postpone(job, min(now + RECHECK, job.deadline_at))
        if not stuck:
            return Tended.WAITING
        try:
            for queue, messages in stuck.items():
                self.queues.send_tasks(queue, messages)
        except Unavailable as error:
            # A later round tries again. If the stack no longer has the queue, the deadline ends the job.
            logger.warning("job %s is stuck and could not be queued: %s", job.id, error)
            return Tended.WAITING
        logger.warning("job %s was stuck: %d tasks queued again", job.id, sum(map(len, stuck.values())))
        return Tended.REQUEUED

    def _has_one_before_it(self, job: Job) -> bool:
        """Whether the job waits for the end of another, which sends its message then: a chunk in its lane."""
        if not isinstance(job.spec, ChunkSpec) or not job.spec.after or job.status is not JobStatus.QUEUED:
            return False
        before = self.jobs.get(job.owner, job.spec.after)
        return before is not None and not before.terminal

    def _give_up(self, job: Job, now: datetime) -> Tended:
        try:
            end_early(
                self.advance_and_settle,
                self.queues,
                job,
                lambda current: transitions.timed_out(current, now),
            )
        except StaleJob:
            return Tended.ENDED
        logger.warning("job %s passed its deadline", job.id)
        return Tended.TIMED_OUT


def _messages(job: Job, now: datetime) -> dict[Queue, list[TaskMessage]]:
    """What to send to which queue."""
    if is_render(job):
        return {job.queue: [render_message(job)]}  # which is about all its rows
    stuck: dict[Queue, list[TaskMessage]] = {}
    for task in job.tasks:
        if message := _message(job, task, now):
            stuck.setdefault(job.route_of(task).queue, []).append(message)
    return stuck


def _message(job: Job, task: Task, now: datetime) -> TaskMessage | None:
    if task.index in job.finished:
        return None
    if not _passed(task.poll_at, now):
        return None
    step = TaskStep.POLL if task.state is TaskState.WAITING else TaskStep.START
    return TaskMessage(job.owner, job.id, task.index, step)


def _passed(moment: datetime | None, now: datetime) -> bool:
    return moment is None or moment <= now
