"""Advancing jobs and settling their credits when they end.

Finishing a task, canceling or giving up a job goes through ``AdvanceAndSettle``: it writes the next version of the
job and, if that is the last one, the settlement, in one transaction. Of two workers that race, one is refused because
the finished set has changed; it gets the current job and decides again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.billing.ledger import settle_entry
from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.job import FailureCode, Job, Task, TaskState
from darkroom.domain.writes import (
    AdvanceJob,
    AppendEntry,
    ReleaseVendorSlots,
    SettleCredits,
    Write,
    WriteRefused,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from darkroom.ports.storage import Store

MAX_RACES = 50  # a job of ten tasks loses at most nine races per task; this only bounds a broken store


class StaleJob(Exception):
    """The job has advanced so that the change is no longer needed; ``job`` is the current version."""

    def __init__(self, job: Job) -> None:
        super().__init__("stale")
        self.job = job


def settlement(ended: Job) -> tuple[Write, ...]:
    """The writes that settle an ended job: charge what was delivered, release the rest."""
    if ended.completed_at is None:
        raise ValueError(f"job {ended.id} has not ended")
    if ended.moves_nothing:
        return ()
    undelivered = ended.units - ended.task_units * len(ended.paid_tasks)
    return (
        SettleCredits(
            ended.owner,
            held=ended.held,
            charged=ended.charged,
            feature=ended.feature,
            day=ended.created_at.date(),
            returned=undelivered,
        ),
        AppendEntry(
            settle_entry(ended.owner, ended.id, held=ended.held, charged=ended.charged, at=ended.completed_at)
        ),
    )


def slot_releases(before: Job, after: Job) -> tuple[Write, ...]:
    """The writes that release the vendor slots of the tasks that end with this change."""
    leaving: dict[str, list[Task]] = {}
    for task in after.tasks:
        route = after.route_of(task)
        ends = task.index in after.finished and task.index not in before.finished
        if ends and route.is_vendor:
            leaving.setdefault(route.engine, []).append(task)
    return tuple(
        ReleaseVendorSlots(
            vendor, tuple(task.id for task in tasks), healthy=any(map(_tells_of_health, tasks))
        )
        for vendor, tasks in leaving.items()
    )


def _tells_of_health(task: Task) -> bool:
    """Whether the task shows that the vendor works: it delivered, or it judged the request and refused."""
    answered = task.failure in (FailureCode.CONTENT_BLOCKED, FailureCode.INPUT_REJECTED)
    return task.state is TaskState.SUCCEEDED or answered


@dataclass(frozen=True, slots=True)
class AdvanceAndSettle:
    """Advances a job and settles it when that ends it."""

    store: Store

    def __call__(
        self,
        job: Job,
        change: Callable[[Job], Job],
        *,
        still_needed: Callable[[Job], bool],
        also: Callable[[Job], tuple[Write, ...]] = lambda _: (),
    ) -> Job:
        """Write ``change(job)``; ``also`` adds writes that belong to the new version.

        ``still_needed`` is asked again whenever another change came first.

        Raises
        ------
        StaleJob
            The change is not needed any more; nothing was written.
        """
        for _ in range(MAX_RACES):
            if job.terminal or not still_needed(job):
                raise StaleJob(job)
            after = change(job)
            money = settlement(after) if after.terminal else ()
            try:
                self.store.commit(AdvanceJob(job, after), *money, *slot_releases(job, after), *also(after))
            except WriteRefused as refusal:
                if not isinstance(refusal.write, AdvanceJob) or not isinstance(refusal.current, Job):
                    raise
                job = refusal.current
            else:
                return after
        raise Unavailable("The job is busy.")
