"""A payment provider in memory, and the reader of purchases."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.payment_events import (
    CheckoutEvent,
    CheckoutOutcome,
    Payment,
    PaymentEvent,
    RefundEvent,
    SignatureRefused,
)
from darkroom.domain.billing.purchases import Buyer, Checkout, Purchase
from darkroom.domain.errors import Unavailable
from tests.fakes.memory import Memory

SIGNATURE = "signed by the fake"


@dataclass
class FakePayments:
    """Starts checkouts and keeps them. ``down`` makes it unavailable, ``real_money`` refuse test mode."""

    started: list[tuple[Purchase, Buyer]] = field(default_factory=list)
    down: bool = False
    real_money: bool = True

    def takes(self, owner: Owner) -> bool:
        return owner.livemode or not self.real_money

    def checkout(self, purchase: Purchase, buyer: Buyer) -> Checkout:
        if self.down:
            raise Unavailable("The payment service does not answer.")
        self.started.append((purchase, buyer))
        session_id = f"cs_{len(self.started)}"
        return Checkout(f"https://checkout.test/pay/{session_id}", session_id)

    def event(self, body: bytes, signature: str) -> PaymentEvent | None:
        if signature != SIGNATURE:
            raise SignatureRefused
        told = json.loads(body)
        if not told:
            return None
        if "payment" in told:
            payment = Payment(owner=Owner(**told["payment"].pop("owner")), **told.pop("payment"))
            return RefundEvent(payment, **told)
        owner = Owner(**told.pop("owner"))
        return CheckoutEvent(owner=owner, outcome=CheckoutOutcome(told.pop("outcome")), **told)

    def payment(self, number: int = -1, **changes: object) -> Payment:
        """The payment of a checkout that was started, the last one unless another is meant."""
        event = self.outcome(number=number)
        told: dict[str, object] = {
            "owner": event.owner,
            "purchase_id": event.purchase_id,
            "id": event.payment_id,
            "amount": event.amount,
            "currency": event.currency,
            "customer_id": event.customer_id,
        }
        return Payment(**{**told, **changes})  # type: ignore[arg-type]

    def outcome(
        self, outcome: CheckoutOutcome = CheckoutOutcome.PAID, number: int = -1, **changes: object
    ) -> CheckoutEvent:
        """What is told of a checkout that was started, the last one unless another is meant."""
        purchase, _ = self.started[number]
        place = number % len(self.started) + 1
        told: dict[str, object] = {
            "owner": purchase.owner,
            "purchase_id": purchase.id,
            "session_id": f"cs_{place}",
            "outcome": outcome,
            "amount": purchase.pack.price_cents,
            "currency": purchase.pack.currency,
            "payment_id": f"pi_{place}",
            "customer_id": "cus_1",
        }
        return CheckoutEvent(**{**told, **changes})  # type: ignore[arg-type]


def sent(event: PaymentEvent | None) -> bytes:
    """An event as the fake's own message."""
    return json.dumps(asdict(event) if event else None).encode()


class FakePurchases:
    """Reads a :class:`Memory`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def get(self, owner: Owner, purchase_id: str) -> Purchase | None:
        return self._memory.purchases.get((owner, purchase_id))

    def customer(self, owner: Owner) -> str:
        return self._memory.customers.get(owner, "")
