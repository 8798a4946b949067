"""Credits. ``granted + owed = available + held + spent + expired + reversed`` for every wallet, always.

A job holds its full price when it is accepted, at the price of that moment; when it ends, what was delivered is spent
and the rest becomes available again. A payment that is refunded or disputed takes back what it granted: what is no
longer available for that is owed, and until whatever comes in next has paid it, nothing can be spent. Every movement
is an entry whose id follows from its cause, so writing it twice is writing it once, and the entries' columns sum to
the wallet.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from darkroom.domain.accounts.workspaces import UNLIMITED, Feature, Owner

USAGE_DAYS = 30


class EntryKind(StrEnum):
    """What moved the credits."""

    GRANT = "grant"
    HOLD = "hold"
    SETTLE = "settle"
    REFUND = "refund"
    REVERSAL = "reversal"  # the payment of a grant was refunded or disputed
    REINSTATEMENT = "reinstatement"  # a dispute was won
    EXPIRY = "expiry"  # a grant ended before it was spent


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One immutable movement of credits: how much each column of the wallet changed, and why.

    ``available`` is how much the balance changed. Below nothing the balance is what is owed, so the entries' sum is
    the wallet's ``available - owed``.
    """

    id: str
    owner: Owner
    kind: EntryKind
    at: datetime
    granted: int = 0
    available: int = 0
    held: int = 0
    spent: int = 0
    job_id: str | None = None
    note: str = ""
    expired: int = 0
    reversed: int = 0
    expires_at: datetime | None = None  # of a grant that ends

    def __post_init__(self) -> None:
        if self.granted != self.available + self.held + self.spent + self.expired + self.reversed:
            raise ValueError(f"ledger entry {self.id} does not balance")


@dataclass(frozen=True, slots=True)
class Wallet:
    """A workspace's credits in one mode, and how much of each feature it used per day.

    Of ``available`` and ``owed`` one is always nothing: whatever becomes available pays what is owed first.
    ``used`` maps ``(feature, day)`` to outputs accepted on that day; a job's undelivered outputs are taken back
    from the day it was accepted on. ``refunded`` maps a day to the credits given back on it for outputs that had
    been delivered.

    A busy workspace's wallet has ``parts``, a row each, whose sums these are. Jobs are paid from the first ``shards``
    of them; the others only take back what is still held there. Of a wallet that was never spread there are none.
    """

    owner: Owner
    available: int = 0
    held: int = 0
    spent: int = 0
    granted: int = 0
    used: Mapping[tuple[Feature, date], int] = field(default_factory=dict)
    refunded: Mapping[date, int] = field(default_factory=dict)
    owed: int = 0
    expired: int = 0
    reversed: int = 0
    given_back: int = 0  # of what was spent, in all; they are in no other column twice
    shards: int = 1
    parts: tuple[Wallet, ...] = ()
    watched: bool = False

    @property
    def balance(self) -> int:
        """What is available; below nothing, what is owed."""
        return self.available - self.owed

    @property
    def balances(self) -> bool:
        """Whether the columns keep the invariant."""
        went = self.available + self.held + self.spent + self.expired + self.reversed
        return self.granted + self.owed == went

    @property
    def consumed(self) -> int:
        """Everything that was ever charged. Unlike ``spent`` it never falls."""
        return self.spent + self.given_back

    @property
    def remaining(self) -> int:
        """Credits not yet spent. A hold is a reservation and not a charge, so it counts."""
        return max(self.balance + self.held, 0)

    def used_in_window(self, feature: Feature, today: date) -> int:
        """Outputs of ``feature`` accepted in the thirty days that end with ``today``."""
        oldest = today - timedelta(days=USAGE_DAYS - 1)
        return sum(n for (f, day), n in self.used.items() if f is feature and oldest <= day <= today)

    def ceiling_today(self, feature: Feature, allowance: int, today: date, shard: int = 0) -> int:
        """The most that today's counter of a shard may reach under ``allowance``.

        Earlier days no longer grow, and neither do other shards' counters of what a plan limits.
        """
        elsewhere = self.used_in_window(feature, today) - self.part(shard).used.get((feature, today), 0)
        return allowance - elsewhere

    def stale(self, today: date, shard: int = 0) -> tuple[tuple[Feature, date], ...]:
        """A shard's daily counters that have left the window and can be dropped."""
        oldest = today - timedelta(days=USAGE_DAYS - 1)
        return tuple(key for key in self.part(shard).used if key[1] < oldest)

    def part(self, shard: int) -> Wallet:
        """One row of the wallet."""
        return self.parts[shard] if self.parts else self

    def shard_for(self, credits: int, allowance: int, key: str) -> int | None:
        """The shard to take credits from: by ``key``, one of those that have enough; ``None`` if none has.

        What a plan limits is counted in one place, so that the limit is exact, and paid from there.
        """
        if not self.parts or not credits:
            return 0
        paid_from = self.parts[: 1 if allowance < UNLIMITED else self.shards]
        enough = [shard for shard, part in enumerate(paid_from) if part.balance >= credits]
        return enough[zlib.crc32(key.encode()) % len(enough)] if enough else None


