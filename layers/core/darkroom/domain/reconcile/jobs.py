"""What one job's rows say that its entries must be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.ledger import (
    LedgerEntry,
    hold_entry_id,
    late_entry_id,
    refund_entry_id,
    settle_entry_id,
)
from darkroom.domain.jobs.job import Job, Late, Task
from darkroom.domain.jobs.late_work import late_id
from darkroom.domain.reconcile.books import Difference, Discrepancy


@dataclass(frozen=True, slots=True)
class JobBooks:
    """A job, its late work, and the entries of both, by id."""

    owner: Owner
    job_id: str
    job: Job | None
    late: Job | None
    entries: Mapping[str, LedgerEntry]

    @property
    def jobs(self) -> Sequence[Job]:
        """The jobs there are."""
        return [job for job in (self.job, self.late) if job is not None]


def entry_ids(job_id: str) -> tuple[str, ...]:
    """The ids of all entries that a job and its late work can have."""
    return (
        hold_entry_id(job_id),
        settle_entry_id(job_id),
        late_entry_id(job_id),
        refund_entry_id(job_id),
        settle_entry_id(late_id(job_id)),
    )


def paid_outputs(job: Job) -> Sequence[Task]:
    """The tasks whose outputs a job was charged for."""
    if job.late is Late.REFUNDED:
        return job.succeeded_tasks if job.charged else ()
    return job.paid_tasks if job.terminal else ()


def charges_what_it_made(job: Job) -> bool:
    """Whether a job's own row agrees with itself."""
    return job.charged == job.unit_price * len(paid_outputs(job))


def settled_as_charged(entry: LedgerEntry, job: Job | None) -> bool:
    """Whether an entry of an ended job is what the job's row says; what cannot be told at once is not."""
    if job is None or not job.terminal or not charges_what_it_made(job):
        return False
    if entry.id == settle_entry_id(job.id):
        return entry.spent == (0 if job.late is Late.REFUNDED else job.charged)
    return entry.id == refund_entry_id(job.id) and -entry.spent == job.charged


def differences_of(books: JobBooks, stored: frozenset[str]) -> list[Difference]:
    """Where a job's entries are not what its rows say; ``stored`` are the ids of its outputs that are there."""
    found: list[Difference] = []
    rows = (books.job_id, *books.entries)

    def compare(kind: Discrepancy, what: str, expected: int, is_: int) -> None:
        if expected != is_:
            found.append(Difference(kind, books.owner, what, expected, is_, rows))

    held = sum(entry.held for entry in books.entries.values())
    compare(Discrepancy.HOLD, "held", sum(job.held for job in books.jobs if not job.terminal), held)
    refund = books.entries.get(refund_entry_id(books.job_id))
    spent = sum(entry.spent for entry in books.entries.values()) - (refund.spent if refund else 0)
    compare(Discrepancy.CHARGE, "charged", sum(job.charged for job in books.jobs), spent)
    for job in books.jobs:
        outputs = paid_outputs(job)
        compare(Discrepancy.CHARGE, "outputs", job.unit_price * len(outputs), job.charged)
        kept = [task.asset.id for task in outputs if task.asset is not None]
        compare(Discrepancy.CHARGE, "stored outputs", len(kept), len(stored.intersection(kept)))
    if refund is not None and books.job is not None:
        compare(Discrepancy.CHARGE, "refunded", books.job.charged, -refund.spent)
    return found
