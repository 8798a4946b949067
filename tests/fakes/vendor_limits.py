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

    def enter(
        self,
        vendor: str,
        task_id: str,
        *,
        limit: int,
        now: datetime,
        until: datetime,
        workspace_id: str = "",
    ) -> bool:
        with self._memory.lock:
            vendor_limit = self._memory.vendor_limits.get(vendor, VendorLimit())
            entered = rules.enter(
                vendor_limit, task_id, limit=limit, now=now, until=until, workspace_id=workspace_id
            )
            self._memory.vendor_limits[vendor] = entered.vendor_limit
            return entered.probe

    def leave(self, vendor: str, task_id: str, *, workspace_id: str = "") -> None:
        with self._memory.lock:
            self._memory.vendor_limits[vendor] = without(
                self._memory.vendor_limits.get(vendor, VendorLimit()), workspace_id, task_id
            )

    def recovered(self, vendor: str) -> None:
        with self._memory.lock:
            vendor_limit = self._memory.vendor_limits.get(vendor, VendorLimit())
            self._memory.vendor_limits[vendor] = VendorLimit(vendor_limit.slots, own=vendor_limit.own)

    def failed(
        self,
        vendor: str,
        task_id: str,
        *,
        now: datetime,
        probe: bool = False,
        retry_after: int = 0,
        workspace_id: str = "",
    ) -> bool:
        with self._memory.lock:
            vendor_limit = without(
                self._memory.vendor_limits.get(vendor, VendorLimit()), workspace_id, task_id
            )
            seen = replace(vendor_limit, failures=vendor_limit.failures + 1)
            after = rules.failed(seen, now, probe=probe, retry_after=retry_after)
            self._memory.vendor_limits[vendor] = after
            return after != seen


def without(vendor_limit: VendorLimit, workspace_id: str, *task_ids: str) -> VendorLimit:
    """The limit without these tasks' slots."""
    slots = {one: end for one, end in vendor_limit.slots.items() if one not in task_ids}
    own = dict(vendor_limit.own)
    mine = own.pop(workspace_id, frozenset()).difference(task_ids)
    return replace(vendor_limit, slots=slots, own={**own, workspace_id: mine} if mine else own)
