"""Changing the grants that end together with the wallet they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from darkroom.domain.errors import Unavailable
from darkroom.domain.writes import ExpireCredits, SaveExpiringGrants, Write, WriteRefused
from darkroom.services.billing.spread_wallet import SpreadWallet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.billing.expiring import ExpiringGrants
    from darkroom.domain.billing.ledger import Wallet
    from darkroom.ports.accounts import Accounts
    from darkroom.ports.storage import Store

MAX_RACES = 20  # grants come and end rarely; this only bounds a broken store


def commit_with_grants(
    store: Store,
    accounts: Accounts,
    owner: Owner,
    plan: Callable[[Wallet, ExpiringGrants], Sequence[Write]],
    *,
    collected: bool = True,
) -> None:
    """Commit what ``plan`` makes of an owner's wallet and grants, anew whenever these have changed meanwhile.

    What a busy workspace's wallet has in several rows is collected in the first one before, unless nothing is taken.

    Raises
    ------
    WriteRefused
        Another write was refused.
    Unavailable
    """
    for _ in range(MAX_RACES):
        # The wallet is read last: what is left of the grants follows from what it has consumed since.
        grants = accounts.expiring_grants(owner)
        wallet = accounts.wallet(owner)
        if collected and any(part.balance for part in wallet.parts[1:]):
            wallet = SpreadWallet(store, accounts).collect(owner)
        try:
            store.commit(*plan(wallet, grants))
        except WriteRefused as refusal:
            if not isinstance(refusal.write, SaveExpiringGrants | ExpireCredits):
                raise
        else:
            return
    raise Unavailable("The wallet is busy.")
