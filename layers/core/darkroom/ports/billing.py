"""Taking money for credits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Only for signatures: implementations and callers import what they need themselves.
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.billing.charges import Charge
    from darkroom.domain.billing.payment_events import PaymentEvent
    from darkroom.domain.billing.purchases import Buyer, Checkout, Purchase
    from darkroom.domain.billing.reload_messages import ReloadMessage
    from darkroom.domain.billing.reloads import ReloadState


class Payments(Protocol):
    """Takes money for credits."""

    def takes(self, owner: Owner) -> bool:
        """Whether the owner may buy: real money buys nothing for test mode.

        Raises
        ------
        Unavailable
            This stack sells nothing.
        """
        ...

    def checkout(self, purchase: Purchase, buyer: Buyer) -> Checkout:
        """Start a checkout; its page asks for the purchase's price.

        The provider keeps the payment method, for purchases that the buyer has asked to be made automatically.

        Raises
        ------
        Unavailable
            The payment service does not answer, or refuses us.
        """
        ...

    def charges(self, owner: Owner) -> bool:
        """Whether this stack charges the owner's payment method when credits run low."""
        ...

    def charge(self, purchase: Purchase, customer_id: str) -> Charge:
        """Charge the payment method that a customer left, for a purchase nobody sees a page of.

        The same purchase again is the same charge. A customer who left none is declined.

        Raises
        ------
        Unavailable
            Whether it was charged is not known: ask again.
        """
        ...

    def event(self, body: bytes, signature: str) -> PaymentEvent | None:
        """What the provider's message says; ``None`` if it is about nothing of ours.

        Raises
        ------
        SignatureRefused
        Unavailable
            What it is verified with could not be had.
        """
        ...


class Purchases(Protocol):
    """Reads of purchases and of who pays for them."""

    def get(self, owner: Owner, purchase_id: str) -> Purchase | None: ...

    def customer(self, owner: Owner) -> str:
        """The provider's id of the customer that paid for the owner last; empty before the first payment."""
        ...

    def reload_state(self, owner: Owner) -> ReloadState:
        """How far the owner's automatic purchases are; a new one if there were none."""
        ...


class ReloadQueue(Protocol):
    """Sends messages to the worker that buys credits automatically."""

    def send(self, message: ReloadMessage, *, delay_seconds: int = 0) -> None: ...
