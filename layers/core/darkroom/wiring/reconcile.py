"""Reconciliations."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from darkroom.wiring.usage import UsageServices

if TYPE_CHECKING:
    from darkroom.services.reconcile.reconcile import Reconcile


class ReconcileServices(UsageServices):
    """Reconciliations."""

    @cached_property
    def reconcile(self) -> Reconcile:
        from darkroom.services.reconcile.check_job import CheckJob
        from darkroom.services.reconcile.check_usage import CheckUsage
        from darkroom.services.reconcile.check_wallet import CheckWallet
        from darkroom.services.reconcile.reconcile import Reconcile

        check_job = CheckJob(self.accounts, self.jobs, self.assets, self.clock)
        return Reconcile(
            self.book_reader,
            self.accounts,
            self.jobs,
            self.store,
            CheckWallet(self.book_reader, self.accounts, self.jobs, check_job, self.clock),
            check_job,
            CheckUsage(self.usage, self.store, self.count_usage),
            self.meter,
            self.clock,
            self.ids,
        )
