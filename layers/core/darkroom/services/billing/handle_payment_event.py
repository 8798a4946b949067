"""What a payment provider tells, handed to what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.billing.payment_events import CheckoutEvent, DisputeEvent, PaymentEvent, RefundEvent
from darkroom.services.billing.handle_checkout import HandleCheckout
from darkroom.services.billing.take_back import TakeBack


@dataclass(frozen=True, slots=True)
class HandlePaymentEvent:
    """Handles every event of payments."""

    checkout: HandleCheckout
    take_back: TakeBack

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
