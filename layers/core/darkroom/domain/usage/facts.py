"""What one job adds to usage: a fact for each of its movements in the ledger, under the movement's id.

Everything follows from the job's row, so that a fact is the same whether it is made of a change in the stream or
looked up at night.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.ledger import late_entry_id, refund_entry_id, settle_entry_id
from darkroom.domain.jobs.job import Job, Late, TaskState
from darkroom.domain.renders.names import BATCH
from darkroom.domain.usage import measures
from darkroom.domain.usage.measures import Measures
from darkroom.domain.usage.vendor_prices import VendorPrices


@dataclass(frozen=True, slots=True)
class UsageFact:
    """One movement: what it adds to the sums of each vendor that had a part in it.

    ``id`` is the ledger entry's, or what it would be if the job had moved credits.
    """

    id: str
    owner: Owner
    at: datetime
    key_id: str
    offer_id: str
    by_vendor: Mapping[str, Measures]

    @property
    def day(self) -> date:
        """The day it counts on, UTC."""
        return self.at.date()

    @property
    def measures(self) -> Measures:
        """All it adds."""
        return measures.total(self.by_vendor.values())


def facts_of(job: Job, prices: VendorPrices) -> tuple[UsageFact, ...]:
    """All facts of a job as it is now, in the order in which they came to be."""
    return tuple(_facts(job, prices))


def new_facts(before: Job | None, after: Job, prices: VendorPrices) -> tuple[UsageFact, ...]:
    """The facts that a change of a job adds."""
    known = {fact.id for fact in facts_of(before, prices)} if before else set()
    return tuple(fact for fact in facts_of(after, prices) if fact.id not in known)


def _facts(job: Job, prices: VendorPrices) -> Iterator[UsageFact]:
    if job.completed_at is None or _was_expanded(job):
        return
    yield _fact(settle_entry_id(job.id), job, job.completed_at, _ended(job, prices))
    if job.charged_at is not None:
        yield _fact(late_entry_id(job.late_of or job.id), job, job.charged_at, _fetched(job))
    if job.refunded and job.deleted_at is not None:
        refunded = {vendor: Counter(refunded=n) for vendor, n in _charges(job, job.refunded).items()}
        yield _fact(refund_entry_id(job.id), job, job.deleted_at, refunded)


def _was_expanded(job: Job) -> bool:
    """Whether it is a batch whose chunks took over its hold: they are what is counted."""
    return job.kind == BATCH and bool(job.succeeded_tasks)


def _fact(fact_id: str, job: Job, at: datetime, sums: Mapping[str, Counter[str]]) -> UsageFact:
    by_vendor = {vendor: measures.measures(counted) for vendor, counted in sums.items()}
    kept = {vendor: counted for vendor, counted in by_vendor.items() if counted.sums}
    return UsageFact(fact_id, job.owner, at, job.key_id, job.offer_id, kept)


def _ended(job: Job, prices: VendorPrices) -> Mapping[str, Counter[str]]:
    """What the end of a job, or of its late work, adds."""
    sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
    paid = {task.index for task in job.paid_tasks}
    for task in job.tasks:
        counted = sums[job.route_of(task).engine]
        if task.state is TaskState.FAILED and task.failure and job.late is None:
            counted[measures.failure(task.failure.value)] += 1
        delivered = task.index in paid if job.late else task.state is TaskState.SUCCEEDED
        counted["outputs"] += delivered
        if task.state is TaskState.CANCELED and task.free:
            continue  # it ended with the job whose late work this is
        cost = prices.cost(job, task)
        counted["cost"] += cost.micros or 0
        counted["unpriced"] += cost.micros is None
        for name, milli in cost.units.items():
            counted[measures.unit(name)] += milli
    if job.late is not Late.REFUNDED:
        for vendor, credits in _charges(job, job.charged).items():
            sums[vendor]["credits"] += credits
    if job.late is None and job.completed_at is not None:
        first = sums[job.route_of(job.tasks[0]).engine]
        first["jobs"] += 1
        if job.succeeded_tasks:
            first[measures.latency(job.completed_at - job.created_at)] += 1
    return sums


def _fetched(job: Job) -> Mapping[str, Counter[str]]:
    """What it adds that refunded late work was asked for again, and paid."""
    made = Counter(job.route_of(task).engine for task in job.succeeded_tasks)
    sums = {vendor: Counter(outputs=count) for vendor, count in made.items()}
    for vendor, credits in _charges(job, job.charged).items():
        sums.setdefault(vendor, Counter())["credits"] += credits
    return sums


def _charges(job: Job, credits: int) -> Mapping[str, int]:
    """A job's credits by the vendor that made what they are for."""
    paid = job.succeeded_tasks if job.late is Late.REFUNDED else job.paid_tasks
    by_vendor = Counter(job.route_of(task).engine for task in paid)
    charges = {vendor: count * job.unit_price for vendor, count in by_vendor.items()}
    if rest := credits - sum(charges.values()):
        first = job.route_of(job.tasks[0]).engine
        charges[first] = charges.get(first, 0) + rest
    return charges
