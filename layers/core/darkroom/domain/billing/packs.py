"""Packs of credits, and buying one automatically when credits run low."""

from __future__ import annotations

from dataclasses import dataclass

MAX_THRESHOLD = 1_000_000


@dataclass(frozen=True, slots=True)
class Pack:
    """A number of credits at a price. ``price_cents`` is in hundredths of ``currency``."""

    id: str
    credits: int
    price_cents: int
    currency: str = "usd"


@dataclass(frozen=True, slots=True)
class AutoReload:
    """Buy ``pack_id`` when fewer than ``threshold`` credits are available."""

    threshold: float
    pack_id: str
