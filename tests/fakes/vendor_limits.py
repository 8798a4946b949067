"""Vendors' limits in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from darkroom.domain.vendors import vendor_limits as rules
from darkroom.domain.vendors.vendor_limits import VendorLimit
from tests.fakes.memory import Memory


class FakeVendorLimits:
    """Gates in a :class:`Memory`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def enter(self, vendor: str, task_id: str, *, limit: int, now: datetime, until: datetime) -> bool:
        with self._memory.lock:
            vendor_limit = self._memory.vendor_limits.get(vendor, VendorLimit())
            entered = rules.enter(vendor_limit, task_id, limit=limit, now=now, until=until)
            self._memory.vendor_limits[vendor] = entered.vendor_limit
            return entered.probe

    def leave(self, vendor: str, task_id: str) -> None:
        with self._memory.lock:
            self._memory.vendor_limits[vendor] = _without(
                self._memory.vendor_limits.get(vendor, VendorLimit()), task_id
            )

    def recovered(self, vendor: str) -> None:
        with self._memory.lock:
            vendor_limit = self._memory.vendor_limits.get(vendor, VendorLimit())
            self._memory.vendor_limits[vendor] = VendorLimit(vendor_limit.slots)

    def failed(
        self, vendor: str, task_id: str, *, now: datetime, probe: bool = False, retry_after: int = 0
    ) -> bool:
        with self._memory.lock:
            vendor_limit = _without(self._memory.vendor_limits.get(vendor, VendorLimit()), task_id)
            seen = replace(vendor_limit, failures=vendor_limit.failures + 1)
            after = rules.failed(seen, now, probe=probe, retry_after=retry_after)
            self._memory.vendor_limits[vendor] = after
            return after != seen


def _without(vendor_limit: VendorLimit, *task_ids: str) -> VendorLimit:
    return replace(
        vendor_limit, slots={one: end for one, end in vendor_limit.slots.items() if one not in task_ids}
    )
