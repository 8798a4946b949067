"""Comparing a wallet with its entries while both move.

Entries from before a cutoff are all there and change no more: they are added up page by page, in as many turns as
that takes. What came since is little: it is read before and after the wallet, and compared if nothing came between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import batched
from typing import TYPE_CHECKING

from darkroom.domain.jobs.late_work import late_id
from darkroom.domain.reconcile.books import Books, Difference, added, differences_of, still_held

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from darkroom.domain.billing.ledger import LedgerEntry
    from darkroom.ports.accounts import Accounts
    from darkroom.ports.jobs import Jobs
    from darkroom.ports.reconcile import BookReader
    from darkroom.ports.system import Clock
    from darkroom.services.reconcile.check_job import CheckJob

TRIES = 20
SEEN = (
    4  # times in a row that the same difference is found until it counts: an index may lag behind its table
)
PAUSE_SECONDS = 0.5
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with an owner's wallet and holds; ``decided`` unless the wallet never stood still."""

    differences: tuple[Difference, ...]
    decided: bool = True


@dataclass(frozen=True, slots=True)
class CheckWallet:
    """Compares an owner's wallet and open jobs with its entries."""

    reader: BookReader
    accounts: Accounts
    jobs: Jobs
    check_job: CheckJob
    clock: Clock

    def __call__(self, books: Books) -> Checked:
        """Compare, with books that have all entries from before their cutoff."""
        differences, decided = self._compared(books)
        recent = self.reader.entries_since(books.owner, books.cutoff)
        holds = self._holds(replace(books, held=still_held(books.held, recent)))
        return Checked((*differences, *holds), decided)

    def _compared(self, books: Books) -> tuple[Sequence[Difference], bool]:
        last: Sequence[Difference] = ()
        seen = 0
        for _ in range(TRIES):
            before = self._recent(books)
            wallet = self.accounts.wallet(books.owner)
            if self._recent(books) == before:
                found = differences_of(wallet, added(books.sums, list(before.values())))
                if not found:
                    return (), True
                seen, last = (seen + 1 if found == last else 1), found
                if seen == SEEN:
                    return [replace(one, rows=(books.owner.key,)) for one in found], True
            self.clock.sleep(PAUSE_SECONDS)
        return (), False

    def _recent(self, books: Books) -> Mapping[str, LedgerEntry]:
        return {entry.id: entry for entry in self.reader.entries_since(books.owner, books.cutoff)}

    def _holds(self, books: Books) -> Iterator[Difference]:
        """Look at the jobs that hold something by their entries; late work holds what its job no longer does."""
        for some in batched(books.held, AT_ONCE, strict=False):
            found = self.jobs.get_many(books.owner, some)
            wrong: dict[str, None] = {}
            for job_id in some:
                job = found.get(job_id)
                if job is None or job.terminal or job.held != books.held[job_id]:
                    wrong[(job.late_of if job else None) or job_id] = None
            for job_id in wrong:
                if books.held.get(job_id, 0) + books.held.get(late_id(job_id), 0):
                    yield from self.check_job(books.owner, job_id)
