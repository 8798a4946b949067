"""Having grants expire that have ended: a part of housekeeping."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from darkroom.domain.writes import AppendEntry, ExpireCredits, SaveExpiringGrants, Write
from darkroom.services.billing.expiring_grants import commit_with_grants
from darkroom.services.jobs.metrics import Metric

if TYPE_CHECKING:
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.billing.expiring import ExpiringGrants
    from darkroom.domain.billing.ledger import Wallet
    from darkroom.ports.accounts import Accounts
    from darkroom.ports.storage import Store
    from darkroom.ports.system import Clock, Meter

logger = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(minutes=5)
UNREADABLE_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ExpireGrants:
    """Expires what is left of grants that have ended. An owner that cannot be helped is put off and stops nobody."""

    store: Store
    accounts: Accounts
    clock: Clock
    meter: Meter

    def overdue(self, limit: int = 200) -> int:
        """Look at the grants of at most ``limit`` owners; returns of how many owners credits expired."""
        now = self.clock.now()
        due = self.accounts.due_to_expire(now, limit)
        for row in due.unreadable:
            self.meter.count(Metric.SET_ASIDE)
            self.accounts.set_aside(row, now + UNREADABLE_AFTER)
        return sum(self._tried(grants.owner) for grants in due.items)

    def of(self, owner: Owner) -> int:
        """Expire what is left of an owner's grants that have ended; returns how many credits that are.

        Raises
        ------
        Unavailable
        """
        now, expired = self.clock.now(), 0

        def plan(wallet: Wallet, grants: ExpiringGrants) -> list[Write]:
            nonlocal expired
            after, entries = grants.expired(wallet, now)
            expired = sum(entry.expired for entry in entries)
            moved: list[Write] = [ExpireCredits(owner, expired)] if expired else []
            return [*moved, *map(AppendEntry, entries), SaveExpiringGrants(after.to_store(now))]

        commit_with_grants(self.store, self.accounts, owner, plan)
        return expired

    def _tried(self, owner: Owner) -> bool:
        try:
            return self.of(owner) > 0
        except Exception:
            logger.exception("the grants of %s could not expire", owner.workspace_id)
            self.meter.count(Metric.SET_ASIDE)
        try:
            self.accounts.postpone_expiry(owner, self.clock.now() + AGAIN_AFTER)
        except Exception:
            logger.exception("the grants of %s could not be put off", owner.workspace_id)
        return False
