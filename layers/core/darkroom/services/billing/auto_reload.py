"""Settings for buying credits automatically when they run low."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.packs import MAX_THRESHOLD, AutoReload, Pack
from darkroom.domain.errors import InvalidParam
from darkroom.domain.writes import SetAutoReload
from darkroom.ports.accounts import Accounts
from darkroom.ports.storage import Store
from darkroom.services.billing.buy_credits import known_pack


@dataclass(frozen=True, slots=True)
class ManageAutoReload:
    """Reads and changes when an owner's credits are reloaded, and with which pack."""

    store: Store
    accounts: Accounts
    packs: Mapping[str, Pack]

    def show(self, owner: Owner) -> AutoReload | None:
        """The settings, ``None`` if it is off."""
        return self.accounts.auto_reload(owner)

    def enable(self, owner: Owner, threshold: float, pack_id: str) -> AutoReload:
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
        """Switch it off; doing so again changes nothing."""
        self.store.commit(SetAutoReload(owner, None))
