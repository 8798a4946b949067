"""Taking back what a payment granted, when it is refunded or disputed; giving it back when the dispute is won."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.billing.ledger import reinstatement_entry, reversal_entry, reversal_id
from darkroom.domain.errors import NotFound
from darkroom.domain.writes import (
    AppendEntry,
    ReinstateCredits,
    ReverseCredits,
    SaveExpiringGrants,
    Write,
    WriteRefused,
)
from darkroom.services.billing.expiring_grants import commit_with_grants

if TYPE_CHECKING:
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.billing.expiring import ExpiringGrants
    from darkroom.domain.billing.ledger import Wallet
    from darkroom.ports.accounts import Accounts
    from darkroom.ports.storage import Store
    from darkroom.ports.system import Clock


@dataclass(frozen=True, slots=True)
class ReversePayment:
    """Reverses payments. ``came`` is told whose credits there are more of.

    ``cause`` is the id of the refund or dispute at the payment's provider: each takes credits once and gives them
    back once, however often its events arrive. How many credits that is the caller says, who knows the payment.
    """

    store: Store
    accounts: Accounts
    clock: Clock
    came: Callable[[Owner], object] = lambda _: None

    def __call__(
        self, owner: Owner, credits: int, *, cause: str, note: str = "", also: tuple[Write, ...] = ()
    ) -> bool:
        """Take ``credits`` back, or have them owed; returns whether this call did.

        ``also`` is written in the same transaction. One of those refused is raised as ``WriteRefused``.

        Raises
        ------
        WriteRefused, Unavailable
        """
        entry = reversal_entry(owner, cause, credits, self.clock.now(), note)
        writes = (ReverseCredits(owner, credits), AppendEntry(entry), *also)

        def plan(wallet: Wallet, grants: ExpiringGrants) -> tuple[Write, ...]:
            if not grants.grants:
                return writes
            after = grants.reversed(credits, wallet)
            return (*writes, SaveExpiringGrants(after.to_store(entry.at)))

        return self._once(lambda: commit_with_grants(self.store, self.accounts, owner, plan))

    def reinstate(self, owner: Owner, *, cause: str, note: str = "", also: tuple[Write, ...] = ()) -> bool:
        """Give back what ``cause`` took; returns whether this call did.

        Raises
        ------
        NotFound
            It has taken nothing, or not yet: events come in any order.
        """
        reversal = self.accounts.entry(owner, reversal_id(cause))
        if reversal is None:
            raise NotFound("No such reversal.")
        entry = reinstatement_entry(reversal, cause, self.clock.now(), note)
        writes = (ReinstateCredits(owner, reversal.reversed), AppendEntry(entry), *also)
        first = self._once(lambda: self.store.commit(*writes))
        if first:
            self.came(owner)
        return first

    @staticmethod
    def _once(commit: Callable[[], None]) -> bool:
        try:
            commit()
        except WriteRefused as refusal:
            if not isinstance(refusal.write, AppendEntry):
                raise
            return False
        return True
