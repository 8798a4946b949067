"""Packs of credits, their purchases, and buying one automatically when credits run low."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner

MAX_THRESHOLD = 1_000_000


@dataclass(frozen=True, slots=True)
class Pack:
    """A number of credits at a price. ``price_cents`` is in hundredths of ``currency``."""

    id: str
    credits: int
    price_cents: int
    currency: str = "usd"


@dataclass(frozen=True, slots=True)
class Purchase:
    """One purchase of a pack. Paying it grants the credits once, with ``id`` as the cause."""

    id: str
    owner: Owner
    pack: Pack


@dataclass(frozen=True, slots=True)
class AutoReload:
    """Buy ``pack_id`` when fewer than ``threshold`` credits are available."""

    threshold: float
    pack_id: str
