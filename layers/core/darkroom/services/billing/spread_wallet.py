"""Spreading a busy workspace's wallet over several rows, and gathering in one what was spread.

Credits only move between a wallet's rows: the wallet as a whole, and the ledger, know nothing of it. Every row says
over how many shards the wallet is spread, and whoever takes credits from one says what it knew, so nobody spends by
an old division.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.errors import Unavailable
from darkroom.domain.writes import HoldCredits, MoveCredits, SaveSpread, SpendCredits, Write, WriteRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.billing.ledger import Wallet
    from darkroom.ports.accounts import Accounts
    from darkroom.ports.storage import Store

logger = logging.getLogger(__name__)

MAX_SHARDS = 16
MAX_RACES = 50  # whoever comes first has moved or spent something, so this only bounds a broken store


@dataclass(frozen=True, slots=True)
class SpreadWallet:
    """Moves credits between the shards of wallets."""

    store: Store
    accounts: Accounts

    def __call__(self, owner: Owner, shards: int) -> Wallet:
        """Have a wallet spread over so many shards from now on, evenly; returns it.

        Raises
        ------
        Unavailable
        """
        return self._moved(owner, shards, SaveSpread(owner, shards))

    def collect(self, owner: Owner) -> Wallet:
        """Put all that is available into the first shard, where it is paid from until housekeeping spreads it again.

        What jobs hold stays in the shards they took it from, and what they give back comes back there.

        Raises
        ------
        Unavailable
        """
        return self._moved(owner, 1)

    def gather(self, wallet: Wallet, credits: int, shard: int = 0) -> Wallet:
        """Move into a shard what it lacks of ``credits``, and some for the next; returns the wallet as it then is.

        Whoever comes first changes what there is to move: then nothing is moved, and the caller looks again.
        """
        wanted = [part.balance for part in wallet.parts]
        lacking = credits - wanted[shard] + wallet.available // (2 * wallet.shards)
        for other in sorted(range(len(wanted)), key=wanted.__getitem__, reverse=True):
            if other != shard and lacking > 0:
                taken = min(max(wanted[other], 0), lacking)
                wanted[other] -= taken
                wanted[shard] += taken
                lacking -= taken
        try:
            self.store.commit(*_moves(wallet, wanted, wallet.shards))
        except WriteRefused:
            logger.info("the wallet of %s changed while it was gathered", wallet.owner.workspace_id)
        return self.accounts.wallet(wallet.owner)

    def after(self, refusal: WriteRefused) -> Wallet | None:
        """The wallet as it is now, if what was refused may be had from another of its shards; ``None`` if not."""
        write = refusal.write
        if not isinstance(write, HoldCredits | SpendCredits):
            return None
        now = self.accounts.wallet(write.owner)
        covered = isinstance(refusal.current, int) and refusal.current >= write.credits
        if not now.parts or (covered and now.shards == write.shards):
            return None  # there is nothing else, or it is the plan that has no room
        return now

    def tend(self) -> int:
        """Even out the wallets that are spread, or are to be; returns how many were. A part of housekeeping."""
        return sum(self._tended(owner, shards) for owner, shards in self.accounts.spread_wallets().items())

    def _tended(self, owner: Owner, shards: int) -> bool:
        try:
            wallet = self.accounts.wallet(owner)
            wanted = shards if wallet.balance >= 0 else 1  # what is owed is paid in one place
            if wallet.shards == wanted and not _uneven(wallet):
                return False
            self._moved(owner, wanted)
        except Exception:
            logger.exception("the wallet of %s could not be evened out", owner.workspace_id)
            return False
        return True

    def _moved(self, owner: Owner, shards: int, *also: Write) -> Wallet:
        for _ in range(MAX_RACES):
            wallet = self.accounts.wallet(owner)
            over = shards if wallet.balance >= 0 else 1
            try:
                self.store.commit(*_moves(wallet, _even(wallet, over), over), *also)
            except WriteRefused as refusal:
                if not isinstance(refusal.write, MoveCredits):
                    raise
            else:
                return self.accounts.wallet(owner)
        raise Unavailable("The wallet is busy.")


def _even(wallet: Wallet, shards: int) -> list[int]:
    """What is to be in each row: as much as in the next, nothing in those that are not paid from."""
    rows = max(shards, len(wallet.parts), 1)
    each, more = divmod(wallet.balance, shards)
    return [each + (row < more) if row < shards else 0 for row in range(rows)]


def _moves(wallet: Wallet, wanted: Sequence[int], shards: int) -> list[Write]:
    """The writes after which a wallet's rows have what is wanted."""
    parts = wallet.parts or (wallet,)
    return [
        MoveCredits(
            wallet.owner,
            shard,
            credits - (parts[shard].balance if shard < len(parts) else 0),
            before=wallet.shards,
            shards=shards,
            rows=len(wanted),
            new=shard >= len(parts),
            watched=wallet.watched,
        )
        for shard, credits in enumerate(wanted)
    ]


def _uneven(wallet: Wallet) -> bool:
    """Whether the shards paid from differ by more than half of what each should have, or others have something."""
    paid_from = [part.balance for part in wallet.parts[: wallet.shards]]
    if any(part.balance for part in wallet.parts[wallet.shards :]):
        return True
    return bool(paid_from) and max(paid_from) - min(paid_from) > max(sum(paid_from) // (2 * wallet.shards), 1)
