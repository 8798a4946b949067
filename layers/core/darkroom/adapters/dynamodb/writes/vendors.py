"""Writes to the accounts table: vendors' limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.expressions import Placeholders, update
from darkroom.adapters.dynamodb.parts import Part, change
from darkroom.adapters.dynamodb.writes.registry import spelled
from darkroom.domain.writes import ReleaseVendorSlots

if TYPE_CHECKING:
    from collections.abc import Sequence

LEASE = "until#"  # of a slot; before it the task's id


@spelled(ReleaseVendorSlots, "accounts")
def release_vendor_slots(table: str, write: ReleaseVendorSlots) -> Part:
    what, x = released(write)
    return change(table, keys.vendor_limit(write.vendor), what, holders=x)


def released(write: ReleaseVendorSlots) -> tuple[str, Placeholders]:
    """The update that gives the slots back."""
    x = Placeholders()
    gone = [x.path(LEASE + task_id) for task_id in write.task_ids]
    gone += breaker(x) if write.healthy else []
    return f"{update(remove=gone)} DELETE {x.path('slots')} {x.value(set(write.task_ids))}", x


def breaker(x: Placeholders) -> Sequence[str]:
    """The attributes that are there while a vendor fails."""
    return [x.path(name) for name in ("open_until", "openings", "failures")]
