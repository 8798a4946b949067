"""What becomes of a purchase when its money is given back, or a buyer's bank takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from darkroom.domain.billing.payment_events import (
    CheckoutEvent,
    CheckoutOutcome,
    DisputeEvent,
    Payment,
    RefundEvent,
)
from darkroom.domain.billing.purchases import DisputeStatus, Purchase, PurchaseStatus
from darkroom.domain.writes import SavePurchase, WriteRefused
from darkroom.ports.billing import Purchases
from darkroom.ports.storage import Store
from darkroom.ports.system import Meter
from darkroom.services.billing.handle_checkout import HandleCheckout
from darkroom.services.billing.metrics import BillingMetric
from darkroom.services.billing.reverse_payment import ReversePayment


class TakeBackResult(StrEnum):
    """What an event changed."""

    TAKEN = "taken"
    GIVEN_BACK = "given back"
    NOTED = "noted"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Takes back what refunded and disputed payments granted, and gives back what a dispute took that is won.

    A refund that is told before its payment proves the payment too: that is granted first. Refunds are told by their
    sum, so one that comes late changes nothing; a dispute's end that comes before its beginning is kept.
    """

    store: Store
    purchases: Purchases
    meter: Meter
    handle_checkout: HandleCheckout
    reverse: ReversePayment

    def refunded(self, event: RefundEvent) -> TakeBackResult:
        """Take what the money that was given back had bought.

        Raises
        ------
        Unavailable
            The provider is to send the event again.
        """
        return self._until_settled(event.payment, lambda purchase: self._refund(purchase, event))

    def disputed(self, event: DisputeEvent) -> TakeBackResult:
        """Take what the disputed money had bought, or give it back.

        Raises
        ------
        Unavailable
            The provider is to send the event again.
        """
        return self._until_settled(event.payment, lambda purchase: self._dispute(purchase, event))

    def _until_settled(
        self, payment: Payment, change: Callable[[Purchase], TakeBackResult]
    ) -> TakeBackResult:
        while True:
            purchase = self._granted(payment)
            if purchase is None:
                return TakeBackResult.UNKNOWN
            try:
                return change(purchase)
            except WriteRefused as refused:
                # Another event of the same purchase came in between: what it left decides.
                if not isinstance(refused.write, SavePurchase):
                    raise

    def _granted(self, payment: Payment) -> Purchase | None:
        """The purchase of a payment, granted; ``None`` if there is none, or it never was what was agreed."""
        purchase = self.purchases.get(payment.owner, payment.purchase_id)
        if purchase is None:
            self.meter.count(BillingMetric.UNKNOWN_PAYMENT)
            return None
        if purchase.status is not PurchaseStatus.PAID:
            self.handle_checkout(_as_paid(purchase, payment))
            purchase = self.purchases.get(payment.owner, payment.purchase_id)
        is_paid = purchase is not None and purchase.status is PurchaseStatus.PAID
        return purchase if is_paid else None

    def _refund(self, purchase: Purchase, event: RefundEvent) -> TakeBackResult:
        if event.refunded <= purchase.refunded_cents:
            return TakeBackResult.NOTHING
        changed, credits = purchase.refunded(event.refunded)
        return self._take(changed, credits, purchase.refund_cause(event.refunded), "refund")

    def _dispute(self, purchase: Purchase, event: DisputeEvent) -> TakeBackResult:
        known = purchase.disputes.get(event.dispute_id)
        if known is None:
            changed, credits = purchase.disputed(event.dispute_id, event.amount, event.status)
            return self._take(changed, credits, event.dispute_id, "dispute")
        if known != DisputeStatus.OPEN or event.status == DisputeStatus.OPEN:
            return TakeBackResult.NOTHING
        changed = purchase.decided(event.dispute_id, event.status)
        if event.status == DisputeStatus.LOST or event.dispute_id not in purchase.taken:
            self.store.commit(SavePurchase(changed))
            return TakeBackResult.NOTED
        also = (SavePurchase(changed),)
        self.reverse.reinstate(purchase.owner, cause=event.dispute_id, note="dispute won", also=also)
        return TakeBackResult.GIVEN_BACK

    def _take(self, changed: Purchase, credits: int, cause: str, note: str) -> TakeBackResult:
        if not credits:
            self.store.commit(SavePurchase(changed))
            return TakeBackResult.NOTED
        if not self.reverse(changed.owner, credits, cause=cause, note=note, also=(SavePurchase(changed),)):
            return TakeBackResult.NOTHING
        self.meter.count(BillingMetric.PAYMENT_REVERSED)
        return TakeBackResult.TAKEN


def _as_paid(purchase: Purchase, payment: Payment) -> CheckoutEvent:
    return CheckoutEvent(
        payment.owner,
        payment.purchase_id,
        session_id=purchase.session_id,
        outcome=CheckoutOutcome.PAID,
        amount=payment.amount,
        currency=payment.currency,
        payment_id=payment.id,
        customer_id=payment.customer_id,
    )
