"""Buying credits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.packs import Pack
from darkroom.domain.billing.purchases import Buyer, Purchase
from darkroom.domain.errors import InvalidParam
from darkroom.domain.writes import SavePurchase
from darkroom.ports.billing import Payments, Purchases
from darkroom.ports.storage import Store
from darkroom.ports.system import Clock, Ids


@dataclass(frozen=True, slots=True)
class BuyCredits:
    """Starts a purchase. The credits are granted when it is paid."""

    payments: Payments
    purchases: Purchases
    store: Store
    ids: Ids
    clock: Clock
    packs: Mapping[str, Pack]

    def __call__(self, owner: Owner, pack_id: str, email: str | None = None) -> str:
        """Start a purchase of a pack; returns the address of the page where it is paid.

        Raises
        ------
        InvalidParam, Unavailable
        """
        pack = known_pack(self.packs, pack_id)
        if not self.payments.takes(owner):
            raise InvalidParam("Credits of test mode are not for sale; buy with a live key.")
        purchase = Purchase(self.ids.new(), owner, pack, self.clock.now())
        checkout = self.payments.checkout(purchase, Buyer(self.purchases.customer(owner), email))
        # Before the buyer learns the address: a payment is of a purchase that is on record.
        self.store.commit(SavePurchase(replace(purchase, session_id=checkout.session_id)))
        return checkout.url


def known_pack(packs: Mapping[str, Pack], pack_id: str) -> Pack:
    """The pack of that id.

    Raises
    ------
    InvalidParam
    """
    pack = packs.get(pack_id)
    if pack is None:
        raise InvalidParam(f"pack must be one of {', '.join(packs)}.", param="pack")
    return pack
