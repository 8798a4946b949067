"""What subscribers are told of automatic purchases. An event's id follows from what happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from darkroom.domain.billing.packs import AutoReload
from darkroom.domain.billing.purchases import Purchase
from darkroom.domain.billing.reloads import ReloadState
from darkroom.domain.ids import derived
from darkroom.domain.times import utc_text
from darkroom.domain.webhooks.endpoints import EventType
from darkroom.domain.webhooks.events import Event

MONTHLY_LIMIT = "monthly_limit"


def credits_low(state: ReloadState, settings: AutoReload, balance: int, now: datetime) -> Event:
    """The balance has fallen below the threshold."""
    data = {"credits": {"available": balance, "threshold": settings.threshold}}
    happened = derived(state.owner.key, "low", str(state.crossings))
    return Event(happened, EventType.CREDITS_LOW, state.owner, now, data)


def credits_reloaded(purchase: Purchase, now: datetime) -> Event:
    """An automatic purchase was paid."""
    data = {"reload": _shown(purchase)}
    return Event(derived(purchase.id, "reloaded"), EventType.CREDITS_RELOADED, purchase.owner, now, data)


def reload_declined(purchase: Purchase, state: ReloadState, reason: str, now: datetime) -> Event:
    """An automatic purchase was declined: it is tried once more, or no more."""
    data = {"reload": {**_shown(purchase), **_failure(reason, state)}}
    return Event(derived(purchase.id, "declined"), EventType.CREDITS_RELOAD_FAILED, purchase.owner, now, data)


def reload_over_limit(
    state: ReloadState, pack_credits: int, cents: int, currency: str, now: datetime
) -> Event:
    """A purchase would have cost more than the month may."""
    wanted = {"id": None, "credits": pack_credits, "amount_cents": cents, "currency": currency}
    happened = derived(state.owner.key, "over limit", str(state.crossings), str(state.version))
    data = {"reload": {**wanted, **_failure(MONTHLY_LIMIT, state)}}
    return Event(happened, EventType.CREDITS_RELOAD_FAILED, state.owner, now, data)


def _shown(purchase: Purchase) -> Mapping[str, Any]:
    pack = purchase.pack
    return {
        "id": purchase.id,
        "credits": pack.credits,
        "amount_cents": pack.price_cents,
        "currency": pack.currency,
    }


def _failure(reason: str, state: ReloadState) -> Mapping[str, Any]:
    given_up = state.is_given_up and reason != MONTHLY_LIMIT
    return {
        "reason": reason,
        "retry_at": None if given_up else utc_text(state.wait_until),
        "auto_reload_enabled": not given_up,
    }
