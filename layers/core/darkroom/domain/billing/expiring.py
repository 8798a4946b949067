"""Grants that end: the soonest to end is spent first, and what is left of one when it ends expires.

No job says which grant it is paid from. What is left of each grant follows from how much the wallet has consumed
since the grants were last written: so many credits are gone from those that end soonest, whatever they were spent on.
So a hold and a settlement touch nothing but the wallet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.ledger import LedgerEntry, expiry_entry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from darkroom.domain.billing.ledger import Wallet

MAX_EXPIRING = 50  # grants of a wallet with something left of them: all may end in one transaction
HELD_RECHECK = timedelta(minutes=5)  # what was held when its grant ended is looked at so often


@dataclass(frozen=True, slots=True)
class ExpiringGrant:
    """Credits that end. When the grants were written, ``left`` were not consumed and ``expired`` had expired."""

    id: str
    expires_at: datetime
    left: int
    expired: int = 0


@dataclass(frozen=True, slots=True)
class ExpiringGrants:
    """An owner's grants that end, the soonest first, as of when its wallet had consumed ``consumed`` credits.

    ``version`` counts the writes of it, from one on; ``at`` is when they are to be looked at next.
    """

    owner: Owner
    grants: tuple[ExpiringGrant, ...] = ()
    consumed: int = 0
    version: int = 0
    at: datetime | None = None

    @property
    def left(self) -> int:
        """What is left of all of them."""
        return sum(grant.left for grant in self.grants)

    def as_of(self, wallet: Wallet) -> ExpiringGrants:
        """The grants with something left of them after what the wallet has consumed, the soonest to end first.

        Never more than the wallet has: of what a reversal has taken, these lose what was not covered by credits
        without an end.
        """
        unspent = max(wallet.balance + wallet.held, 0)
        gone = max(wallet.consumed - self.consumed, self.left - unspent, 0)
        kept = []
        for grant in self.grants:
            taken = min(gone, grant.left)
            gone -= taken
            if grant.left > taken:
                kept.append(replace(grant, left=grant.left - taken))
        return replace(self, grants=tuple(kept), consumed=wallet.consumed)

    def granted(self, cause: str, credits: int, expires_at: datetime, wallet: Wallet) -> ExpiringGrants:
        """With a further grant to the wallet. What it pays of the wallet's debt does not end."""
        now = self.as_of(wallet)
        new = ExpiringGrant(cause, expires_at, max(credits - wallet.owed, 0))
        grants = sorted((*now.grants, new), key=lambda grant: (grant.expires_at, grant.id))
        return replace(now, grants=tuple(grants))

    def reversed(self, credits: int, wallet: Wallet) -> ExpiringGrants:
        """After so many credits were taken back: those without an end first, then those that end soonest."""
        after = replace(
            wallet, available=max(wallet.balance - credits, 0), owed=max(credits - wallet.balance, 0)
        )
        return self.as_of(wallet).as_of(after)

    def expired(self, wallet: Wallet, now: datetime) -> tuple[ExpiringGrants, tuple[LedgerEntry, ...]]:
        """The grants after those that have ended expired, and the entries of that.

        What jobs hold is of the credits that end soonest, and does not expire while it is held.
        """
        held, kept, entries = wallet.held, list[ExpiringGrant](), list[LedgerEntry]()
        for grant in self.as_of(wallet).grants:
            of_jobs = min(held, grant.left)
            held -= of_jobs
            ending = grant.left - of_jobs if grant.expires_at <= now else 0
            if ending:
                entries.append(expiry_entry(self.owner, grant.id, ending, now, before=grant.expired))
            if grant.left > ending:
                kept.append(replace(grant, left=grant.left - ending, expired=grant.expired + ending))
        return replace(self, grants=tuple(kept), consumed=wallet.consumed), tuple(entries)

    def to_store(self, now: datetime) -> ExpiringGrants:
        """The next version, which is due when the first of the grants ends."""
        moments: Iterable[datetime] = (
            grant.expires_at if grant.expires_at > now else now + HELD_RECHECK for grant in self.grants
        )
        return replace(self, version=self.version + 1, at=min(moments, default=None))
