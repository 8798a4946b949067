"""Ending tasks. Once it is known what a task is to end with, no busy store may have it made, or tried, again.

The settlement is tried at once, which is all it takes as a rule. If the store is too busy, what the task is to end
with is kept in its row and the settlement tried for some seconds more; then a message is sent that only settles. If
the row cannot be written either for as long as the worker may run, the message itself carries it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.job import FailureCode, Job, Late, Task, TaskState
from darkroom.domain.jobs.late_work import late_id
from darkroom.domain.jobs.messages import TaskStep
from darkroom.domain.writes import JoinFamily, SaveAsset, Write
from darkroom.ports.jobs import Jobs
from darkroom.ports.storage import Blobs
from darkroom.ports.system import Clock
from darkroom.services.jobs.advance_and_settle import AdvanceAndSettle, StaleJob
from darkroom.services.jobs.queue_task import QueueTask
from darkroom.services.keep_trying import KeepTrying

logger = logging.getLogger(__name__)

PERSEVERANCE = timedelta(seconds=10)  # with a settlement that is safe in the task's row
LATER = timedelta(seconds=20)  # until the next message settles it; longer than that


@dataclass(frozen=True, slots=True)
class SettleTask:
    """Ends a task with its asset or its failure, now or a little later."""

    jobs: Jobs
    advance_and_settle: AdvanceAndSettle
    blobs: Blobs
    queue_task: QueueTask
    keep_trying: KeepTrying
    clock: Clock

    def __call__(self, job: Job, task: Task, until: datetime) -> bool:
        """End a decided ``task``; whether that was done now. The worker may run ``until`` then.

        Raises
        ------
        JobTaken
            The job has ended meanwhile.
        """
        try:
            settled = self.keep_trying(lambda: self._settled_or_kept(job, task), until)
        except Unavailable:
            logger.exception("job %s task %d could not be written", job.id, task.index)
            self.queue_task.carry(job, task)
            return False
        if settled is not None:
            return settled
        return self._persevere(job, task, until)

    def _settled_or_kept(self, job: Job, task: Task) -> bool | None:
        """Whether the task was ended by this; ``None`` if that could only be kept for later.

        Raises
        ------
        Unavailable
        JobTaken
        """
        try:
            return self._settle(job, task)
        except Unavailable:
            self.jobs.keep(job.owner, job.id, task, poll_at=self.clock.now() + LATER)
            return None

    def _persevere(self, job: Job, task: Task, until: datetime) -> bool:
        now = self.clock.now()
        try:
            return self.keep_trying(lambda: self._settle(job, task), min(until, now + PERSEVERANCE))
        except Unavailable:
            logger.warning("job %s task %d will be settled later", job.id, task.index)
        try:
            self.queue_task(job, task, TaskStep.POLL, now + LATER)
        except Unavailable:
            logger.warning("job %s task %d is left to housekeeping", job.id, task.index)
        return False

    def unwanted(self, job: Job, task: Task) -> None:
        """End a task of canceled work that the vendor finished all the same; its output is not fetched."""
        index = task.index
        try:
            self.advance_and_settle(
                job,
                lambda current: transitions.task_unwanted(current, index, self.clock.now()),
                still_needed=lambda current: index not in current.finished,
            )
        except StaleJob:
            logger.info("job %s task %d had ended before", job.id, index)

    def _settle(self, job: Job, task: Task) -> bool:
        """Whether this ended the task; if it had ended otherwise, its file is dropped."""
        index, asset = task.index, task.asset
        if job.late is Late.UNWANTED and asset is not None:
            self.blobs.delete(asset.storage_key)
            self.unwanted(job, task)
            return True

        def ended(current: Job) -> Job:
            now = self.clock.now()
            if asset is None:
                failure = task.failure or FailureCode.FAILED
                return transitions.task_failed(
                    current, index, failure, now, reason=task.reason, facts=task.facts
                )
            return transitions.task_succeeded(current, index, asset, now, facts=task.facts)

        try:
            self.advance_and_settle(
                job,
                ended,
                still_needed=lambda current: index not in current.finished,
                also=lambda _: () if job.late is Late.REFUNDED else _files(task),
            )
        except StaleJob as late:
            goes_on = self.jobs.get(job.owner, late_id(job.id)) if job.late is None else None
            if goes_on is not None and index not in goes_on.finished:
                return self._settle(goes_on, task)
            logger.info("job %s task %d had ended before", job.id, index)
            if asset is not None and late.job.tasks[index].state is not TaskState.SUCCEEDED:
                self.blobs.delete(asset.storage_key)
            return False
        return True


def _files(task: Task) -> tuple[Write, ...]:
    if task.asset is None:
        return ()
    return (SaveAsset(task.asset), *((JoinFamily(task.asset),) if task.asset.root_id else ()))
