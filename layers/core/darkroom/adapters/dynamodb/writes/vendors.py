"""Writes to the accounts table: vendors' limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.expressions import Placeholders, update
from darkroom.adapters.dynamodb.marshal import from_epoch, to_epoch
from darkroom.adapters.dynamodb.parts import Part, change
from darkroom.adapters.dynamodb.writes.registry import spelled
from darkroom.domain.vendors.vendor_limits import VendorLimit
from darkroom.domain.writes import ReleaseVendorSlots, TakeSlots

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEASE = "until#"  # of a slot; before it the task's id
OWN = "own#"  # the slots' holders of a workspace; before it the workspace's id


def limit_from_row(row: Mapping[str, Any]) -> VendorLimit:
    """A limit as its row has it. A slot without an end is over."""
    ends = {name.removeprefix(LEASE): end for name, end in row.items() if name.startswith(LEASE)}
    return VendorLimit(
        slots={one: from_epoch(ends.get(one, 0)) for one in row.get("slots", ())},
        failures=row.get("failures", 0),
        openings=row.get("openings", 0),
        open_until=from_epoch(row["open_until"]) if "open_until" in row else None,
        own={name.removeprefix(OWN): frozenset(of) for name, of in row.items() if name.startswith(OWN)},
    )


@spelled(ReleaseVendorSlots, "accounts")
def release_vendor_slots(table: str, write: ReleaseVendorSlots) -> Part:
    what, x = released(write)
    return change(table, keys.vendor_limit(write.vendor), what, holders=x)


@spelled(TakeSlots, "accounts", current=limit_from_row)
def take_slots(table: str, write: TakeSlots) -> Part:
    x = Placeholders()
    slots = x.path("slots")
    room = f"size({slots}) <= {x.value(write.limit - len(write.holders))}"
    inside = update(
        set_=[f"{x.path(LEASE + one)} = {x.value(to_epoch(write.until))}" for one in write.holders],
        add=[f"{slots} {x.value(set(write.holders))}"],
    )
    key = keys.vendor_limit(write.vendor)
    return change(table, key, inside, condition=f"(attribute_not_exists({slots}) OR {room})", holders=x)


def released(write: ReleaseVendorSlots) -> tuple[str, Placeholders]:
    """The update that gives the slots back."""
    x = Placeholders()
    gone = [x.path(LEASE + task_id) for task_id in write.task_ids]
    gone += breaker(x) if write.healthy else []
    left = [f"{x.path('slots')} {x.value(set(write.task_ids))}"]
    left += (
        [f"{x.path(OWN + write.workspace_id)} {x.value(set(write.task_ids))}"] if write.workspace_id else []
    )
    return f"{update(remove=gone)} DELETE {', '.join(left)}", x


def breaker(x: Placeholders) -> Sequence[str]:
    """The attributes that are there while a vendor fails."""
    return [x.path(name) for name in ("open_until", "openings", "failures")]
