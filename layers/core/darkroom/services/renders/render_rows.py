"""Rendering the rows of a job: one message, one claim, and one transaction for all results.

That is for the first attempt. When its worker dies on the way, the row that was being rendered is unknown: the next
worker takes the rows one by one, each with a claim and an end of its own, so that a row that kills its worker uses up
only its own attempts.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.job import LEASE_SLACK, Job, TaskState
from darkroom.domain.jobs.messages import TaskMessage, TaskStep
from darkroom.domain.jobs.spec import ChunkSpec
from darkroom.domain.renders.rendered import Rendered
from darkroom.ports.jobs import Jobs, JobTaken
from darkroom.ports.renders import Renders
from darkroom.ports.storage import Queues
from darkroom.ports.system import Clock
from darkroom.services.jobs.claim_task import busy_until
from darkroom.services.keep_trying import KeepTrying
from darkroom.services.renders.draw_rows import DrawRows
from darkroom.services.renders.finish_rows import FinishRows
from darkroom.services.renders.load_rows import LoadRows, NothingToRender
from darkroom.services.renders.make_render_job import BULK
from darkroom.services.renders.rows import JobRows, RowResult

logger = logging.getLogger(__name__)

STARTS = 4  # of a row that kills its worker, before it is given up


@dataclass(frozen=True, slots=True)
class RenderRows:
    """Handles render messages. ``lease`` must outlast the longest that a worker can run."""

    jobs: Jobs
    renders: Renders
    load: LoadRows
    draw: DrawRows
    finish: FinishRows
    keep_trying: KeepTrying
    queues: Queues
    clock: Clock
    lease: timedelta

    def __call__(self, message: TaskMessage) -> None:
        """Render the open rows of a job.

        Raises
        ------
        TaskBusy
            Another worker has some of them; the message must not be taken off the queue yet.
        """
        owner, job_id, now = message.owner, message.job_id, self.clock.now()
        try:
            job = self.jobs.claim_all(owner, job_id, message.count, lease_until=now + self.lease)
        except JobTaken as taken:
            if taken.job is None or taken.job.terminal:
                logger.info("job %s needs nothing more", job_id)
                return
            self._row_by_row(taken.job)
        else:
            self._render(job, [task.index for task in job.tasks], look_up=len(job.tasks) > 1)

    def _row_by_row(self, job: Job) -> None:
        busy: list[datetime | None] = []
        for index in sorted(set(range(len(job.tasks))) - job.finished):
            now = self.clock.now()
            try:
                job = self.jobs.claim(job.owner, job.id, index, now=now, lease_until=now + self.lease)
            except JobTaken as taken:
                if taken.job is None or taken.job.terminal:
                    return
                if taken.job.tasks[index].state is TaskState.RUNNING:
                    busy.append(taken.job.tasks[index].lease_until)
                continue
            if job.tasks[index].attempts > STARTS:
                logger.warning("job %s row %d was given up", job.id, index)
                self._finish(job, None, [RowResult.failed(index)])
            else:
                self._render(job, [index], look_up=job.tasks[index].attempts > 1)
        if busy:
            raise busy_until(busy[0], self.clock.now())

    def _render(self, job: Job, indexes: Sequence[int], *, look_up: bool) -> None:
        try:
            job_rows = self.keep_trying(lambda: self.load(job, indexes), self._until(job, indexes))
        except NothingToRender as nothing:
            logger.warning("job %s: %s is gone", job.id, nothing)
            self._finish(job, None, [RowResult.failed(index) for index in indexes])
            return
        cached = self._cached(job_rows) if look_up and not job_rows.preview else {}
        results = [RowResult.cached(row.index, cached[row.key]) for row in job_rows.rows if row.key in cached]
        results += self.draw(job_rows, [row for row in job_rows.rows if row.key not in cached])
        self._finish(job, job_rows, results)

    def _finish(self, job: Job, job_rows: JobRows | None, results: Sequence[RowResult]) -> None:
        """Write the results, for as long as this worker holds their rows: they are not to be drawn again.

        Raises
        ------
        Unavailable
        """
        until = self._until(job, [result.index for result in results])
        ended = self.keep_trying(lambda: self.finish(job, job_rows, results), until)
        if ended is not None and ended.terminal and isinstance(ended.spec, ChunkSpec) and ended.spec.then:
            self._go_on(ended, ended.spec)

    def _go_on(self, chunk: Job, spec: ChunkSpec) -> None:
        """Queue the chunk that comes after this one in its lane."""
        following = TaskMessage(chunk.owner, spec.then, 0, TaskStep.RENDER, spec.then_rows)
        try:
            self.queues.send_tasks(BULK.queue, [following])
        except Unavailable:
            logger.warning("chunk %s is left to housekeeping", spec.then)

    def _until(self, job: Job, indexes: Sequence[int]) -> datetime:
        """Until when this worker may surely run: its lease outlasts it."""
        return (job.tasks[indexes[0]].lease_until or self.clock.now()) - LEASE_SLACK

    def _cached(self, job_rows: JobRows) -> Mapping[str, Rendered]:
        """The renders of the rows that exist already, by payload key."""
        keys = [row.key for row in job_rows.rows]
        renders = self.renders.find(job_rows.job.owner, job_rows.template.id, keys)
        return {key: it for key, it in renders.items() if it.version == job_rows.template.version}
