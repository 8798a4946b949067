"""Which wallets' changes have a balance looked at."""

from __future__ import annotations

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.writes import WatchWallet
from darkroom.ports.accounts import Accounts


def watching(accounts: Accounts, owner: Owner, *, on: bool) -> list[WatchWallet]:
    """What watches every row that a wallet has, or none. A row that it gets later takes after the first."""
    rows = len(accounts.wallet(owner).parts) or 1
    return [WatchWallet(owner, on, shard) for shard in range(rows)]
