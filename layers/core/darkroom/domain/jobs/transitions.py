"""The state machine: each function returns the job as it becomes; the store writes it on a condition."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from darkroom.domain.jobs.assets import Asset
from darkroom.domain.jobs.facts import Facts, updated
from darkroom.domain.jobs.job import FailureCode, Job, JobStatus, Task, TaskState


def task_succeeded(
    job: Job,
    index: int,
    asset: Asset | None,
    now: datetime,
    *,
    facts: Facts | None = None,
    free: bool = False,
) -> Job:
    """The job with one more output, ended if that was the last task.

    ``facts`` are added to those known. Of an output that is no asset, they are all there is.
    """
    done = replace(
        job.tasks[index],
        state=TaskState.SUCCEEDED,
        asset=asset,
        lease_until=None,
        poll_at=None,
        handle=None,
        failure=None,
        facts=updated(job.tasks[index].facts, facts),
        free=free,
    )
    return _ended_if_complete(_with(job, done), now)


def task_failed(
    job: Job,
    index: int,
    failure: FailureCode,
    now: datetime,
    *,
    reason: str | None = None,
    facts: Facts | None = None,
) -> Job:
    """The job with one task given up, ended if that was the last one."""
    task = job.tasks[index]
    explained = replace(task, reason=reason, facts=updated(task.facts, facts))
    return _ended_if_complete(_with(job, _ended(explained, TaskState.FAILED, failure)), now)


def canceled(job: Job, now: datetime) -> Job:
    """The job stopped where it is: outputs that exist stay and are charged, the rest is released."""
    tasks = tuple(
        task if task.index in job.finished else _ended(task, TaskState.CANCELED, None) for task in job.tasks
    )
    return _closed(replace(job, tasks=tasks), JobStatus.CANCELED, now)


def timed_out(job: Job, now: datetime) -> Job:
    """The job with everything unfinished given up because its deadline passed."""
    tasks = tuple(
        task if task.index in job.finished else _ended(task, TaskState.FAILED, FailureCode.TIMED_OUT)
        for task in job.tasks
    )
    return _ended_if_complete(replace(job, tasks=tasks), now)


def task_unwanted(job: Job, index: int, now: datetime) -> Job:
    """Canceled work with one more task that the vendor finished all the same."""
    made = replace(
        job.tasks[index],
        state=TaskState.SUCCEEDED,
        asset=None,
        lease_until=None,
        poll_at=None,
        handle=None,
        failure=None,
        free=True,
    )
    return _ended_if_complete(_with(job, made), now)


def ended_status(job: Job) -> Job:
    """An ended job with the status that its tasks make."""
    made = len(job.succeeded_tasks)
    if made == len(job.tasks):
        return replace(job, status=JobStatus.SUCCEEDED)
    return replace(job, status=JobStatus.PARTIAL if made else JobStatus.FAILED)


def _with(job: Job, task: Task) -> Job:
    return replace(job, tasks=(*job.tasks[: task.index], task, *job.tasks[task.index + 1 :]))


def _ended(task: Task, state: TaskState, failure: FailureCode | None) -> Task:
    return replace(task, state=state, failure=failure, asset=None, lease_until=None, poll_at=None)


def _ended_if_complete(job: Job, now: datetime) -> Job:
    if len(job.finished) < len(job.tasks):
        return replace(job, status=JobStatus.PROCESSING)
    made = len(job.succeeded_tasks)
    if made == len(job.tasks):
        return _closed(job, JobStatus.SUCCEEDED, now)
    return _closed(job, JobStatus.PARTIAL if made else JobStatus.FAILED, now)


def _closed(job: Job, status: JobStatus, now: datetime) -> Job:
    return replace(job, status=status, charged=job.unit_price * len(job.paid_tasks), completed_at=now)
