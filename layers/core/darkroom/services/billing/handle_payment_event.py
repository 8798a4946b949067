"""What a payment provider tells, handed to what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.billing.payment_events import (
    CheckoutEvent,
    DisputeEvent,
    PaymentEvent,
    RefundEvent,
    ReloadEvent,
)
from darkroom.domain.writes import WriteRefused
from darkroom.services.billing.handle_checkout import HandleCheckout
from darkroom.services.billing.settle_reload import SettleReload
from darkroom.services.billing.take_back import TakeBack


@dataclass(frozen=True, slots=True)
class HandlePaymentEvent:
    """Handles every event of payments."""

    checkout: HandleCheckout
    take_back: TakeBack
    settle_reload: SettleReload

    def __call__(self, event: PaymentEvent) -> str:
        """Record what the event says; returns what it changed, for the log.

        Raises
        ------
        Unavailable
            The provider is to send the event again.
        """
        match event:
            case CheckoutEvent():
                return self.checkout(event).value
            case RefundEvent():
                return self.take_back.refunded(event).value
            case DisputeEvent():
                return self.take_back.disputed(event).value
            case ReloadEvent():
                return "settled" if self._reloaded(event) else "nothing"

    def _reloaded(self, event: ReloadEvent) -> bool:
        while True:
            try:
                return self.settle_reload.told(event.payment, is_paid=event.is_paid)
            except WriteRefused:
                continue  # the worker took a step in between
