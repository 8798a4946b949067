"""Buying credits automatically: one sufficient charge for each time they fall below the threshold.

What is under way, what failed and what the month has cost is one row, whose version every step follows: of any number
of messages about the same fall one takes each step.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.packs import AutoReload, Pack

DECLINES_BEFORE_OFF: Final = 2
BACK_OFF: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ReloadState:
    """How far an owner's automatic purchases are.

    ``low`` from the moment the balance falls below the threshold until a purchase is paid or it is above again;
    ``crossings`` counts such falls and ``attempts`` the purchases begun for the last. ``purchase_id`` is the one that
    is under way. ``declines`` are those since the last that was paid; nothing is begun before ``wait_until``.
    ``month_cents`` were begun or paid in ``month``, what was declined taken out.
    """

    owner: Owner
    low: bool = False
    crossings: int = 0
    attempts: int = 0
    purchase_id: str = ""
    declines: int = 0
    wait_until: datetime | None = None
    month: str = ""
    month_cents: int = 0
    version: int = 0

    def cents_in(self, month: str) -> int:
        """What was begun or paid in a month."""
        return self.month_cents if self.month == month else 0

    def waits(self, now: datetime) -> bool:
        """Whether nothing may be begun yet."""
        return self.wait_until is not None and now < self.wait_until

    def crossed(self) -> ReloadState:
        """The balance has fallen below the threshold."""
        return self._next(low=True, crossings=self.crossings + 1, attempts=0)

    def recovered(self) -> ReloadState:
        """The balance is above the threshold again, by whatever credits."""
        return self._next(low=False)

    def begun(self, purchase_id: str, cents: int, now: datetime) -> ReloadState:
        """A purchase is under way, and counts in its month."""
        month = month_of(now)
        return self._next(
            purchase_id=purchase_id,
            attempts=self.attempts + 1,
            wait_until=None,
            month=month,
            month_cents=self.cents_in(month) + cents,
        )

    def paid(self) -> ReloadState:
        """The purchase under way was paid: should the balance still be below the threshold, it fell there again."""
        return self._next(low=False, purchase_id="", declines=0, wait_until=None)

    def declined(self, cents: int, now: datetime) -> ReloadState:
        """The purchase under way was declined: the next one waits."""
        return self._next(
            purchase_id="",
            declines=self.declines + 1,
            wait_until=now + BACK_OFF,
            month_cents=max(self.month_cents - cents, 0),
        )

    def closed(self) -> ReloadState:
        """What was under way was ended by something else."""
        return self._next(low=False, purchase_id="")

    def paused(self, until: datetime) -> ReloadState:
        """The month has cost as much as it may."""
        return self._next(wait_until=until)

    def fresh(self) -> ReloadState:
        """The owner set it up anew: what was declined is forgotten, and what is under way is not."""
        return self._next(low=False, declines=0, wait_until=None)

    @property
    def is_given_up(self) -> bool:
        """Whether so much was declined in a row that no more is tried."""
        return self.declines >= DECLINES_BEFORE_OFF

    def _next(self, **changes: object) -> ReloadState:
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type]


def sufficient(settings: AutoReload, pack: Pack, balance: int) -> Pack:
    """As many of a pack, as one, as bring the balance above the threshold."""
    missing = math.floor(settings.threshold) + 1 - balance
    count = -(-missing // pack.credits)
    return replace(pack, credits=pack.credits * count, price_cents=pack.price_cents * count)


def month_of(now: datetime) -> str:
    """The calendar month, UTC."""
    return f"{now.astimezone(UTC):%Y-%m}"


def next_month(now: datetime) -> datetime:
    """The first instant of the next calendar month, UTC."""
    year, month = divmod(now.year * 12 + now.month, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)
