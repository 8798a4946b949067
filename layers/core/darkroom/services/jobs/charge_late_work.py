"""Charging for what a vendor finished after its job was given up and refunded, when it is asked for again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from darkroom.domain.billing.ledger import late_entry
from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.job import Late
from darkroom.domain.writes import AppendEntry, JoinFamily, SaveAsset, SpendCredits, Write, WriteRefused
from darkroom.domain.writes import ChargeLateWork as ChargeLateWorkWrite
from darkroom.services.jobs.accept_job import feature_exceeded, insufficient, over_budget, paid, spending

if TYPE_CHECKING:
    from collections.abc import Callable

    from darkroom.domain.billing.ledger import Wallet
    from darkroom.domain.jobs.job import Job
    from darkroom.ports.storage import Store
    from darkroom.ports.system import Clock
    from darkroom.services.accounts.authenticate import Caller
    from darkroom.services.billing.spread_wallet import SpreadWallet


@dataclass(frozen=True, slots=True)
class ChargeLateWork:
    """Charges for late work, once however often it is asked for. From then on its outputs are in their lists."""

    store: Store
    clock: Clock
    spread_wallet: Callable[[], SpreadWallet]

    def __call__(self, caller: Caller, late: Job) -> Job:
        """The late work as it was charged.

        Raises
        ------
        InsufficientCredits, FeatureQuotaExceeded, FeatureUnavailable, Unavailable
        """
        if late.late is not Late.REFUNDED or late.charged:
            return late
        made = len(late.succeeded_tasks)
        price, units = late.unit_price * made, late.task_units * made
        if not price and not units:
            return late
        now = self.clock.now()
        today, allowance = now.date(), caller.workspace.allowance(late.feature)

        def attempt(wallet: Wallet, shard: int) -> None:
            ceiling = wallet.ceiling_today(late.feature, allowance, today, shard)
            self.store.commit(
                ChargeLateWorkWrite(late, price, now),
                SpendCredits(late.owner, price, late.feature, units, today, ceiling, shard, wallet.shards),
                AppendEntry(late_entry(late.owner, late.late_of or late.id, price, now)),
                *spending(late.owner, caller.key.budgets, price, now),
                *_files(late),
            )

        try:
            paid(self.spread_wallet, caller.wallet, price, allowance, late.id, attempt)
        except WriteRefused as refusal:
            if (exceeded := over_budget(refusal, price)) is not None:
                raise exceeded from refusal
            if isinstance(refusal.write, ChargeLateWorkWrite | AppendEntry):
                return replace(late, charged=price, charged_at=now)
            if not isinstance(refusal.write, SpendCredits):
                raise Unavailable("The generation could not be charged just now.") from refusal
            balance = refusal.current if isinstance(refusal.current, int) else 0
            if max(balance, 0) < price:
                raise insufficient(price, balance) from refusal
            raise feature_exceeded(caller.workspace, late.feature) from refusal
        return replace(late, charged=price, charged_at=now)


def _files(late: Job) -> list[Write]:
    assets = [task.asset for task in late.succeeded_tasks if task.asset is not None]
    families: list[Write] = [JoinFamily(asset) for asset in assets if asset.root_id]
    return [*(SaveAsset(asset) for asset in assets), *families]