def whole(parts: Sequence[Wallet]) -> Wallet:
    """A wallet from its rows, the first one first."""
    first = parts[0]
    if len(parts) == 1:
        return first
    balance = sum(part.balance for part in parts)
    used: dict[tuple[Feature, date], int] = {}
    refunded: dict[date, int] = {}
    for part in parts:
        for counter, units in part.used.items():
            used[counter] = used.get(counter, 0) + units
        for day, credits in part.refunded.items():
            refunded[day] = refunded.get(day, 0) + credits
    return replace(
        first,
        available=max(balance, 0),
        owed=max(-balance, 0),
        used=used,
        refunded=refunded,
        parts=tuple(parts),
        **{column: sum(getattr(part, column) for part in parts) for column in _SUMMED},
    )


_SUMMED = ("held", "spent", "granted", "expired", "reversed", "given_back")


def hold_entry(owner: Owner, job_id: str, credits: int, at: datetime) -> LedgerEntry:
    """The entry for reserving ``credits`` for a job."""
    return LedgerEntry(
        hold_entry_id(job_id), owner, EntryKind.HOLD, at, available=-credits, held=credits, job_id=job_id
    )


def hold_entry_id(job_id: str) -> str:
    """The id of the entry for reserving a job's credits."""
    return f"{job_id}#hold"


def settle_entry_id(job_id: str) -> str:
    """The id of the entry for ending a job."""
    return f"{job_id}#settle"


def late_entry_id(job_id: str) -> str:
    """The id of the entry for paying for a job's late work."""
    return f"{job_id}#late"


def refund_entry_id(job_id: str) -> str:
    """The id of the entry for giving back what was spent on a job."""
    return f"{job_id}#refund"


def settle_entry(owner: Owner, job_id: str, *, held: int, charged: int, at: datetime) -> LedgerEntry:
    """The entry for ending a job: ``charged`` of ``held`` is spent, the rest is released."""
    if not 0 <= charged <= held:
        raise ValueError(f"job {job_id} would settle {charged} of {held} held credits")
    return LedgerEntry(
        settle_entry_id(job_id),
        owner,
        EntryKind.SETTLE,
        at,
        available=held - charged,
        held=-held,
        spent=charged,
        job_id=job_id,
    )


def late_entry(owner: Owner, job_id: str, credits: int, at: datetime) -> LedgerEntry:
    """The entry for paying for what a vendor finished after its job was refunded. It is paid for once."""
    return LedgerEntry(
        late_entry_id(job_id),
        owner,
        EntryKind.SETTLE,
        at,
        available=-credits,
        spent=credits,
        job_id=job_id,
    )


def refund_entry(owner: Owner, job_id: str, credits: int, at: datetime) -> LedgerEntry:
    """The entry for giving back what was spent on a job. Its id follows from the job, so it is given back once."""
    if credits <= 0:
        raise ValueError("a refund is positive")
    return LedgerEntry(
        refund_entry_id(job_id),
        owner,
        EntryKind.REFUND,
        at,
        available=credits,
        spent=-credits,
        job_id=job_id,
    )


def reversal_entry(owner: Owner, cause: str, credits: int, at: datetime, note: str = "") -> LedgerEntry:
    """The entry for taking back what a payment granted; ``cause`` names the refund or dispute that does, once."""
    if credits <= 0:
        raise ValueError("a reversal is positive")
    return LedgerEntry(
        reversal_id(cause), owner, EntryKind.REVERSAL, at, available=-credits, reversed=credits, note=note
    )


def reversal_id(cause: str) -> str:
    """The id of the entry by which ``cause`` took credits back."""
    return f"{cause}#reversal"


def reinstatement_entry(reversal: LedgerEntry, cause: str, at: datetime, note: str = "") -> LedgerEntry:
    """The entry for giving back what a reversal of that cause took."""
    return LedgerEntry(
        f"{cause}#reinstatement",
        reversal.owner,
        EntryKind.REINSTATEMENT,
        at,
        available=-reversal.available,
        reversed=-reversal.reversed,
        note=note,
    )


def expiry_entry(owner: Owner, cause: str, credits: int, at: datetime, *, before: int = 0) -> LedgerEntry:
    """The entry for what was left when the grant of ``cause`` ended.

    What jobs held at that time and gave back later expires later: ``before`` is how much of the grant had.
    """
    again = f"#{before}" if before else ""
    return LedgerEntry(
        f"{cause}#expiry{again}", owner, EntryKind.EXPIRY, at, available=-credits, expired=credits
    )


def grant_entry(
    owner: Owner,
    cause: str,
    credits: int,
    at: datetime,
    note: str = "",
    *,
    expires_at: datetime | None = None,
) -> LedgerEntry:
    """The entry for new credits; ``cause`` names what granted them, once."""
    if credits <= 0:
        raise ValueError("a grant is positive")
    return LedgerEntry(
        f"{cause}#grant",
        owner,
        EntryKind.GRANT,
        at,
        granted=credits,
        available=credits,
        note=note,
        expires_at=expires_at,
    )


def next_reset(now: datetime) -> datetime:
    """When the allowance is shown to reset: the first instant of next month, UTC.

    It is a date to show, as the contract's example has it. The window itself rolls day by day: a use of one day
    leaves it thirty days later.
    """
    year, month = divmod(now.year * 12 + now.month, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)
