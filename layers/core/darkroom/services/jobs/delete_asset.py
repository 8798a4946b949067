"""Deleting an asset softly: it leaves all lists, while what was made from it keeps its ancestor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.errors import NotFound
from darkroom.domain.writes import DeleteAsset as DeleteAssetWrite
from darkroom.domain.writes import WriteRefused
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.commit_counted import commit_counted

if TYPE_CHECKING:
    from darkroom.domain.jobs.assets import Asset
    from darkroom.ports.storage import Store
    from darkroom.ports.system import Clock


@dataclass(frozen=True, slots=True)
class DeleteAsset:
    """Deletes a caller's asset."""

    store: Store
    clock: Clock

    def __call__(self, caller: Caller, asset: Asset) -> None:
        """Delete the asset, once.

        Raises
        ------
        NotFound
            It was deleted meanwhile.
        RateLimited
        """
        now = self.clock.now()
        try:
            commit_counted(self.store, caller, None, None, now, DeleteAssetWrite(asset, now))
        except WriteRefused as refusal:
            raise NotFound("No such asset.") from refusal
