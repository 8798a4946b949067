"""Buying credits, now or by itself when they run low."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from darkroom.domain.accounts import Owner
from darkroom.domain.billing import MAX_THRESHOLD, AutoReload, Pack, Purchase
from darkroom.domain.errors import InvalidParam
from darkroom.domain.writes import SetAutoReload
from darkroom.ports import Accounts, Ids, Payments, Store


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


@dataclass(frozen=True, slots=True)
class ManageAutoReload:
    """Keeps when an owner's credits are to be reloaded, and with what."""

    store: Store
    accounts: Accounts
    packs: Mapping[str, Pack]

    def show(self, owner: Owner) -> AutoReload | None:
        """The settings, ``None`` if it is off."""
        return self.accounts.auto_reload(owner)

    def enable(self, owner: Owner, threshold: int, pack_id: str) -> AutoReload:
        """Switch it on or change it.

        Raises
        ------
        InvalidParam
        """
        if not 1 <= threshold <= MAX_THRESHOLD:
            raise InvalidParam(f"threshold must be between 1 and {MAX_THRESHOLD}.", param="threshold")
        settings = AutoReload(threshold, known_pack(self.packs, pack_id).id)
        self.store.commit(SetAutoReload(owner, settings))
        return settings

    def disable(self, owner: Owner) -> None:
        """Switch it off; again changes nothing."""
        self.store.commit(SetAutoReload(owner, None))


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
