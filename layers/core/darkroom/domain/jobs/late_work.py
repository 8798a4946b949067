"""Late work: what vendors still do for a job that has ended early, for them the end of nothing.

A job that is canceled, or whose client waits no more, ends at once and for good. What a vendor has begun goes on and
may be charged to the operator. So the tasks under way go on in a job of their own, which is in no list: it keeps
their slots at the vendor until the work has ended, was stopped, or the job's deadline comes, and, where credits are
still held for them, the hold. It never starts anything.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from darkroom.domain.ids import derived
from darkroom.domain.jobs.job import LEASE_SLACK, FailureCode, Job, JobStatus, Late, Task, TaskState
from darkroom.domain.jobs.transitions import ended_status

KEPT_FOR = timedelta(hours=1)  # after its job has ended, work can be asked for again


def late_id(job_id: str) -> str:
    """The id of a job's late work."""
    return derived(job_id, "late")


def late_work(before: Job, after: Job, late: Late) -> Job | None:
    """The tasks that a vendor still works on when a job ends early, as a job; ``None`` if there are none."""
    underway = under_way(before, after)
    if not underway or after.completed_at is None:
        return None
    due = after.completed_at
    return replace(
        before,
        id=late_id(before.id),
        tasks=tuple(
            _goes_on(task, due) if task.index in underway else _elsewhere(task) for task in before.tasks
        ),
        status=JobStatus.PROCESSING,
        charged=0,
        check_at=due + LEASE_SLACK,
        manifest=None,
        late=late,
        late_of=before.id,
    )


def under_way(before: Job, after: Job) -> frozenset[int]:
    """The tasks that end with this change although a vendor works on them."""
    if before.late is not None:
        return frozenset()
    return frozenset(
        task.index
        for task in before.tasks
        if task.state in (TaskState.RUNNING, TaskState.WAITING)
        and before.route_of(task).is_vendor
        and _is_cut_short(after.tasks[task.index])
    )


def unwanted(job: Job) -> tuple[Task, ...]:
    """The tasks of canceled work that the vendor finished all the same."""
    if job.late is not Late.UNWANTED:
        return ()
    return tuple(task for task in job.succeeded_tasks if task.free)


def charged_all_the_same(job: Job) -> Job:
    """Canceled work that is not refunded, because the workspace has had back as much as it may on this day."""
    tasks = tuple(replace(task, free=False) if task in unwanted(job) else task for task in job.tasks)
    paid = replace(job, tasks=tasks)
    return replace(paid, charged=paid.unit_price * len(paid.paid_tasks))


def can_be_had(job: Job, late: Job | None, now: datetime) -> bool:
    """Whether the late work of a job is still there for whoever asks again."""
    if late is None or late.late is Late.UNWANTED or job.completed_at is None:
        return False
    return now < job.completed_at + KEPT_FOR


def joined(job: Job, late: Job) -> Job:
    """A job as it would have ended if it had been waited for: with the outputs of its late work."""
    tasks = tuple(
        later if later.state is TaskState.SUCCEEDED else task
        for task, later in zip(job.tasks, late.tasks, strict=True)
    )
    return ended_status(replace(job, tasks=tasks, charged=job.charged + late.charged))


def _is_cut_short(task: Task) -> bool:
    return task.state is TaskState.CANCELED or task.failure is FailureCode.TIMED_OUT


def _goes_on(task: Task, due: datetime) -> Task:
    """A waiting task is looked up at once; one that a worker is starting stays the worker's."""
    return replace(task, poll_at=due) if task.state is TaskState.WAITING else task


def _elsewhere(task: Task) -> Task:
    """A task that ended with the job: it has its place, and costs nothing here."""
    return Task(task.index, task.id, TaskState.CANCELED, free=True)
