"""Lanes: how much of a workspace's bulk work is on the queue at once.

Every batch's chunks go down a few lanes, in each one after the other, so a workspace that has thousands of rows made
has no more than a handful of messages in front of anybody else's. All its lanes are slots of one limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.vendors.vendor_limits import VendorLimit

LANES: Final = 4  # of one workspace, in live and in test mode together
WAIT_SECONDS: Final = 5  # of a batch for a lane, at first
LONGEST_WAIT: Final = 30


def limit_name(owner: Owner) -> str:
    """The limit whose slots are a workspace's lanes. No vendor has such a name."""
    return f"bulk#{owner.workspace_id}"


def lane_names(batch_id: str, count: int) -> tuple[str, ...]:
    """The slots that a batch takes for so many lanes."""
    return tuple(f"{batch_id}#{number}" for number in range(count))


@dataclass(frozen=True, slots=True)
class Room:
    """What of a workspace's lanes is free, and which slots have ended without being given back."""

    free: int
    ended: tuple[str, ...]


def room_in(limit: VendorLimit, now: datetime) -> Room:
    """What there is once the slots that have ended are given back."""
    held: Mapping[str, datetime] = {one: end for one, end in limit.slots.items() if end > now}
    return Room(max(LANES - len(held), 0), tuple(sorted(set(limit.slots) - set(held))))


def wait_seconds(hops: int) -> int:
    """How long a batch waits before it looks again for a free lane."""
    return min(WAIT_SECONDS + hops, LONGEST_WAIT)
