"""Vendors' limits."""

from __future__ import annotations

from dataclasses import replace

from darkroom.domain import writes
from darkroom.domain.vendors.vendor_limits import VendorLimit
from tests.fakes.memory import Memory
from tests.fakes.vendor_limits import without
from tests.fakes.writes.registry import Effect, effect


@effect(writes.ReleaseVendorSlots, row=lambda write: ("gate", write.vendor))
def release_vendor_slots(memory: Memory, write: writes.ReleaseVendorSlots) -> Effect:
    vendor_limit = memory.vendor_limits.get(write.vendor, VendorLimit())
    left = without(vendor_limit, write.workspace_id, *write.task_ids)
    after = VendorLimit(left.slots, own=left.own) if write.healthy else left
    return lambda: memory.vendor_limits.update({write.vendor: after})


@effect(writes.TakeSlots, row=lambda write: ("gate", write.vendor))
def take_slots(memory: Memory, write: writes.TakeSlots) -> Effect:
    limit = memory.vendor_limits.get(write.vendor, VendorLimit())
    if limit.slots and len(limit.slots) > write.limit - len(write.holders):
        raise writes.WriteRefused(write, limit)
    after = replace(limit, slots={**limit.slots, **dict.fromkeys(write.holders, write.until)})
    return lambda: memory.vendor_limits.update({write.vendor: after})
