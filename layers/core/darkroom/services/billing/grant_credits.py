"""Granting credits by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.expiring import MAX_EXPIRING
from darkroom.domain.billing.ledger import LedgerEntry, grant_entry
from darkroom.domain.errors import IdempotencyConflict, InvalidParam, NotFound
from darkroom.domain.writes import (
    AppendEntry,
    GrantCredits,
    SaveExpiringGrants,
    Write,
    WriteRefused,
)
from darkroom.ports.accounts import Accounts
from darkroom.ports.storage import Store
from darkroom.ports.system import Clock, Ids
from darkroom.services.billing.expiring_grants import commit_with_grants

if TYPE_CHECKING:
    from darkroom.domain.billing.expiring import ExpiringGrants
    from darkroom.domain.billing.ledger import Wallet

MAX_GRANT = 1_000_000_000
LONGEST_LIFE = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class GrantCreditsByHand:
    """Adds credits to a workspace. ``granted`` is told whose credits there are more of."""

    store: Store
    accounts: Accounts
    ids: Ids
    clock: Clock
    granted: Callable[[Owner], object] = lambda _: None

    def __call__(
        self,
        workspace_id: str,
        credits: int,
        *,
        livemode: bool = True,
        note: str = "",
        cause: str = "",
        expires_at: datetime | None = None,
    ) -> bool:
        """Grant ``credits``, once for each ``cause``; returns whether this call did.

        What is left of them at ``expires_at`` expires. Credits that end sooner than others are spent before them.

        Raises
        ------
        NotFound, InvalidParam, Unavailable
        IdempotencyConflict
            The cause has granted another amount, or one without an end where this one has one.
        """
        if not 1 <= credits <= MAX_GRANT:
            raise InvalidParam(f"credits must be between 1 and {MAX_GRANT}.", param="credits")
        now = self.clock.now()
        if expires_at is not None:
            expires_at = _end(expires_at, now)
        if self.accounts.workspace(workspace_id) is None:
            raise NotFound("No such workspace.")
        owner, cause = Owner(workspace_id, livemode), cause or self.ids.new()
        entry = grant_entry(owner, cause, credits, now, note, expires_at=expires_at)
        try:
            self._commit(entry, cause, expires_at)
        except WriteRefused as refusal:
            if not isinstance(earlier := refusal.current, LedgerEntry):
                raise
            if earlier.granted != credits:
                raise IdempotencyConflict("This reference granted another amount.") from refusal
            if (earlier.expires_at is None) != (expires_at is None):
                raise IdempotencyConflict("This reference granted credits with another end.") from refusal
            return False
        self.granted(owner)
        return True

    def _commit(self, entry: LedgerEntry, cause: str, expires_at: datetime | None) -> None:
        credits = entry.granted
        writes = (GrantCredits(entry.owner, credits), AppendEntry(entry))
        if expires_at is None:
            self.store.commit(*writes)
            return

        def plan(wallet: Wallet, grants: ExpiringGrants) -> tuple[Write, ...]:
            after = grants.granted(cause, credits, expires_at, wallet)
            if len(after.grants) > MAX_EXPIRING:
                raise InvalidParam(
                    f"A wallet has at most {MAX_EXPIRING} grants that end.", param="expires_at"
                )
            return (*writes, SaveExpiringGrants(after.to_store(entry.at)))

        commit_with_grants(self.store, self.accounts, entry.owner, plan, collected=False)


def _end(expires_at: datetime, now: datetime) -> datetime:
    if not now < expires_at <= now + LONGEST_LIFE:
        raise InvalidParam(
            f"expires_at must be in the future and within {LONGEST_LIFE.days} days.", param="expires_at"
        )
    return expires_at.astimezone(UTC)
