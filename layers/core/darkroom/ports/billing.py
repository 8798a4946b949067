"""Taking money for credits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Only for signatures: implementations and callers import what they need themselves.
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.billing.payment_events import PaymentEvent
    from darkroom.domain.billing.purchases import Buyer, Checkout, Purchase


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
