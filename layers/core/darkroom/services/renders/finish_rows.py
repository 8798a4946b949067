"""Finishing rows: one transaction ends their tasks, settles the job if it is complete, and saves the renders.

A render is charged to the first job that makes it. The row that saves it is written together with the task's end, on
condition that there is none yet; a job that is refused there was second and delivers the render for free.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.job import Job
from darkroom.domain.jobs.spec import ChunkSpec
from darkroom.domain.renders.lanes import limit_name
from darkroom.domain.writes import ReleaseVendorSlots, SaveRender, WriteRefused
from darkroom.ports.renders import Renders
from darkroom.ports.system import Clock
from darkroom.services.jobs.advance_and_settle import AdvanceAndSettle, StaleJob
from darkroom.services.renders.rows import JobRows, RowResult

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FinishRows:
    """Writes the results of rows."""

    renders: Renders
    advance_and_settle: AdvanceAndSettle
    clock: Clock

    def __call__(self, job: Job, job_rows: JobRows | None, results: Sequence[RowResult]) -> Job | None:
        """Write the results in one commit; ``job_rows`` is ``None`` if the rows could not even be loaded.

        Returns the job as it is then, ``None`` if it had ended before.

        When another job has saved one of the renders first, that result becomes free and the commit is repeated
        until no conflict remains. Each round finds at least one more, so there are at most as many rounds as rows.

        Raises
        ------
        Unavailable
        """
        for _ in range(len(results) + 1):
            try:
                return self._commit(job, job_rows, results)
            except StaleJob:
                # The bytes stay: another job may have stored the same ones at the same key.
                logger.info("job %s had ended before its rows", job.id)
            except WriteRefused as refusal:
                if job_rows is None or not isinstance(refusal.write, SaveRender):
                    raise
                results = self._with_free(job_rows, results, refusal.write)
                continue
            return None
        raise Unavailable("Other jobs are making the same renders.")

    def _commit(self, job: Job, job_rows: JobRows | None, results: Sequence[RowResult]) -> Job:
        ending: list[RowResult] = []

        def ended(current: Job) -> Job:
            ending[:] = [result for result in results if result.index not in current.finished]
            for result in ending:
                current = self._with(current, result)
            return current

        return self.advance_and_settle(
            job,
            ended,
            still_needed=lambda current: any(result.index not in current.finished for result in results),
            also=lambda after: (
                *(_saves(ending) if job_rows and not job_rows.preview else ()),
                *_leaving(after),
            ),
        )

    def _with(self, job: Job, result: RowResult) -> Job:
        now = self.clock.now()
        if result.failure is not None:
            return transitions.task_failed(
                job, result.index, result.failure, now, reason=result.reason, facts=result.facts
            )
        return transitions.task_succeeded(job, result.index, None, now, facts=result.facts, free=result.free)

    def _with_free(
        self, job_rows: JobRows, results: Sequence[RowResult], refused: SaveRender
    ) -> list[RowResult]:
        """The results, free where another job has saved the render, of this version or of a later one."""
        keys = [it.rendered.payload_key for it in results if it.rendered is not None and not it.free]
        if len(keys) > 1:
            saved = self.renders.find(job_rows.job.owner, job_rows.template.id, keys)
            taken = {key for key, it in saved.items() if it.version >= job_rows.template.version}
        else:
            taken = set(keys)
        taken.add(refused.rendered.payload_key)
        return [
            replace(it, free=True) if it.rendered is not None and it.rendered.payload_key in taken else it
            for it in results
        ]


def _leaving(job: Job) -> tuple[ReleaseVendorSlots, ...]:
    """What gives a lane back, with the end of its last chunk."""
    spec = job.spec
    if not isinstance(spec, ChunkSpec) or not spec.lane or spec.then or not job.terminal:
        return ()
    return (ReleaseVendorSlots(limit_name(job.owner), (spec.lane,)),)


def _saves(results: Iterable[RowResult]) -> tuple[SaveRender, ...]:
    return tuple(
        SaveRender(result.rendered) for result in results if result.rendered is not None and not result.free
    )
