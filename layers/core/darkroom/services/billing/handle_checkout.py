"""What becomes of a purchase when its provider tells of its checkout."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.ledger import grant_entry
from darkroom.domain.billing.payment_events import CheckoutEvent, CheckoutOutcome
from darkroom.domain.billing.purchases import Purchase, PurchaseStatus
from darkroom.domain.writes import AppendEntry, GrantCredits, SavePurchase, SetCustomer, Write, WriteRefused
from darkroom.ports.billing import Purchases
from darkroom.ports.storage import Store
from darkroom.ports.system import Clock, Meter
from darkroom.services.billing.metrics import BillingMetric

logger = logging.getLogger(__name__)


class CheckoutResult(StrEnum):
    """What an event changed."""

    GRANTED = "granted"
    NOTED = "noted"
    NOTHING = "nothing"
    UNKNOWN = "unknown"
    MISMATCH = "mismatch"


@dataclass(frozen=True, slots=True)
class HandleCheckout:
    """Grants what was paid for, once for each purchase however often and in whatever order its events come.

    ``granted`` is told whose credits there are more of.
    """

    store: Store
    purchases: Purchases
    clock: Clock
    meter: Meter
    granted: Callable[[Owner], object] = lambda _: None

    def __call__(self, event: CheckoutEvent) -> CheckoutResult:
        """Record what the event says of its purchase.

        Raises
        ------
        Unavailable
            The provider is to send the event again.
        """
        while True:
            purchase = self.purchases.get(event.owner, event.purchase_id)
            if purchase is None or purchase.session_id != event.session_id:
                self.meter.count(BillingMetric.UNKNOWN_PAYMENT)
                return CheckoutResult.UNKNOWN
            if not _changes(purchase, event.outcome):
                return CheckoutResult.NOTHING
            if event.outcome is CheckoutOutcome.PAID and not _is_its_price(purchase, event):
                return self._mismatched(purchase, event)
            try:
                self.store.commit(*self._writes(purchase, event))
            except WriteRefused as refused:
                # Another event of the same purchase came in between: what it left decides.
                if isinstance(refused.write, SavePurchase):
                    continue
                return CheckoutResult.NOTHING
            return self._after(event)

    def _writes(self, purchase: Purchase, event: CheckoutEvent) -> list[Write]:
        now = self.clock.now()
        if event.outcome is CheckoutOutcome.UNPAID:
            return [SavePurchase(purchase.pending(event.payment_id))]
        if event.outcome is CheckoutOutcome.FAILED:
            return [SavePurchase(purchase.failed(event.payment_id))]
        owner, credits = purchase.owner, purchase.pack.credits
        writes: list[Write] = [
            SavePurchase(purchase.paid(event.payment_id, now)),
            GrantCredits(owner, credits),
            AppendEntry(grant_entry(owner, purchase.id, credits, now, purchase.pack.id)),
        ]
        return [*writes, SetCustomer(owner, event.customer_id)] if event.customer_id else writes

    def _after(self, event: CheckoutEvent) -> CheckoutResult:
        if event.outcome is not CheckoutOutcome.PAID:
            return CheckoutResult.NOTED
        self.meter.count(BillingMetric.PURCHASE_PAID)
        self.granted(event.owner)
        return CheckoutResult.GRANTED

    def _mismatched(self, purchase: Purchase, event: CheckoutEvent) -> CheckoutResult:
        self.meter.count(BillingMetric.PAYMENT_MISMATCH)
        logger.error(
            "purchase %s was paid with %s %s and not with %s %s; nothing was granted",
            purchase.id,
            event.amount,
            event.currency,
            purchase.pack.price_cents,
            purchase.pack.currency,
        )
        return CheckoutResult.MISMATCH


def _changes(purchase: Purchase, outcome: CheckoutOutcome) -> bool:
    """Whether an outcome is news: paid is the end, and what comes late does not undo what came after it."""
    match outcome:
        case CheckoutOutcome.PAID:
            return purchase.status is not PurchaseStatus.PAID
        case CheckoutOutcome.FAILED:
            return purchase.status in (PurchaseStatus.OPEN, PurchaseStatus.PENDING)
        case CheckoutOutcome.UNPAID:
            return purchase.status is PurchaseStatus.OPEN


def _is_its_price(purchase: Purchase, event: CheckoutEvent) -> bool:
    pack = purchase.pack
    return (event.amount, event.currency.lower()) == (pack.price_cents, pack.currency)
