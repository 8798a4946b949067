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
from darkroom.domain.jobs import late_work
from darkroom.domain.jobs.job import FailureCode, Job, Late, Task, TaskState
from darkroom.domain.writes import (
    AdvanceJob,
    AppendEntry,
    CountedRefund,
    CreateJob,
    ReleaseVendorSlots,
    ReturnSpending,
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


def settlement(ended: Job, late: Job | None = None, *, refunds_per_day: int = 0) -> tuple[Write, ...]:
    """The writes that settle an ended job: charge what was delivered, release the rest.

    What is held for ``late`` work stays held. Credits that are given back although a vendor was asked for the output,
    and may be paid for it, are counted against ``refunds_per_day``.
    """
    if ended.completed_at is None:
        raise ValueError(f"job {ended.id} has not ended")
    if ended.moves_nothing:
        return ()
    held = ended.held - (late.held if late else 0)
    units = ended.units - (late.units if late else 0)
    back = _refunded(ended, late)
    day = ended.created_at.date()
    refund = CountedRefund(back, ended.completed_at.date(), refunds_per_day) if back else None
    return (
        SettleCredits(
            ended.owner,
            held=held,
            charged=ended.charged,
            feature=ended.feature,
            day=day,
            returned=units - ended.task_units * len(ended.paid_tasks),
            refund=refund if ended.shard == 0 else None,
            shard=ended.shard,
        ),
        *counted_refund(ended, refund),
        AppendEntry(
            settle_entry(ended.owner, ended.id, held=held, charged=ended.charged, at=ended.completed_at)
        ),
        *unspent(ended, held - ended.charged),
    )


def counted_refund(job: Job, refund: CountedRefund | None) -> tuple[Write, ...]:
    """The write that counts a refund in a wallet's first shard, where all are, if the job is paid from another."""
    if refund is None or job.shard == 0:
        return ()
    return (SettleCredits(job.owner, 0, 0, job.feature, refund.day, 0, refund),)


def unspent(job: Job, credits: int) -> tuple[ReturnSpending, ...]:
    """The writes that give credits back to the budgets a job was counted against."""
    day = job.created_at.date()
    return tuple(ReturnSpending(job.owner, key_id, credits, day) for key_id in job.budgets if credits)


def _refunded(ended: Job, late: Job | None) -> int:
    """The credits that are given back although a vendor works, or has worked, on the output."""
    if late is not None and late.late is Late.REFUNDED:
        ran_on = [task for task in late.tasks if task.index not in late.finished]
        return ended.unit_price * len(ran_on)
    return ended.unit_price * len(late_work.unwanted(ended))


def slot_releases(before: Job, after: Job, late: Job | None = None) -> tuple[Write, ...]:
    """The writes that release the vendor slots of the tasks that end with this change, and not as ``late`` work."""
    leaving: dict[str, list[Task]] = {}
    elsewhere = late_work.under_way(before, after) if late else frozenset()
    for task in after.tasks:
        route = after.route_of(task)
        ends = task.index in after.finished - before.finished - elsewhere
        if ends and route.is_vendor:
            leaving.setdefault(route.engine, []).append(task)
    return tuple(
        ReleaseVendorSlots(
            vendor,
            tuple(task.id for task in tasks),
            healthy=any(map(_tells_of_health, tasks)),
            workspace_id=after.owner.workspace_id,
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
    refunds_per_day: int = 100

    def __call__(
        self,
        job: Job,
        change: Callable[[Job], Job],
        *,
        still_needed: Callable[[Job], bool],
        also: Callable[[Job], tuple[Write, ...]] = lambda _: (),
        late: Late | None = None,
    ) -> Job:
        """Write ``change(job)``; ``also`` adds writes that belong to the new version.

        ``still_needed`` is asked again whenever another change came first. ``late`` is what becomes of the work that
        vendors have begun, where the change ends the job early. Where the day's refunds are used up, such work is not
        refunded: its hold stays until it has ended, and what was made is charged.

        Raises
        ------
        StaleJob
            The change is not needed any more; nothing was written.
        """
        refundable = True
        for _ in range(MAX_RACES):
            if job.terminal or not still_needed(job):
                raise StaleJob(job)
            after = change(job) if refundable else late_work.charged_all_the_same(change(job))
            goes_on = late_work.late_work(job, after, late) if late else None
            limit = self.refunds_per_day
            money = settlement(after, goes_on, refunds_per_day=limit) if after.terminal else ()
            try:
                self.store.commit(
                    AdvanceJob(job, after),
                    *money,
                    *slot_releases(job, after, goes_on),
                    *([CreateJob(goes_on)] if goes_on else ()),
                    *also(after),
                )
            except WriteRefused as refusal:
                if isinstance(refusal.write, SettleCredits) and refusal.write.refund and refundable:
                    refundable, late = False, late and Late.PAID
                    continue
                if not isinstance(refusal.write, AdvanceJob) or not isinstance(refusal.current, Job):
                    raise
                job = refusal.current
            else:
                return after
        raise Unavailable("The job is busy.")
