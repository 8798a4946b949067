"""Recomputing every balance from its entries, every hold from open jobs and every charge from what was delivered.

A run goes owner by owner, in turns of a few seconds that each say where the next one goes on. A turn that dies is
done again: it changes nothing but what usage lacks.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING

from darkroom.domain.billing.ledger import EntryKind, hold_entry_id
from darkroom.domain.reconcile.books import Books, Difference, Reconciliation, Turn
from darkroom.domain.reconcile.jobs import settled_as_charged
from darkroom.domain.writes import SaveReconciliation
from darkroom.services.reconcile.metrics import Metric

if TYPE_CHECKING:
    from darkroom.domain.billing.ledger import LedgerEntry
    from darkroom.domain.jobs.job import Job
    from darkroom.ports.accounts import Accounts
    from darkroom.ports.jobs import Jobs
    from darkroom.ports.reconcile import BookReader
    from darkroom.ports.storage import Store
    from darkroom.ports.system import Clock, Ids, Meter
    from darkroom.services.reconcile.check_job import CheckJob
    from darkroom.services.reconcile.check_usage import CheckUsage
    from darkroom.services.reconcile.check_wallet import CheckWallet

logger = logging.getLogger(__name__)

SETTLED = timedelta(seconds=30)  # an entry that is older than this is there, or will never be
TOLD = timedelta(minutes=10)  # until then a movement may still be on its way to being counted
MOST_DAYS = 30  # of usage that are rebuilt
PAGE = 500
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Reconcile:
    """Runs reconciliations."""

    reader: BookReader
    accounts: Accounts
    jobs: Jobs
    store: Store
    check_wallet: CheckWallet
    check_job: CheckJob
    check_usage: CheckUsage
    meter: Meter
    clock: Clock
    ids: Ids

    def begin(self, since: datetime | None = None) -> Turn:
        """The first turn of a run that looks at what jobs did since then, since the day before if nothing is said."""
        now = self.clock.now()
        yesterday = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
        return Turn(Reconciliation(self.ids.new(), since or yesterday, now))

    def __call__(self, turn: Turn, has_time: Callable[[], bool]) -> Turn | None:
        """Go on with a run until the time is up; what the next turn goes on with, ``None`` after the last.

        Raises
        ------
        Unavailable
        """
        while turn.result.finished_at is None and has_time():
            turn = self._step(turn)
        self.store.commit(SaveReconciliation(turn.result))
        if turn.result.finished_at is None:
            return turn
        self.meter.count(Metric.ROUND)
        logger.info("reconciled %d owners, %d differences", turn.result.owners, turn.result.found)
        return None

    def _step(self, turn: Turn) -> Turn:
        if turn.books is not None:
            return self._page(turn, turn.books)
        if turn.owners:
            return replace(turn, books=Books(turn.owners[0], self.clock.now() - SETTLED))
        if not turn.all_listed:
            owners, cursor = self.reader.owners(turn.cursor)
            return replace(turn, owners=tuple(owners), cursor=cursor, all_listed=cursor is None)
        return self._open_jobs(turn)

    def _page(self, turn: Turn, books: Books) -> Turn:
        entries = self.reader.entries(books.owner, books.after, PAGE)
        turn = self._look_at(turn, entries)
        if len(entries) == PAGE:
            return replace(turn, books=books.plus(entries, entries[-1].id))
        checked = self.check_wallet(books.plus(entries, books.after))
        days = _days(turn.result.since, self.clock.now())
        usage = [one for day in days for one in self.check_usage.rebuild(books.owner, day)]
        result = self._told(turn.result, [*checked.differences, *usage])
        result = replace(result, owners=result.owners + 1, undecided=result.undecided + (not checked.decided))
        return replace(turn, result=result, owners=turn.owners[1:], books=None)

    def _look_at(self, turn: Turn, entries: Sequence[LedgerEntry]) -> Turn:
        """Compare the charges and refunds among some entries with their jobs, and see that they are counted."""
        result = replace(turn.result, entries=turn.result.entries + len(entries))
        now = self.clock.now()
        recent = [
            entry for entry in entries if result.since <= entry.at < now - SETTLED and _is_of_a_job(entry)
        ]
        for some in batched(recent, AT_ONCE, strict=False):
            owner = some[0].owner
            found = self.jobs.get_many(owner, [entry.job_id for entry in some if entry.job_id is not None])
            told = [entry for entry in some if entry.at < now - TOLD]
            recounted = self.check_usage.recount(told, found)
            result = replace(result, jobs=result.jobs + len(found), recounted=result.recounted + recounted)
            result = self._told(result, list(self._wrong(some, found)))
        return replace(turn, result=result)

    def _wrong(self, entries: Sequence[LedgerEntry], jobs: Mapping[str, Job]) -> Iterator[Difference]:
        suspects = dict.fromkeys(self.check_job.without_outputs(entries[0].owner, list(jobs.values())))
        for entry in entries:
            job = jobs.get(entry.job_id or "")
            if not settled_as_charged(entry, job):
                suspects[(job.late_of if job else None) or entry.job_id or ""] = None
        for job_id in suspects:
            yield from self.check_job(entries[0].owner, job_id)

    def _open_jobs(self, turn: Turn) -> Turn:
        """See that open jobs hold what they cost: what has no entry at all is found in no ledger."""
        open_jobs, cursor = self.reader.open_jobs(turn.cursor)
        found: list[Difference] = []
        for job in open_jobs:
            if job.held and self.accounts.entry(job.owner, hold_entry_id(job.late_of or job.id)) is None:
                found += self.check_job(job.owner, job.late_of or job.id)
        result = self._told(turn.result, found)
        if cursor is None:
            result = replace(result, finished_at=self.clock.now())
        return replace(turn, result=result, cursor=cursor)

    def _told(self, result: Reconciliation, differences: Sequence[Difference]) -> Reconciliation:
        """The result with more differences, each of which is an alarm and a line in the log that names its rows."""
        for one in differences:
            logger.error("%s", one)
            self.meter.count(Metric.DIFFERENCE)
        return result.plus(differences)


def _is_of_a_job(entry: LedgerEntry) -> bool:
    return entry.kind in (EntryKind.SETTLE, EntryKind.REFUND) and entry.job_id is not None


def _days(first: datetime, last: datetime) -> list[date]:
    """The days from one moment to another, the earliest first, at most those whose facts are kept."""
    days = min((last.date() - first.date()).days, MOST_DAYS - 1)
    return [last.date() - timedelta(days=number) for number in range(days, -1, -1)]
