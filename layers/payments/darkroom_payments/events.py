"""Stripe's events as what they mean. Pure: the signature was verified before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from darkroom.domain.billing.payment_events import (
    CheckoutEvent,
    CheckoutOutcome,
    DisputeEvent,
    Payment,
    PaymentEvent,
    RefundEvent,
    ReloadEvent,
)
from darkroom.domain.billing.purchases import DisputeStatus
from darkroom_payments import metadata

type Json = Mapping[str, Any]


def event(document: Json, payment_intent: Callable[[str], Json]) -> PaymentEvent | None:
    """What an event says; ``None`` if nothing here waits for its type, or it is about nothing of ours.

    ``payment_intent`` looks one up at Stripe: a dispute does not say what its payment was for.
    """
    about = (document.get("data") or {}).get("object")
    if not isinstance(about, Mapping):
        return None
    kind = document.get("type")
    if kind in _DISPUTES:
        return _dispute(about, payment_intent)
    read = _READERS.get(str(kind))
    return read(about) if read else None


def _completed(session: Json) -> PaymentEvent | None:
    """The buyer is done. Only a method that pays at once has paid by now."""
    is_paid = session.get("payment_status") == "paid"
    return _checkout(session, CheckoutOutcome.PAID if is_paid else CheckoutOutcome.UNPAID)


def _succeeded(session: Json) -> PaymentEvent | None:
    is_paid = session.get("payment_status") == "paid"
    return _checkout(session, CheckoutOutcome.PAID) if is_paid else None


def _failed(session: Json) -> PaymentEvent | None:
    return _checkout(session, CheckoutOutcome.FAILED)


def _checkout(session: Json, outcome: CheckoutOutcome) -> PaymentEvent | None:
    ours = metadata.read(session.get("metadata") or {})
    if ours is None:
        return None
    owner, purchase_id = ours
    return CheckoutEvent(
        owner,
        purchase_id,
        session_id=str(session["id"]),
        outcome=outcome,
        amount=session.get("amount_total") or 0,
        currency=session.get("currency") or "",
        payment_id=session.get("payment_intent") or "",
        customer_id=session.get("customer") or "",
    )


def _refunded(charge: Json) -> PaymentEvent | None:
    payment = _payment(charge, charge.get("payment_intent") or "")
    return RefundEvent(payment, charge.get("amount_refunded") or 0) if payment else None


def _dispute(dispute: Json, payment_intent: Callable[[str], Json]) -> PaymentEvent | None:
    """Of an inquiry no money is taken, so it says nothing."""
    status = _STATUSES.get(str(dispute.get("status")), DisputeStatus.OPEN)
    of = dispute.get("payment_intent")
    if str(dispute.get("status")).startswith("warning_") or not of:
        return None
    payment = _payment(payment_intent(of), of)
    return DisputeEvent(payment, str(dispute["id"]), dispute.get("amount") or 0, status) if payment else None


def _succeeded_by_itself(intent: Json) -> PaymentEvent | None:
    return _automatic(intent, is_paid=True)


def _failed_by_itself(intent: Json) -> PaymentEvent | None:
    return _automatic(intent, is_paid=False)


def _automatic(intent: Json, *, is_paid: bool) -> PaymentEvent | None:
    """A payment that a buyer made on a page is told of with the page."""
    if not metadata.is_automatic(intent.get("metadata") or {}):
        return None
    payment = _payment(intent, str(intent["id"]))
    return ReloadEvent(payment, is_paid) if payment else None


def _payment(about: Json, payment_id: str) -> Payment | None:
    ours = metadata.read(about.get("metadata") or {})
    if ours is None:
        return None
    owner, purchase_id = ours
    return Payment(
        owner,
        purchase_id,
        payment_id,
        amount=about.get("amount") or 0,
        currency=about.get("currency") or "",
        customer_id=about.get("customer") or "",
    )


_DISPUTES = ("charge.dispute.created", "charge.dispute.closed")
_STATUSES: Mapping[str, DisputeStatus] = {"won": DisputeStatus.WON, "lost": DisputeStatus.LOST}
_READERS: Mapping[str, Callable[[Json], PaymentEvent | None]] = {
    "checkout.session.completed": _completed,
    "checkout.session.async_payment_succeeded": _succeeded,
    "checkout.session.async_payment_failed": _failed,
    "charge.refunded": _refunded,
    "payment_intent.succeeded": _succeeded_by_itself,
    "payment_intent.payment_failed": _failed_by_itself,
}
