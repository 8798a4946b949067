"""Reads of everything there is, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Only for signatures: implementations and callers import what they need themselves.
    from collections.abc import Sequence
    from datetime import datetime

    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.billing.ledger import LedgerEntry
    from darkroom.domain.jobs.job import Job
    from darkroom.domain.reconcile.books import Reconciliation, Turn


class BookReader(Protocol):
    """Reads the ledger and what hangs on it. A cursor is what the page before returned, ``None`` its end."""

    def owners(self, cursor: str | None) -> tuple[Sequence[Owner], str | None]:
        """Some of the owners that have a wallet, in no order; a page may have none."""
        ...

    def entries(self, owner: Owner, after: str, limit: int) -> Sequence[LedgerEntry]:
        """At most ``limit`` entries, as they are now, in the order of their ids."""
        ...

    def entries_since(self, owner: Owner, since: datetime) -> Sequence[LedgerEntry]:
        """The entries from a moment on, by time; the latest may come a moment later."""
        ...

    def open_jobs(self, cursor: str | None) -> tuple[Sequence[Job], str | None]:
        """Some of the jobs that have not ended; one may have ended a moment ago."""
        ...

    def last(self) -> Reconciliation | None:
        """The last run's result, finished or not."""
        ...


class ReconcileQueue(Protocol):
    """Sends the next turn of a run."""

    def send(self, turn: Turn) -> None: ...
