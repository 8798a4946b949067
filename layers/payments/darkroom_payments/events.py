"""Stripe's events as what they mean. Pure: the signature was verified before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from darkroom.domain.billing.payment_events import CheckoutEvent, CheckoutOutcome, PaymentEvent
from darkroom_payments import metadata

type Json = Mapping[str, Any]


def event(document: Json) -> PaymentEvent | None:
    """What an event says; ``None`` if nothing here waits for its type, or it is about nothing of ours."""
    read = _READERS.get(str(document.get("type")))
    about = (document.get("data") or {}).get("object")
    return read(about) if read and isinstance(about, Mapping) else None


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


_READERS: Mapping[str, Callable[[Json], PaymentEvent | None]] = {
    "checkout.session.completed": _completed,
    "checkout.session.async_payment_succeeded": _succeeded,
    "checkout.session.async_payment_failed": _failed,
}
