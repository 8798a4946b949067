"""Buying credits, now or by itself when they run low."""

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
    """Starts a purchase. Nothing is granted before it is paid."""

    payments: Payments
    ids: Ids
    packs: Mapping[str, Pack]

    def __call__(self, owner: Owner, pack_id: str) -> str:
        """The address of the page where the pack is paid.

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
