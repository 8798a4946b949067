"""Usage and what it cost."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from darkroom.wiring.ports import Ports

if TYPE_CHECKING:
    from darkroom.services.usage.count_usage import CountUsage


class UsageServices(Ports):
    """Usage and what it cost."""

    @cached_property
    def count_usage(self) -> CountUsage:
        from darkroom.catalog_data.vendor_prices import PRICES
        from darkroom.services.usage.count_usage import CountUsage

        return CountUsage(self.store, self.usage, PRICES)
