"""Finding where an asset's family begins, so that all of a family can be read at once."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import Unavailable
from darkroom.ports.jobs import Assets

logger = logging.getLogger(__name__)

MAX_ANCESTORS = 100  # looked up one after the other; only assets of an earlier version need more than one


@dataclass(frozen=True, slots=True)
class FindRoot:
    """Answers the root of an asset's family."""

    assets: Assets

    def __call__(self, owner: Owner, asset_id: str) -> str:
        """The id of the family's first asset: the asset itself, if it was made from none.

        What cannot be read just now is taken for the root: an output is not to be lost for it, and its own parent
        still leads to the rest of the family.
        """
        try:
            for _ in range(MAX_ANCESTORS):
                asset = self.assets.get(owner, asset_id)
                if asset is None or asset.root_id is not None:
                    return asset_id if asset is None else asset.root_id or asset_id
                if asset.parent_id is None:
                    return asset_id
                asset_id = asset.parent_id
        except Unavailable:
            logger.warning("the root of asset %s could not be read", asset_id)
        return asset_id
