"""How many tasks a vendor may have at once, and a circuit breaker for a vendor that keeps failing.

A limit has a number of slots; a task holds one from before its start until its work has ended, however it ends. A
slot also expires, in case it is never released. The breaker opens when the vendor keeps failing: no task is started
for a while, then a single task probes the vendor; if that fails too, the breaker opens for longer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from darkroom.domain.jobs.engine_failures import RateLimitedByVendor

THRESHOLD = 5  # failures in a row that open a breaker
FIRST_OPEN = timedelta(seconds=15)
LONGEST_OPEN = timedelta(minutes=5)
MAX_DOUBLINGS = 5  # five doublings of the first opening exceed the longest; no timedelta holds many more
PROBE = timedelta(seconds=60)  # how long a probe excludes other tasks


class Deferred(RateLimitedByVendor):
    """The task has to wait for its turn; the vendor was not called."""

    name = "Deferred"


class VendorLimitReached(Deferred):
    """Every slot of the vendor is taken, or as many of them as one workspace may have."""

    name = "VendorLimitReached"


class VendorCircuitOpen(RateLimitedByVendor):
    """The vendor keeps failing, so its breaker is open; it was not called."""

    name = "VendorCircuitOpen"


@dataclass(frozen=True, slots=True)
class VendorLimit:
    """One vendor's limit and breaker.

    ``slots`` maps each task that holds a slot to when that expires, ``own`` each workspace to those of its tasks that
    took one; some of these may have lost theirs since. ``failures`` counts failures in a row,
    ``openings`` how often in a row the breaker opened; ``open_until`` is set from its opening to the next success.
    """

    slots: Mapping[str, datetime] = field(default_factory=dict)
    failures: int = 0
    openings: int = 0
    open_until: datetime | None = None
    own: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entered:
    """A limit with the task's slot taken. ``probe`` says that the task tries whether the vendor works again."""

    vendor_limit: VendorLimit
    probe: bool = False


def share_of(limit: int) -> int:
    """How many of so many slots one workspace may have: about three quarters, so that there is one for another."""
    return max(limit - max(limit // 4, 1), 1)


def enter(
    vendor_limit: VendorLimit,
    task_id: str,
    *,
    limit: int,
    now: datetime,
    until: datetime,
    workspace_id: str = "",
) -> Entered:
    """The limit with a slot for the task, which keeps the one it has. Expired slots are dropped.

    A task of a workspace counts against the workspace's share.

    Raises
    ------
    VendorLimitReached, VendorCircuitOpen
    """
    if vendor_limit.open_until is not None and vendor_limit.open_until > now:
        raise VendorCircuitOpen(
            "the vendor keeps failing", retry_after=_seconds(vendor_limit.open_until - now), code="open"
        )
    held = {one: end for one, end in vendor_limit.slots.items() if end > now or one == task_id}
    if task_id not in held and len(held) >= limit:
        raise VendorLimitReached("all slots are taken", code="full")
    own = dict(vendor_limit.own)
    if workspace_id:
        mine = own.get(workspace_id, frozenset()) & held.keys()
        if task_id not in held and len(mine) >= share_of(limit):
            raise VendorLimitReached("the workspace has its share of the slots", code="share")
        own[workspace_id] = mine | {task_id}
    probe = vendor_limit.open_until is not None
    inside = {**held, task_id: until}
    open_until = now + PROBE if probe else None
    return Entered(replace(vendor_limit, slots=inside, open_until=open_until, own=own), probe)


def failed(
    vendor_limit: VendorLimit, now: datetime, *, probe: bool = False, retry_after: int = 0
) -> VendorLimit:
    """The limit after one more failure; its breaker opens at the threshold.

    A breaker that is open already stays as it is, unless the ``probe`` failed: other tasks that fail then were
    started before it opened.
    """
    already = vendor_limit.open_until is not None and vendor_limit.open_until > now and not probe
    if vendor_limit.failures < THRESHOLD or already:
        return vendor_limit
    doubled = FIRST_OPEN * 2 ** min(vendor_limit.openings, MAX_DOUBLINGS)
    for_now = min(max(doubled, timedelta(seconds=retry_after)), LONGEST_OPEN)
    return replace(vendor_limit, openings=vendor_limit.openings + 1, open_until=now + for_now)


def _seconds(span: timedelta) -> int:
    return max(round(span.total_seconds()), 1)
