"""Reading a picture's family: one query for its descendants, then their rows, a hundred a call."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.jobs.assets import Asset
from darkroom.domain.jobs.lineage import Lineage, lineage
from darkroom.ports.jobs import Assets
from darkroom.services.jobs.find_root import FindRoot

MAX_DESCENDANTS = 500
MAX_GAPS = 20  # generations between descendants and the root that an earlier version made


@dataclass(frozen=True, slots=True)
class TraceLineage:
    """Answers the family that an asset belongs to."""

    assets: Assets
    find_root: FindRoot

    def __call__(self, asset: Asset) -> Lineage:
        """The root and its first ``MAX_DESCENDANTS`` descendants, the asset itself always among them.

        Raises
        ------
        Unavailable
        """
        owner = asset.owner
        root_id = asset.root_id or asset.id
        if asset.root_id is None and asset.parent_id is not None:
            root_id = self.find_root(owner, asset.parent_id).root_id
        ids = self.assets.descendants(owner, root_id, MAX_DESCENDANTS + 1)
        family = {asset.id: asset}
        wanted = {root_id, *ids[:MAX_DESCENDANTS]} - family.keys()
        for _ in range(MAX_GAPS):
            if not wanted:
                break
            family |= self.assets.get_many(owner, sorted(wanted))
            # Ancestors that an earlier version made are in no family's list; their descendants name them.
            wanted = {one.parent_id for one in family.values() if one.parent_id} - family.keys() - wanted
        return lineage(root_id, family.values(), complete=len(ids) <= MAX_DESCENDANTS)
