"""A stack that sells nothing."""

from __future__ import annotations

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.charges import Charge
from darkroom.domain.billing.payment_events import PaymentEvent, SignatureRefused
from darkroom.domain.billing.purchases import Buyer, Checkout, Purchase
from darkroom.domain.errors import Unavailable


class NoPayments:
    """Stands where no payment provider is configured."""

    def takes(self, owner: Owner) -> bool:  # noqa: ARG002 - the port's, as all here
        raise _nothing_is_sold()

    def checkout(self, purchase: Purchase, buyer: Buyer) -> Checkout:  # noqa: ARG002
        raise _nothing_is_sold()

    def charges(self, owner: Owner) -> bool:  # noqa: ARG002
        return False

    def charge(self, purchase: Purchase, customer_id: str) -> Charge:  # noqa: ARG002
        raise _nothing_is_sold()

    def event(self, body: bytes, signature: str) -> PaymentEvent | None:  # noqa: ARG002
        raise SignatureRefused


def _nothing_is_sold() -> Unavailable:
    return Unavailable("Credits cannot be bought on this stack; ask its operator.", retry_after=3600)
