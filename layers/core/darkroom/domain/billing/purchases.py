"""One purchase of a pack, from its checkout to its payment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.packs import Pack

# A checkout that nobody finished is forgotten; the provider's own page is closed a day after it was opened.
UNFINISHED_KEPT = timedelta(days=30)


class PurchaseStatus(StrEnum):
    """How far a purchase is. A delayed method (a bank debit) is ``pending`` for days before it is paid or fails."""

    OPEN = "open"
    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"


class DisputeStatus(StrEnum):
    """How a dispute stands: the buyer's bank has the money, or it was decided for the seller or against."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Purchase:
    """One purchase. Paying it grants the pack's credits once, with ``id`` as the cause.

    ``pack`` is what was bought at the price of that moment. ``session_id`` and ``payment_id`` are the provider's ids
    of the checkout and of the payment. ``refunded_cents`` of the price were given back in all; ``disputes`` are by
    the provider's ids, and ``taken`` are the credits that each refund and dispute took. ``version`` counts changes.
    """

    id: str
    owner: Owner
    pack: Pack
    created_at: datetime
    status: PurchaseStatus = PurchaseStatus.OPEN
    session_id: str = ""
    payment_id: str = ""
    paid_at: datetime | None = None
    refunded_cents: int = 0
    disputes: Mapping[str, DisputeStatus] = field(default_factory=dict)
    taken: Mapping[str, int] = field(default_factory=dict)
    version: int = 1

    @property
    def kept_until(self) -> datetime | None:
        """When a purchase that came to nothing is forgotten; one that came to something never is."""
        return self.created_at + UNFINISHED_KEPT if self.status is PurchaseStatus.OPEN else None

    def pending(self, payment_id: str) -> Purchase:
        """The purchase once the buyer did all there is to do and the money is on its way."""
        return self._changed(PurchaseStatus.PENDING, payment_id)

    def paid(self, payment_id: str, now: datetime) -> Purchase:
        """The purchase with its money in."""
        return replace(self._changed(PurchaseStatus.PAID, payment_id), paid_at=now)

    def failed(self, payment_id: str) -> Purchase:
        """The purchase whose money never came."""
        return self._changed(PurchaseStatus.FAILED, payment_id)

    def refunded(self, cents: int) -> tuple[Purchase, int]:
        """The purchase of whose price ``cents`` were given back in all, and the credits to take for what is new."""
        due = self._worth(cents) - self._worth(self.refunded_cents)
        return self._took(self.refund_cause(cents), due, refunded_cents=cents)

    def disputed(self, dispute_id: str, cents: int, status: DisputeStatus) -> tuple[Purchase, int]:
        """The purchase with a dispute it did not know of, and the credits to take for it."""
        due = 0 if status is DisputeStatus.WON else self._worth(cents)
        return self._took(dispute_id, due, disputes={**self.disputes, dispute_id: status})

    def decided(self, dispute_id: str, status: DisputeStatus) -> Purchase:
        """The purchase after a dispute was decided; what one took that is won is given back."""
        won = status is DisputeStatus.WON
        taken = {cause: n for cause, n in self.taken.items() if not (won and cause == dispute_id)}
        disputes = {**self.disputes, dispute_id: status}
        return replace(self, disputes=disputes, taken=taken, version=self.version + 1)

    def refund_cause(self, cents: int) -> str:
        """What the reversal of a refund is booked under: the sum says which of several it is."""
        return f"{self.id}#refunded-{cents}"

    def _worth(self, cents: int) -> int:
        """The credits that a part of the price bought, in whole ones; all for all of it."""
        return self.pack.credits * min(cents, self.pack.price_cents) // self.pack.price_cents

    def _took(self, cause: str, due: int, **changes: Any) -> tuple[Purchase, int]:
        """Never more than was granted, whatever is refunded and disputed."""
        credits = min(due, self.pack.credits - sum(self.taken.values()))
        taken = {**self.taken, cause: credits} if credits else self.taken
        return replace(self, taken=taken, version=self.version + 1, **changes), credits

    def _changed(self, status: PurchaseStatus, payment_id: str) -> Purchase:
        return replace(
            self, status=status, payment_id=payment_id or self.payment_id, version=self.version + 1
        )


@dataclass(frozen=True, slots=True)
class Checkout:
    """A page where a purchase is paid: its address, and the provider's id of it."""

    url: str
    session_id: str


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who pays: the provider's customer, empty before the first payment, and the address for the receipt."""

    customer_id: str = ""
    email: str | None = None
