"""A payment provider in memory, and the reader of purchases."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass, field, replace

from darkroom.adapters import sqs_reloads as wire
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.charges import NO_PAYMENT_METHOD, Charge, ChargeOutcome
from darkroom.domain.billing.payment_events import (
    CheckoutEvent,
    CheckoutOutcome,
    Payment,
    PaymentEvent,
    RefundEvent,
    SignatureRefused,
)
from darkroom.domain.billing.purchases import Buyer, Checkout, Purchase
from darkroom.domain.billing.reload_messages import ReloadMessage
from darkroom.domain.billing.reloads import ReloadState
from darkroom.domain.errors import Unavailable
from tests.fakes.memory import Memory

SIGNATURE = "signed by the fake"


@dataclass
class FakePayments:
    """Starts checkouts and keeps them. ``down`` makes it unavailable, ``real_money`` refuse test mode."""

    started: list[tuple[Purchase, Buyer]] = field(default_factory=list)
    down: bool = False
    real_money: bool = True
    sells: bool = True
    charged: dict[str, tuple[Purchase, Charge]] = field(default_factory=dict)
    answers: list[Charge | Exception] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def takes(self, owner: Owner) -> bool:
        return owner.livemode or not self.real_money

    def checkout(self, purchase: Purchase, buyer: Buyer) -> Checkout:
        if self.down:
            raise Unavailable("The payment service does not answer.")
        self.started.append((purchase, buyer))
        session_id = f"cs_{len(self.started)}"
        return Checkout(f"https://checkout.test/pay/{session_id}", session_id)

    def charges(self, owner: Owner) -> bool:
        return self.sells and self.takes(owner)

    def charge(self, purchase: Purchase, customer_id: str) -> Charge:
        """The same purchase again is the same charge. What ``answers`` holds comes first, an exception raised."""
        with self.lock:
            if purchase.id in self.charged:
                return self.charged[purchase.id][1]
            if not customer_id:
                return Charge(ChargeOutcome.DECLINED, reason=NO_PAYMENT_METHOD)
            answer = self.answers.pop(0) if self.answers else Charge(ChargeOutcome.PAID)
            if isinstance(answer, Exception):
                raise answer
            made = replace(answer, payment_id=f"pi_{len(self.charged) + 100}")
            self.charged[purchase.id] = purchase, made
            return made

    def paid_by_itself(self, purchase: Purchase, charge: Charge, **changes: object) -> Payment:
        """The payment of an automatic purchase."""
        told: dict[str, object] = {
            "owner": purchase.owner,
            "purchase_id": purchase.id,
            "id": charge.payment_id,
            "amount": purchase.pack.price_cents,
            "currency": purchase.pack.currency,
            "customer_id": "cus_1",
        }
        return Payment(**{**told, **changes})  # type: ignore[arg-type]

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

    def reload_state(self, owner: Owner) -> ReloadState:
        return self._memory.reload_states.get(owner, ReloadState(owner))


class FakeReloadQueue:
    """Keeps what was sent, with its delay, as it would arrive."""

    def __init__(self) -> None:
        self.sent: list[tuple[ReloadMessage, int]] = []

    def send(self, message: ReloadMessage, *, delay_seconds: int = 0) -> None:
        if not 0 <= delay_seconds <= 900:
            raise ValueError(f"a delay of {delay_seconds} seconds is not possible")
        self.sent.append((wire.reload_from_json(wire.reload_to_json(message)), delay_seconds))
