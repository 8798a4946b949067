"""Settings for buying credits automatically when they run low."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.packs import (
    MAX_MONTHLY_LIMIT_CENTS,
    MAX_THRESHOLD,
    AutoReload,
    Pack,
)
from darkroom.domain.errors import InvalidParam
from darkroom.domain.writes import SaveReloadState, SetAutoReload, WriteRefused
from darkroom.ports.accounts import Accounts
from darkroom.ports.billing import Purchases
from darkroom.ports.storage import Store
from darkroom.services.billing.buy_credits import known_pack
from darkroom.services.billing.watch_wallet import watching


@dataclass(frozen=True, slots=True)
class ManageAutoReload:
    """Reads and changes when an owner's credits are reloaded, and with which pack."""

    store: Store
    accounts: Accounts
    purchases: Purchases
    packs: Mapping[str, Pack]

    def show(self, owner: Owner) -> AutoReload | None:
        """The settings, ``None`` if it is off."""
        return self.accounts.auto_reload(owner)

    def enable(
        self, owner: Owner, threshold: float, pack_id: str, monthly_limit_cents: int | None = None
    ) -> AutoReload:
        """Switch it on or change it. What was declined before is forgotten.

        Raises
        ------
        InvalidParam
        """
        if not 1 <= threshold <= MAX_THRESHOLD:
            raise InvalidParam(f"threshold must be between 1 and {MAX_THRESHOLD}.", param="threshold")
        pack = known_pack(self.packs, pack_id)
        settings = AutoReload(threshold, pack.id, monthly_limit_cents)
        if not pack.price_cents <= settings.limit_cents <= MAX_MONTHLY_LIMIT_CENTS:
            limits = f"{pack.price_cents} and {MAX_MONTHLY_LIMIT_CENTS}"
            raise InvalidParam(f"monthly_limit_cents must be between {limits}.", param="monthly_limit_cents")
        while True:
            fresh = self.purchases.reload_state(owner).fresh()
            try:
                self.store.commit(
                    SetAutoReload(owner, settings),
                    SaveReloadState(fresh),
                    *watching(self.accounts, owner, on=True),
                )
            except WriteRefused:
                continue  # a purchase took a step in between
            return settings

    def disable(self, owner: Owner) -> None:
        """Switch it off; doing so again changes nothing."""
        self.store.commit(SetAutoReload(owner, None), *watching(self.accounts, owner, on=False))
