"""Everything there is, in memory, and the queue of turns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.ledger import LedgerEntry
from darkroom.domain.jobs.job import Job
from darkroom.domain.reconcile.books import Reconciliation, Turn
from tests.fakes.memory import Memory, as_stored

AT_ONCE = 2


class FakeBookReader:
    """Reads a :class:`Memory`, few rows at a time."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def owners(self, cursor: str | None) -> tuple[Sequence[Owner], str | None]:
        with self._memory.lock:
            owners = sorted(self._memory.wallets, key=lambda owner: owner.key)
        return _page(owners, cursor)

    def entries(self, owner: Owner, after: str, limit: int) -> Sequence[LedgerEntry]:
        with self._memory.lock:
            found = [
                entry for (o, _), entry in self._memory.entries.items() if o == owner and entry.id > after
            ]
        return sorted(found, key=lambda entry: entry.id)[:limit]

    def entries_since(self, owner: Owner, since: datetime) -> Sequence[LedgerEntry]:
        with self._memory.lock:
            found = [
                entry for (o, _), entry in self._memory.entries.items() if o == owner and entry.at >= since
            ]
        return sorted(found, key=lambda entry: entry.at)

    def open_jobs(self, cursor: str | None) -> tuple[Sequence[Job], str | None]:
        with self._memory.lock:
            jobs = [job for job in self._memory.jobs.values() if not job.terminal]
        return _page(jobs, cursor)

    def last(self) -> Reconciliation | None:
        return self._memory.reconciliation


class FakeReconcileQueue:
    """Keeps what was sent, as it comes back."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []

    def send(self, turn: Turn) -> None:
        self.turns.append(as_stored(turn))


def _page[T](things: Sequence[T], cursor: str | None) -> tuple[Sequence[T], str | None]:
    start = int(cursor or 0)
    end = start + AT_ONCE
    return things[start:end], str(end) if end < len(things) else None
