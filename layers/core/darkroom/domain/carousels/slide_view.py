"""One slide of a carousel seen as a job of its own, which is how a client polls it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from darkroom.domain.jobs.job import Job, JobStatus, Task, TaskState

_STATUS: Final[Mapping[TaskState, JobStatus]] = {
    TaskState.QUEUED: JobStatus.QUEUED,
    TaskState.RUNNING: JobStatus.PROCESSING,
    TaskState.WAITING: JobStatus.PROCESSING,
    TaskState.SUCCEEDED: JobStatus.SUCCEEDED,
    TaskState.FAILED: JobStatus.FAILED,
    TaskState.CANCELED: JobStatus.CANCELED,
}


def slide_views(job: Job) -> tuple[Job, ...]:
    """All slides of a carousel as jobs of one task each, in order."""
    return tuple(_view(job, task) for task in job.tasks)


def _view(job: Job, task: Task) -> Job:
    """A slide is charged when the whole set is. When one failed is not kept, so it then ends with the set."""
    delivered = task.state is TaskState.SUCCEEDED
    made_at = task.asset.created_at if delivered and task.asset is not None else None
    return replace(
        job,
        id=task.id,
        tasks=(task,),
        status=_STATUS[task.state],
        charged=job.unit_price if job.terminal and delivered and not task.free else 0,
        completed_at=made_at or job.completed_at,
    )
