"""How much of a vendor may be used at once, and when it is better left alone.

A limit has so many slots; each is a task's from before its start until the work has ended, however it ends. A slot
has an end of its own, for the case that nobody gives it back. Its breaker opens when the vendor keeps failing:
nobody gets in for a while, then a single task tries; if that fails too, the while grows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from darkroom.domain.jobs.engine_failures import RateLimitedByVendor

THRESHOLD = 5  # failures in a row that open a breaker
FIRST_OPEN = timedelta(seconds=15)
LONGEST_OPEN = timedelta(minutes=5)
MAX_DOUBLINGS = (
    5  # of the first opening, which is more than the longest: no timedelta holds a day of doublings
)
PROBE = timedelta(seconds=60)  # how long the one that tries keeps the others out


class Deferred(RateLimitedByVendor):
    """It is not its turn: nobody was asked anything."""


class VendorLimitReached(Deferred):
    """All slots are taken."""


class VendorCircuitOpen(RateLimitedByVendor):
    """The vendor keeps failing and is left alone for now; nobody was asked anything."""


@dataclass(frozen=True, slots=True)
class VendorLimit:
    """One vendor's limit and breaker.

    ``slots`` says until when each task inside has its slot at most. ``failures`` counts failures in a row,
    ``openings`` how often in a row the breaker opened; ``open_until`` is set from its opening to the next success.
    """

    slots: Mapping[str, datetime] = field(default_factory=dict)
    failures: int = 0
    openings: int = 0
    open_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """A task has its slot. ``probe`` if it is the one that tries whether the vendor works again."""

    vendor_limit: VendorLimit
    probe: bool = False


def enter(vendor_limit: VendorLimit, task_id: str, *, limit: int, now: datetime, until: datetime) -> Entered:
    """The limit with the task inside. Whoever has a slot already keeps it; slots past their end are given up.

    Raises
    ------
    GateFull, GateOpen
    """
    if vendor_limit.open_until is not None and vendor_limit.open_until > now:
        raise VendorCircuitOpen(
            "the vendor keeps failing", retry_after=_seconds(vendor_limit.open_until - now), code="open"
        )
    held = {one: end for one, end in vendor_limit.slots.items() if end > now or one == task_id}
    if task_id not in held and len(held) >= limit:
        raise VendorLimitReached("all slots are taken", code="full")
    probe = vendor_limit.open_until is not None
    inside = {**held, task_id: until}
    return Entered(replace(vendor_limit, slots=inside, open_until=now + PROBE if probe else None), probe)


def failed(
    vendor_limit: VendorLimit, now: datetime, *, probe: bool = False, retry_after: int = 0
) -> VendorLimit:
    """The limit after one more failure was counted into it: its breaker open if that was one too many.

    A breaker that is open already stays as it is, unless it was the ``probe`` that failed: whatever else fails then
    was started before.
    """
    already = vendor_limit.open_until is not None and vendor_limit.open_until > now and not probe
    if vendor_limit.failures < THRESHOLD or already:
        return vendor_limit
    doubled = FIRST_OPEN * 2 ** min(vendor_limit.openings, MAX_DOUBLINGS)
    for_now = min(max(doubled, timedelta(seconds=retry_after)), LONGEST_OPEN)
    return replace(vendor_limit, openings=vendor_limit.openings + 1, open_until=now + for_now)


def _seconds(span: timedelta) -> int:
    return max(round(span.total_seconds()), 1)
