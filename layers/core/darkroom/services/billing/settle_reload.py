"""What becomes of an automatic purchase that was paid, declined, or takes its time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.ledger import grant_entry
from darkroom.domain.billing.payment_events import Payment
from darkroom.domain.billing.purchases import Purchase, PurchaseStatus
from darkroom.domain.billing.reload_events import credits_reloaded, reload_declined
from darkroom.domain.billing.reloads import ReloadState
from darkroom.domain.writes import (
    AppendEntry,
    GrantCredits,
    RecordEvent,
    SavePurchase,
    SaveReloadState,
    SetAutoReload,
    Write,
)
from darkroom.ports.accounts import Accounts
from darkroom.ports.billing import Purchases
from darkroom.ports.storage import Store
from darkroom.ports.system import Clock, Meter
from darkroom.services.billing.metrics import BillingMetric
from darkroom.services.billing.watch_wallet import watching


@dataclass(frozen=True, slots=True)
class SettleReload:
    """Ends automatic purchases, each once. ``granted`` is told whose credits there are more of.

    ``look_again`` has an owner looked at later. It comes before what it is for is stored: one look too many is
    harmless, and a worker that dies in between must not be the end of it. Every method may raise
    ``WriteRefused``: something else ended the purchase, or took a step, in between.
    """

    store: Store
    accounts: Accounts
    purchases: Purchases
    clock: Clock
    meter: Meter
    look_again: Callable[[Owner, datetime], object]
    granted: Callable[[Owner], object] = lambda _: None

    def paid(self, purchase: Purchase, state: ReloadState, payment_id: str) -> None:
        """Grant what was paid for."""
        owner, credits, now = purchase.owner, purchase.pack.credits, self.clock.now()
        self.store.commit(
            SavePurchase(purchase.paid(payment_id, now)),
            GrantCredits(owner, credits),
            AppendEntry(grant_entry(owner, purchase.id, credits, now, purchase.pack.id)),
            *_of(state, purchase, state.paid()),
            RecordEvent(credits_reloaded(purchase, now)),
        )
        self.meter.count(BillingMetric.RELOADED)
        self.granted(owner)

    def pending(self, purchase: Purchase, payment_id: str) -> None:
        """Note that the money is on its way: until it is known, nothing else is begun."""
        self.store.commit(SavePurchase(purchase.pending(payment_id)))

    def declined(self, purchase: Purchase, state: ReloadState, reason: str) -> None:
        """Have the next try wait; after the second in a row switch auto-reload off. The owner is told either way."""
        owner, now = purchase.owner, self.clock.now()
        after = state.declined(purchase.pack.price_cents, now)
        if after.wait_until and not after.is_given_up:
            self.look_again(owner, after.wait_until)
        off = self._off(owner) if after.is_given_up else []
        self.store.commit(
            SavePurchase(purchase.failed("")),
            *_of(state, purchase, after),
            *off,
            RecordEvent(reload_declined(purchase, after, reason, now)),
        )
        self.meter.count(BillingMetric.RELOAD_DECLINED)

    def told(self, payment: Payment, *, is_paid: bool) -> bool:
        """End a purchase as its provider tells of it later; returns whether this call did.

        Returns false for what is ended already, or was no automatic purchase.
        """
        state = self.purchases.reload_state(payment.owner)
        purchase = self.purchases.get(payment.owner, payment.purchase_id)
        if purchase is None or purchase.session_id or purchase.status is PurchaseStatus.PAID:
            return False
        if is_paid:
            if (payment.amount, payment.currency) != (purchase.pack.price_cents, purchase.pack.currency):
                self.meter.count(BillingMetric.PAYMENT_MISMATCH)
                return False
            self.paid(purchase, state, payment.id)
        elif purchase.status is PurchaseStatus.PENDING:
            self.declined(purchase, state, "payment_failed")
        else:
            return False
        return True

    def _off(self, owner: Owner) -> list[Write]:
        return [SetAutoReload(owner, None), *watching(self.accounts, owner, on=False)]


def _of(state: ReloadState, purchase: Purchase, after: ReloadState) -> list[Write]:
    """The step of the state, if the purchase is the one it has under way."""
    return [SaveReloadState(after)] if state.purchase_id == purchase.id else []
