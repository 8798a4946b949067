"""Finding where an asset comes from: where its family begins, so that all of a family can be read at once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import NamedTuple

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import Unavailable
from darkroom.ports.jobs import Assets

logger = logging.getLogger(__name__)

MAX_ANCESTORS = 100  # looked up one after the other; only assets of an earlier version need more than one


class Origin(NamedTuple):
    """Where what is made from an asset comes from: its family's first asset, and whether from a carousel."""

    root_id: str
    from_carousel: bool | None = None


@dataclass(frozen=True, slots=True)
class FindRoot:
    """Answers the origin of what is made from an asset."""

    assets: Assets

    def __call__(self, owner: Owner, asset_id: str) -> Origin:
        """The origin: the asset itself is its family's first, if it was made from none.

        What cannot be read just now is taken for the root: an output is not to be lost for it, and its own parent
        still leads to the rest of the family.
        """
        from_carousel = None
        try:
            for _ in range(MAX_ANCESTORS):
                asset = self.assets.get(owner, asset_id)
                if asset is None:
                    break
                from_carousel = from_carousel or asset.from_carousel
                if asset.root_id is not None:
                    return Origin(asset.root_id, from_carousel)
                if asset.parent_id is None:
                    break
                asset_id = asset.parent_id
        except Unavailable:
            logger.warning("the root of asset %s could not be read", asset_id)
        return Origin(asset_id, from_carousel)
