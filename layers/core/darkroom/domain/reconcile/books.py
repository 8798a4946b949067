"""What a reconciliation adds up, what it finds, and how it goes on from one turn to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.ledger import LedgerEntry, Wallet

COLUMNS = ("granted", "available", "held", "spent", "expired", "reversed")
MOST_TOLD = 100  # differences that a result names; the others are in the log, and counted


class Discrepancy(StrEnum):
    """What was not as it follows from other rows."""

    WALLET = "wallet"  # a balance is not the sum of its entries
    HOLD = "hold"  # what is held is not what open jobs hold
    CHARGE = "charge"  # a charge is not what was delivered
    USAGE = "usage"  # a day's sums are not those of its facts


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: ``rows`` name what was compared, ``what`` is the column or the sum."""

    kind: Discrepancy
    owner: Owner
    what: str
    expected: int
    found: int
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """How far a run has come. What jobs did is looked at from ``since`` on; balances and holds are of all time.

    ``recounted`` movements were missing in usage and added to it. ``undecided`` wallets moved too fast to be
    compared. Of all ``differences`` found, the first are kept.
    """

    id: str
    since: datetime
    started_at: datetime
    finished_at: datetime | None = None
    owners: int = 0
    entries: int = 0
    jobs: int = 0
    recounted: int = 0
    undecided: int = 0
    found: int = 0
    differences: tuple[Difference, ...] = ()

    def plus(self, differences: Sequence[Difference]) -> Reconciliation:
        """The result with more differences."""
        told = (*self.differences, *differences)[:MOST_TOLD]
        return replace(self, found=self.found + len(differences), differences=told)


@dataclass(frozen=True, slots=True)
class Books:
    """An owner's entries from before ``cutoff``, added up as far as the entry ``after``.

    ``held`` has what each job holds, as far as that is not nothing.
    """

    owner: Owner
    cutoff: datetime
    after: str = ""
    sums: Mapping[str, int] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)

    def plus(self, entries: Sequence[LedgerEntry], after: str) -> Books:
        """The books with more entries. Those from after the cutoff are left out: they may not be all there yet."""
        old = [entry for entry in entries if entry.at < self.cutoff]
        return replace(self, after=after, sums=added(self.sums, old), held=still_held(self.held, old))


@dataclass(frozen=True, slots=True)
class Turn:
    """What the next turn of a run goes on with.

    ``owners`` are still to be looked at, the first of them as far as ``books`` say. ``cursor`` is where the list of
    owners, and after its end that of open jobs, goes on.
    """

    result: Reconciliation
    owners: tuple[Owner, ...] = ()
    books: Books | None = None
    cursor: str | None = None
    all_listed: bool = False


def added(sums: Mapping[str, int], entries: Sequence[LedgerEntry]) -> Mapping[str, int]:
    """The sums with some entries' columns."""
    return {
        column: sums.get(column, 0) + sum(getattr(entry, column) for entry in entries) for column in COLUMNS
    }


def still_held(held: Mapping[str, int], entries: Sequence[LedgerEntry]) -> Mapping[str, int]:
    """What jobs hold after some entries."""
    changed = dict(held)
    for entry in entries:
        if entry.held and entry.job_id is not None:
            changed[entry.job_id] = changed.get(entry.job_id, 0) + entry.held
            if not changed[entry.job_id]:
                del changed[entry.job_id]
    return changed


def differences_of(wallet: Wallet, sums: Mapping[str, int]) -> list[Difference]:
    """Where a wallet is not what its entries add up to. The entries' ``available`` is the wallet's balance."""
    found = {column: getattr(wallet, column) for column in COLUMNS} | {"available": wallet.balance}
    differences = [
        Difference(Discrepancy.WALLET, wallet.owner, column, sums.get(column, 0), found[column])
        for column in COLUMNS
        if sums.get(column, 0) != found[column]
    ]
    if not wallet.balances:
        went = wallet.available + wallet.held + wallet.spent + wallet.expired + wallet.reversed
        differences.append(
            Difference(Discrepancy.WALLET, wallet.owner, "invariant", went, wallet.granted + wallet.owed)
        )
    return differences
