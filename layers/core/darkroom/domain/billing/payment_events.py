"""What a payment provider tells of its payments, once the sender is proven. Repeated, late and in any order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.purchases import DisputeStatus


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


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came in for a purchase. ``amount`` is in hundredths of ``currency``."""

    owner: Owner
    purchase_id: str
    id: str
    amount: int
    currency: str
    customer_id: str


@dataclass(frozen=True, slots=True)
class RefundEvent:
    """``refunded`` hundredths of a payment were given back, in all."""

    payment: Payment
    refunded: int


@dataclass(frozen=True, slots=True)
class DisputeEvent:
    """A buyer's bank took ``amount`` hundredths of a payment back, or it was decided who is right."""

    payment: Payment
    dispute_id: str
    amount: int
    status: DisputeStatus


@dataclass(frozen=True, slots=True)
class ReloadEvent:
    """An automatic purchase was paid, or its payment failed."""

    payment: Payment
    is_paid: bool


type PaymentEvent = CheckoutEvent | RefundEvent | DisputeEvent | ReloadEvent


class SignatureRefused(Exception):
    """What came was not signed by the provider, or too long ago."""
