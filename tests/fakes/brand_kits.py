"""Brand kits in memory."""

from __future__ import annotations

from dataclasses import replace

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.brands.brand_kit import BrandKit
from darkroom.domain.paging import Page, PageRequest, unknown_cursor
from tests.fakes.memory import Memory, page_of


class FakeBrandKits:
    """Reads a :class:`Memory`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def get(self, owner: Owner, kit_id: str) -> BrandKit | None:
        with self._memory.lock:
            kit = self._memory.brand_kits.get((owner, kit_id))
            return kit and replace(kit, is_default=self._memory.default_kits.get(owner) == kit_id)

    def list(self, owner: Owner, page: PageRequest) -> Page[BrandKit]:
        with self._memory.lock:
            if page.after is not None and self.get(owner, page.after) is None:
                raise unknown_cursor()
            mine = [self.get(owner, kit_id) for o, kit_id in self._memory.brand_kits if o == owner]
        return page_of([kit for kit in mine if kit], page, lambda kit: kit.id, page.after)
