"""Packs of credits, and buying one automatically when credits run low."""

from __future__ import annotations

from dataclasses import dataclass

MAX_THRESHOLD = 1_000_000
MONTHLY_LIMIT_CENTS = 50_000
MAX_MONTHLY_LIMIT_CENTS = 10_000_000


@dataclass(frozen=True, slots=True)
class Pack:
    """A number of credits at a price. ``price_cents`` is in hundredths of ``currency``."""

    id: str
    credits: int
    price_cents: int
    currency: str = "usd"


@dataclass(frozen=True, slots=True)
class AutoReload:
    """Buy as many of ``pack_id`` as suffice when fewer than ``threshold`` credits are available.

    In a calendar month at most ``limit_cents`` are charged, in hundredths of the pack's currency;
    ``monthly_limit_cents`` is what the owner asked for, if anything.
    """

    threshold: float
    pack_id: str
    monthly_limit_cents: int | None = None

    @property
    def limit_cents(self) -> int:
        """What a month may cost."""
        return MONTHLY_LIMIT_CENTS if self.monthly_limit_cents is None else self.monthly_limit_cents
