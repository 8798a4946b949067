"""Assets in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.jobs.assets import Asset
from darkroom.domain.paging import Page, PageRequest, unknown_cursor
from tests.fakes.memory import Memory, page_of


class FakeAssets:
    """Reads a :class:`Memory`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def get(self, owner: Owner, asset_id: str) -> Asset | None:
        return self._memory.assets.get((owner, asset_id))

    def get_many(self, owner: Owner, asset_ids: Sequence[str]) -> Mapping[str, Asset]:
        found = ((asset_id, self.get(owner, asset_id)) for asset_id in asset_ids)
        return {asset_id: asset for asset_id, asset in found if asset is not None}

    def list(
        self,
        owner: Owner,
        collection: str,
        page: PageRequest,
        *,
        search: str = "",
        exclude_carousel: bool = False,
    ) -> Page[Asset]:
        seen = self.get(owner, page.after) if page.after is not None else None
        if page.after is not None and (seen is None or seen.collection != collection):
            raise unknown_cursor()
        with self._memory.lock:
            everything = [
                asset
                for (o, _), asset in self._memory.assets.items()
                if o == owner and asset.collection == collection and asset.deleted_at is None
            ]

        def only(asset: Asset) -> bool:
            left_out = exclude_carousel and asset.from_carousel
            return not left_out and search.casefold() in asset.prompt.casefold()

        filtered = only if search or exclude_carousel else None
        return page_of(everything, page, _position, _position(seen) if seen else None, filtered)

    def descendants(self, owner: Owner, root_id: str, limit: int) -> Sequence[str]:
        members = sorted(self._memory.families.get((owner, root_id), ()))
        return [asset_id for _, asset_id in members[:limit]]


def _position(asset: Asset) -> tuple[datetime, str]:
    return asset.created_at, asset.id
