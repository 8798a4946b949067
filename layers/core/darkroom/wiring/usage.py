"""Usage and what it cost."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from darkroom.wiring.ports import Ports

if TYPE_CHECKING:
    from darkroom.services.usage.count_usage import CountUsage
    from darkroom.services.usage.read_usage import ReadUsage


class UsageServices(Ports):
    """Usage and what it cost."""

    @cached_property
    def count_usage(self) -> CountUsage:
        from darkroom.catalog_data.vendor_prices import PRICES
        from darkroom.services.usage.count_usage import CountUsage

        return CountUsage(self.store, self.usage, PRICES)

    @cached_property
    def read_usage(self) -> ReadUsage:
        from darkroom.catalog_data.packs import CREDIT_MICROS
        from darkroom.services.usage.read_usage import ReadUsage

        return ReadUsage(self.usage, self.accounts, CREDIT_MICROS)
