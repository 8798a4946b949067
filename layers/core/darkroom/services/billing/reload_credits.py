"""Buying credits when they run low, for owners who asked for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.charges import ChargeOutcome
from darkroom.domain.billing.packs import AutoReload, Pack
from darkroom.domain.billing.purchases import Purchase, PurchaseStatus
from darkroom.domain.billing.reload_events import credits_low, reload_over_limit
from darkroom.domain.billing.reload_messages import ReloadMessage
from darkroom.domain.billing.reloads import ReloadState, month_of, next_month, sufficient
from darkroom.domain.ids import derived
from darkroom.domain.writes import RecordEvent, SavePurchase, SaveReloadState, WriteRefused
from darkroom.ports.accounts import Accounts
from darkroom.ports.billing import Payments, Purchases
from darkroom.ports.storage import Store
from darkroom.ports.system import Clock
from darkroom.services.billing.settle_reload import SettleReload


@dataclass(frozen=True, slots=True)
class ReloadCredits:
    """Looks at one owner's balance, and takes whatever steps are due: each once, however many look at once.

    The state is read before the balance, and every step is conditional on that state. A purchase is on record before
    its charge, which is made under the purchase's id as idempotency key: who comes later finishes it.
    """

    store: Store
    accounts: Accounts
    purchases: Purchases
    payments: Payments
    settle: SettleReload
    look_again: Callable[[Owner, datetime], object]
    clock: Clock
    packs: Mapping[str, Pack]

    def handle(self, message: ReloadMessage) -> None:
        """Look now, or send a message on that came before its time.

        Raises
        ------
        Unavailable
        """
        if message.not_before is not None and self.clock.now() < message.not_before:
            self.look_again(message.owner, message.not_before)
        else:
            self(message.owner)

    def __call__(self, owner: Owner) -> None:
        """Do what is due.

        Raises
        ------
        Unavailable
            To be called again: the purchase under way is finished then.
        """
        while True:
            try:
                state = self.purchases.reload_state(owner)
                if state.purchase_id:
                    self._finish(state)
                else:
                    self._look(owner, state)
            except WriteRefused:
                continue  # somebody else took a step: look from there
            return

    def _look(self, owner: Owner, state: ReloadState) -> None:
        settings = self.accounts.auto_reload(owner)
        balance = self.accounts.wallet(owner).balance
        if settings is None or balance >= settings.threshold:
            if state.low:
                self.store.commit(SaveReloadState(state.recovered()))
            return
        if not state.low:
            state = self._cross(state, settings, balance)
        pack = self.packs.get(settings.pack_id)
        if pack is None or state.waits(self.clock.now()) or not self.payments.charges(owner):
            return
        self._begin(state, settings, sufficient(settings, pack, balance))

    def _cross(self, state: ReloadState, settings: AutoReload, balance: int) -> ReloadState:
        crossed, now = state.crossed(), self.clock.now()
        event = credits_low(crossed, settings, balance, now)
        self.store.commit(SaveReloadState(crossed), RecordEvent(event))
        return crossed

    def _begin(self, state: ReloadState, settings: AutoReload, pack: Pack) -> None:
        owner, now = state.owner, self.clock.now()
        if state.cents_in(month_of(now)) + pack.price_cents > settings.limit_cents:
            self._over_limit(state, pack, now)
            return
        purchase_id = derived(owner.key, "reload", str(state.crossings), str(state.attempts))
        purchase = Purchase(purchase_id, owner, pack, now)
        begun = state.begun(purchase_id, pack.price_cents, now)
        self.store.commit(SaveReloadState(begun), SavePurchase(purchase))
        self._finish(begun)

    def _over_limit(self, state: ReloadState, pack: Pack, now: datetime) -> None:
        paused = state.paused(until := next_month(now))
        self.look_again(state.owner, until)
        event = reload_over_limit(paused, pack.credits, pack.price_cents, pack.currency, now)
        self.store.commit(SaveReloadState(paused), RecordEvent(event))

    def _finish(self, state: ReloadState) -> None:
        purchase = self.purchases.get(state.owner, state.purchase_id)
        if purchase is None or purchase.status in (PurchaseStatus.PAID, PurchaseStatus.FAILED):
            self.store.commit(SaveReloadState(state.closed()))
            return
        if purchase.status is PurchaseStatus.PENDING:
            return  # its end is told
        charge = self.payments.charge(purchase, self.purchases.customer(state.owner))
        match charge.outcome:
            case ChargeOutcome.PAID:
                self.settle.paid(purchase, state, charge.payment_id)
            case ChargeOutcome.PENDING:
                self.settle.pending(purchase, charge.payment_id)
            case ChargeOutcome.DECLINED:
                self.settle.declined(purchase, state, charge.reason)
