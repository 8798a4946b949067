"""Vendors' gates in memory."""

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
            gate = self._memory.gates.get(vendor, VendorLimit())
            entered = rules.enter(gate, task_id, limit=limit, now=now, until=until)
            self._memory.gates[vendor] = entered.gate
            return entered.probe

    def leave(self, vendor: str, task_id: str) -> None:
        with self._memory.lock:
            self._memory.gates[vendor] = _without(self._memory.gates.get(vendor, VendorLimit()), task_id)

    def recovered(self, vendor: str) -> None:
        with self._memory.lock:
            gate = self._memory.gates.get(vendor, VendorLimit())
            self._memory.gates[vendor] = VendorLimit(gate.slots)

    def failed(
        self, vendor: str, task_id: str, *, now: datetime, probe: bool = False, retry_after: int = 0
    ) -> bool:
        with self._memory.lock:
            gate = _without(self._memory.gates.get(vendor, VendorLimit()), task_id)
            seen = replace(gate, failures=gate.failures + 1)
            after = rules.failed(seen, now, probe=probe, retry_after=retry_after)
            self._memory.gates[vendor] = after
            return after != seen


def _without(gate: VendorLimit, *task_ids: str) -> VendorLimit:
    return replace(gate, slots={one: end for one, end in gate.slots.items() if one not in task_ids})
