"""One purchase of a pack, from its checkout to its payment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Purchase:
    """One purchase. Paying it grants the pack's credits once, with ``id`` as the cause.

    ``pack`` is what was bought at the price of that moment. ``session_id`` and ``payment_id`` are the provider's ids
    of the checkout and of the payment. ``version`` counts its changes.
    """

    id: str
    owner: Owner
    pack: Pack
    created_at: datetime
    status: PurchaseStatus = PurchaseStatus.OPEN
    session_id: str = ""
    payment_id: str = ""
    paid_at: datetime | None = None
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
