"""Granting credits by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.ledger import LedgerEntry, grant_entry
from darkroom.domain.errors import IdempotencyConflict, InvalidParam, NotFound
from darkroom.domain.writes import (
    AppendEntry,
    GrantCredits,
    WriteRefused,
)
from darkroom.ports.accounts import Accounts
from darkroom.ports.storage import Store
from darkroom.ports.system import Clock, Ids

MAX_GRANT = 1_000_000_000


@dataclass(frozen=True, slots=True)
class GrantCreditsByHand:
    """Adds credits to a workspace. ``granted`` is told whose credits there are more of."""

    store: Store
    accounts: Accounts
    ids: Ids
    clock: Clock
    granted: Callable[[Owner], object] = lambda _: None

    def __call__(
        self, workspace_id: str, credits: int, *, livemode: bool = True, note: str = "", cause: str = ""
    ) -> bool:
        """Grant ``credits``, once for each ``cause``; returns whether this call did.

        Raises
        ------
        NotFound, InvalidParam
        IdempotencyConflict
            The cause has granted another amount.
        """
        if not 1 <= credits <= MAX_GRANT:
            raise InvalidParam(f"credits must be between 1 and {MAX_GRANT}.", param="credits")
        if self.accounts.workspace(workspace_id) is None:
            raise NotFound("No such workspace.")
        owner, now = Owner(workspace_id, livemode), self.clock.now()
        entry = grant_entry(owner, cause or self.ids.new(), credits, now, note)
        try:
            self.store.commit(GrantCredits(owner, credits), AppendEntry(entry))
        except WriteRefused as refusal:
            earlier = refusal.current
            if isinstance(earlier, LedgerEntry) and earlier.granted != credits:
                raise IdempotencyConflict("This reference granted another amount.") from refusal
            return False
        self.granted(owner)
        return True
