"""What a payment provider tells of its payments, once the sender is proven. Repeated, late and in any order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from darkroom.domain.accounts.workspaces import Owner


class CheckoutOutcome(StrEnum):
    """How a checkout stands: the money is in, is on its way, or will not come."""

    PAID = "paid"
    UNPAID = "unpaid"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CheckoutEvent:
    """A buyer finished a checkout, or its delayed payment came or failed.

    ``owner`` and ``purchase_id`` are what the checkout was started with. ``amount`` is in hundredths of ``currency``.
    """

    owner: Owner
    purchase_id: str
    session_id: str
    outcome: CheckoutOutcome
    amount: int
    currency: str
    payment_id: str
    customer_id: str


type PaymentEvent = CheckoutEvent


class SignatureRefused(Exception):
    """What came was not signed by the provider, or too long ago."""
