"""Writes of credits: wallets, the ledger and reloading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from darkroom.domain.writes.base import Write

if TYPE_CHECKING:
    from datetime import date

    from darkroom.domain.accounts.workspaces import Feature, Owner
    from darkroom.domain.billing.expiring import ExpiringGrants
    from darkroom.domain.billing.ledger import LedgerEntry
    from darkroom.domain.billing.packs import AutoReload
    from darkroom.domain.billing.purchases import Purchase
    from darkroom.domain.billing.reloads import ReloadState


@dataclass(frozen=True, slots=True)
class GrantCredits(Write):
    """Add to ``granted`` and the balance, which pays what is owed first. Creates the wallet if there is none.

    No condition of its own.
    """

    moves_credits: ClassVar[bool] = True

    owner: Owner
    credits: int


@dataclass(frozen=True, slots=True)
class HoldCredits(Write):
    """Move ``credits`` from available to held and count ``units`` of ``feature`` on ``day``.

    Conditions: the balance covers ``credits``, so that nothing but what is free passes while something is owed; the
    day's counter stays within ``day_ceiling`` after adding ``units``; the wallet is spread over so many ``shards``.
    All that is of one ``shard``. Counters named in ``stale`` are dropped on the way.
    """

    moves_credits: ClassVar[bool] = True

    owner: Owner
    credits: int
    feature: Feature
    units: int
    day: date
    day_ceiling: int
    stale: tuple[tuple[Feature, date], ...] = ()
    shard: int = 0
    shards: int = 1


@dataclass(frozen=True, slots=True)
class SettleCredits(Write):
    """Release a hold: ``charged`` becomes spent, the rest available; ``returned`` units leave the day's counter.

    Conditions: ``held`` covers the hold; what ``refund`` counts stays within its limit. Comes with ``AppendEntry``,
    whose condition makes it happen once.
    """

    moves_credits: ClassVar[bool] = True

    owner: Owner
    held: int
    charged: int
    feature: Feature
    day: date
    returned: int
    refund: CountedRefund | None = None
    shard: int = 0


@dataclass(frozen=True, slots=True)
class CountedRefund:
    """Credits given back on ``day`` for what a vendor was paid for, counted with all others of that day."""

    credits: int
    day: date
    day_limit: int


@dataclass(frozen=True, slots=True)
class SpendCredits(Write):
    """Move ``credits`` from available to spent at once and count ``units`` of ``feature`` on ``day``.

    Conditions: those of ``HoldCredits``. Comes with ``AppendEntry``, whose condition makes it happen once.
    """

    moves_credits: ClassVar[bool] = True

    owner: Owner
    credits: int
    feature: Feature
    units: int
    day: date
    day_ceiling: int
    shard: int = 0
    shards: int = 1


@dataclass(frozen=True, slots=True)
class RefundCredits(Write):
    """Move ``credits`` from spent back to the balance and count them as refunded: on ``day``, and in all.

    Conditions: ``spent`` covers them; what was refunded on that day stays within ``day_limit``, where that is counted
    here. Counters of the days in ``stale`` are dropped on the way. Comes with ``AppendEntry``, whose condition makes
    it happen once.
    """

    moves_credits: ClassVar[bool] = True

    owner: Owner
    credits: int
    day: date
    day_limit: int | None
    stale: tuple[date, ...] = ()
    shard: int = 0


@dataclass(frozen=True, slots=True)
class ReverseCredits(Write):
    """Move ``credits`` from the balance to reversed. What is not available for that is owed from then on.

    Condition: the wallet exists. Comes with ``AppendEntry``, whose condition makes it happen once.
    """

    moves_credits: ClassVar[bool] = True

    owner: Owner
    credits: int


@dataclass(frozen=True, slots=True)
class ReinstateCredits(Write):
    """Move ``credits`` from reversed back to the balance, which pays what is owed first.

    Condition: ``reversed`` covers them. Comes with ``AppendEntry``, whose condition makes it happen once.
    """

    moves_credits: ClassVar[bool] = True

    owner: Owner
    credits: int


@dataclass(frozen=True, slots=True)
class MoveCredits(Write):
    """Move ``credits`` into a shard of a wallet, or out of it, and spread the wallet over so many ``shards``.

    A transaction has one for each of the wallet's ``rows``, and what comes in is what goes out: no ledger entry tells
    of it. Conditions: the wallet was spread over ``before`` shards; what goes out is available. A ``new`` row is
    made, and there is none yet.
    """

    moves_credits: ClassVar[bool] = True

    owner: Owner
    shard: int
    credits: int
    before: int
    shards: int
    rows: int
    new: bool = False
    watched: bool = False


@dataclass(frozen=True, slots=True)
class SaveSpread(Write):
    """Put over how many shards an owner's wallet is to be spread. No condition."""

    owner: Owner
    shards: int


@dataclass(frozen=True, slots=True)
class ExpireCredits(Write):
    """Move ``credits`` from available to expired. Condition: they are available.

    Comes with ``SaveExpiringGrants`` and ``AppendEntry``, whose conditions make it happen once.
    """

    moves_credits: ClassVar[bool] = True

    owner: Owner
    credits: int


@dataclass(frozen=True, slots=True)
class SaveExpiringGrants(Write):
    """Put an owner's grants that end. Condition: those there are of the version before; none before the first."""

    grants: ExpiringGrants


@dataclass(frozen=True, slots=True)
class AppendEntry(Write):
    """Put a ledger entry. Condition: none of that id exists."""

    precedence: ClassVar[int] = 2

    entry: LedgerEntry


@dataclass(frozen=True, slots=True)
class SetAutoReload(Write):
    """Put when an owner's credits are to be reloaded; ``None`` for never. No condition."""

    owner: Owner
    settings: AutoReload | None


@dataclass(frozen=True, slots=True)
class SavePurchase(Write):
    """Put a purchase. Condition: its version is one more than the stored one's; only version 1 may be new."""

    purchase: Purchase


@dataclass(frozen=True, slots=True)
class SetCustomer(Write):
    """Put who pays for an owner, by the provider's id of the customer. No condition: the last to pay is meant."""

    owner: Owner
    customer_id: str


@dataclass(frozen=True, slots=True)
class SaveReloadState(Write):
    """Put how far an owner's automatic purchases are. Condition: its version is one more than the stored one's."""

    state: ReloadState


@dataclass(frozen=True, slots=True)
class WatchWallet(Write):
    """Have changes of a row of an owner's wallet looked at, or no more. No condition; leaves the columns alone."""

    owner: Owner
    on: bool
    shard: int = 0
