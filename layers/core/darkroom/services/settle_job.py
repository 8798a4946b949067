"""Ending jobs, once, with their credits.

Whoever finishes a task, cancels a job or gives it up goes through ``Conclude``: it writes the next version of
the job and, if that is the last one, the settlement, in one transaction. Two that race see different finished sets;
the loser is handed the job as it now is and decides again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs import Job
from darkroom.domain.ledger import settle_entry
from darkroom.domain.writes import AdvanceJob, AppendEntry, SettleCredits, Write, WriteRefused
from darkroom.ports import Store

MAX_RACES = 50  # a job of ten tasks loses at most nine races per task; this only bounds a broken store


class Superseded(Exception):
    """The job moved on so that the change is no longer wanted; ``job`` is how it stands."""

    def __init__(self, job: Job) -> None:
        super().__init__("superseded")
        self.job = job


def settlement(ended: Job) -> tuple[Write, ...]:
    """What ending a job does to the money: charge what was delivered, release the rest."""
    if ended.completed_at is None:
        raise ValueError(f"job {ended.id} has not ended")
    undelivered = len(ended.tasks) - len(ended.succeeded_tasks)
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


@dataclass(frozen=True, slots=True)
class Conclude:
    """Moves a job forward and settles it when that ends it."""

    store: Store

    def __call__(
        self,
        job: Job,
        change: Callable[[Job], Job],
        *,
        wanted: Callable[[Job], bool],
        also: Callable[[Job], tuple[Write, ...]] = lambda _: (),
    ) -> Job:
        """Write ``change(job)``; ``also`` adds writes that belong to the new version.

        ``wanted`` is asked again whenever somebody else was faster.

        Raises
        ------
        Superseded
            The change is not wanted any more; nothing was written.
        """
        for _ in range(MAX_RACES):
            if job.terminal or not wanted(job):
                raise Superseded(job)
            after = change(job)
            money = settlement(after) if after.terminal else ()
            try:
                self.store.commit(AdvanceJob(job, after), *money, *also(after))
            except WriteRefused as refusal:
                if not isinstance(refusal.write, AdvanceJob) or not isinstance(refusal.current, Job):
                    raise
                job = refusal.current
            else:
                return after
        raise Unavailable("The job is busy.")
