"""What is mailed to people: each letter is what it says; how it is worded and set is an adapter's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from darkroom.domain.webhooks.endpoints import EventType

if TYPE_CHECKING:
    from darkroom.domain.webhooks.events import Event


@dataclass(frozen=True, slots=True)
class SignInCode:
    """A one-time password to sign in with."""

    code: str
    minutes: int


@dataclass(frozen=True, slots=True)
class CreditsLow:
    """A balance has fallen below its owner's threshold. ``available`` below nothing is owed."""

    workspace: str
    available: int
    threshold: float


@dataclass(frozen=True, slots=True)
class ReloadFailed:
    """Credits could not be bought automatically: it is tried again at ``retry_at``, or never if that is ``None``."""

    workspace: str
    credits: int
    amount_cents: int
    currency: str
    reason: str
    retry_at: datetime | None


@dataclass(frozen=True, slots=True)
class EndpointDisabled:
    """A subscriber's endpoint was switched off."""

    workspace: str
    url: str
    reason: str


type Letter = SignInCode | CreditsLow | ReloadFailed | EndpointDisabled


def letter_of(event: Event, workspace: str) -> Letter | None:
    """What a workspace's owner is written of an event; ``None`` of those that are not."""
    match event.type:
        case EventType.CREDITS_LOW:
            told = event.data["credits"]
            return CreditsLow(workspace, told["available"], told["threshold"])
        case EventType.CREDITS_RELOAD_FAILED:
            return _reload_failed(workspace, event.data["reload"])
        case EventType.ENDPOINT_DISABLED:
            return EndpointDisabled(workspace, event.data["url"], event.data["disabled_reason"])
        case _:
            return None


def _reload_failed(workspace: str, told: Mapping[str, Any]) -> ReloadFailed:
    retry_at = told["retry_at"]
    return ReloadFailed(
        workspace,
        told["credits"],
        told["amount_cents"],
        told["currency"],
        told["reason"],
        datetime.fromisoformat(retry_at) if retry_at else None,
    )
