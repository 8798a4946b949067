"""Usage in bad weather: the stream is told in pieces, twice and out of order, and the sums are the ledger's."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial

import pytest

from darkroom.catalog_data.vendor_prices import PRICES
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.ledger import EntryKind
from darkroom.domain.jobs.job import Job, Late
from darkroom.domain.renders.names import BATCH
from darkroom.domain.usage.facts import facts_of
from darkroom.domain.usage.measures import Measures, total
from darkroom.domain.usage.places import KeyUsage, OfferUsage, WorkspaceUsage, summed
from darkroom.services.usage.count_usage import JobChange
from tests.fakes import Memory
from tests.harness.container import Harness
from tests.harness.stream import record_jobs
from tests.harness.survival import survives
from tests.reliability import test_storm, test_vendor_storm

KINDS: tuple[type, ...] = (KeyUsage, WorkspaceUsage, OfferUsage)

type Spent = dict[tuple[Owner, date], tuple[int, int]]


def tell(harness: Harness, changes: Sequence[JobChange], chance: random.Random) -> None:
    """Have a stream's changes counted as a careless world tells of them: twice, shuffled, by workers that die."""
    waiting = [change for change in changes for _ in range(chance.choice((1, 1, 1, 2, 3)))]
    for place in range(len(waiting)):
        other = min(len(waiting) - 1, place + chance.randint(0, 30))
        waiting[place], waiting[other] = waiting[other], waiting[place]
    harness.queues.busy = False
    while waiting:
        batch = waiting[: chance.randint(1, 40)]
        done = survives(harness, chance, partial(harness.core.count_usage, batch), odds=0.2, reach=3)
        if done:
            waiting = waiting[len(batch) :]


def spent_by_ledger(memory: Memory) -> Spent:
    """What the ledger says was charged and refunded, by owner and day."""
    charged: Counter[tuple[Owner, date]] = Counter()
    refunded: Counter[tuple[Owner, date]] = Counter()
    for entry in memory.entries.values():
        if entry.kind is EntryKind.SETTLE:
            charged[entry.owner, entry.at.date()] += entry.spent
        if entry.kind is EntryKind.REFUND:
            refunded[entry.owner, entry.at.date()] -= entry.spent
    return {place: (charged[place], refunded[place]) for place in {**charged, **refunded}}


def check(memory: Memory) -> None:
    jobs = list(memory.jobs.values())
    expected = summed(fact for job in jobs for fact in facts_of(job, PRICES))
    for kind in KINDS[:2]:
        of_kind = {place: sums for place, sums in expected.items() if isinstance(place, kind)}
        assert {place: sums for place, sums in memory.usage.items() if isinstance(place, kind)} == of_kind

    by_workspace = {p: sums for p, sums in memory.usage.items() if isinstance(p, WorkspaceUsage)}
    ledger = spent_by_ledger(memory)
    counted = {
        (place.owner, place.day): (sums.credits, sums.refunded) for place, sums in by_workspace.items()
    }
    assert {place: some for place, some in counted.items() if any(some)} == {
        place: some for place, some in ledger.items() if any(some)
    }
    assert sum(wallet.spent for wallet in memory.wallets.values()) == everything(memory, WorkspaceUsage).spent
    for kind in KINDS:
        assert everything(memory, kind) == everything(memory, WorkspaceUsage)
    assert everything(memory, KeyUsage).jobs == len([job for job in jobs if _counts(job)])


def everything(memory: Memory, kind: type) -> Measures:
    return total(sums for place, sums in memory.usage.items() if isinstance(place, kind))


def _counts(job: Job) -> bool:
    return job.terminal and job.late is None and not (job.kind == BATCH and job.succeeded_tasks)


@pytest.mark.parametrize("seed", range(6))
def test_usage_is_the_ledgers_however_it_is_told(seed: int) -> None:
    storm = test_storm.Storm(seed, jobs=40)
    changes = record_jobs(storm.harness.memory)
    storm.run()
    tell(storm.harness, changes, random.Random(seed))
    check(storm.harness.memory)
    assert everything(storm.harness.memory, KeyUsage).failures


@pytest.mark.parametrize("seed", range(3))
def test_late_work_and_what_vendors_cost_are_counted_once(seed: int) -> None:
    storm = test_vendor_storm.Storm(seed, jobs=120)
    memory = storm.harness.memory
    changes = record_jobs(memory)
    storm.run()
    for job in [job for job in memory.jobs.values() if job.late is Late.REFUNDED and job.succeeded_tasks]:
        storm.harness.core.charge_late_work(storm.harness.caller(), job)
    tell(storm.harness, changes, random.Random(seed))
    check(memory)
    assert {place.vendor for place in memory.usage if isinstance(place, KeyUsage)} >= set(storm.vendors) - {
        "sync"
    }
    assert everything(memory, KeyUsage).unpriced
    assert any(job.late for job in memory.jobs.values()), "some work went on after its job"
