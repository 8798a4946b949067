"""Buying credits: the packs there are, one purchase of one, and buying by itself when credits run low."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner

MAX_THRESHOLD = 1_000_000


@dataclass(frozen=True, slots=True)
class Pack:
    """Credits sold together. ``price_cents`` is in the hundredth part of ``currency``."""

    id: str
    credits: int
    price_cents: int
    currency: str = "usd"


@dataclass(frozen=True, slots=True)
class Purchase:
    """One pack somebody wants to pay for. Paying it grants its credits once, with ``id`` as the cause."""

    id: str
    owner: Owner
    pack: Pack


@dataclass(frozen=True, slots=True)
class AutoReload:
    """Buy ``pack_id`` when fewer than ``threshold`` credits are available."""

    threshold: int
    pack_id: str
