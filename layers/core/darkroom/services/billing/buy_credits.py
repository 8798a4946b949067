"""Buying credits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.packs import Pack, Purchase
from darkroom.domain.errors import InvalidParam
from darkroom.ports.billing import Payments
from darkroom.ports.system import Ids


@dataclass(frozen=True, slots=True)
class BuyCredits:
    """Starts a purchase. The credits are granted when it is paid."""

    payments: Payments
    ids: Ids
    packs: Mapping[str, Pack]

    def __call__(self, owner: Owner, pack_id: str) -> str:
        """Start a purchase of a pack; returns the address of the page where it is paid.

        Raises
        ------
        InvalidParam, Unavailable
        """
        return self.payments.checkout(Purchase(self.ids.new(), owner, known_pack(self.packs, pack_id)))


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
