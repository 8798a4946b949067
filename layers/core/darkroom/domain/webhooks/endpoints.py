"""Subscribers' endpoints: which events are sent where."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.master_secret import FIRST_VERSION

DISABLE_AFTER = timedelta(days=5)
DEFAULT_OVERLAP = timedelta(hours=24)
MAX_ENDPOINTS = 50  # per workspace and mode
MAX_URL_CHARS = 2048
MAX_DESCRIPTION_CHARS = 500
MAX_OVERLAP = timedelta(days=7)


class EventType(StrEnum):
    """The types of events."""

    COMPLETED = "generation.completed"
    PARTIAL = "generation.partial"
    FAILED = "generation.failed"
    CANCELED = "generation.canceled"
    ENDPOINT_DISABLED = "webhook.disabled"
    FILE_READY = "file.ready"
    FILE_REJECTED = "file.rejected"
    BATCH_COMPLETED = "batch.completed"
    CREDITS_LOW = "credits.low"
    CREDITS_RELOADED = "credits.reloaded"
    CREDITS_RELOAD_FAILED = "credits.reload_failed"
    BUDGET_REACHED = "budget.reached"
    TEST = "webhook.test"


SUBSCRIBABLE = (
    EventType.COMPLETED,
    EventType.PARTIAL,
    EventType.FAILED,
    EventType.CANCELED,
    EventType.ENDPOINT_DISABLED,
    EventType.FILE_READY,
    EventType.FILE_REJECTED,
    EventType.BATCH_COMPLETED,
    EventType.CREDITS_LOW,
    EventType.CREDITS_RELOADED,
    EventType.CREDITS_RELOAD_FAILED,
    EventType.BUDGET_REACHED,
)


# Events of an account and of nothing in it: what is told of them is what happened, as it was recorded.
ACCOUNT_EVENTS = frozenset(
    {
        EventType.CREDITS_LOW,
        EventType.CREDITS_RELOADED,
        EventType.CREDITS_RELOAD_FAILED,
        EventType.BUDGET_REACHED,
    }
)

GENERATION_EVENTS = frozenset(event for event in SUBSCRIBABLE if event.startswith("generation."))


class DisabledReason(StrEnum):
    """Why Darkroom, and not its owner, disabled an endpoint."""

    GONE = "gone"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One subscriber URL.

    ``failing_since`` is the first failure since the last success. ``disabled_reason`` is set when
    Darkroom disabled the endpoint, not when its owner did. ``master_version`` is the version of the stack's master
    secret that the signing secret is derived from, ``previous_master_version`` the same of the last one.
    """

    id: str
    owner: Owner
    url: str
    events: frozenset[EventType]
    created_at: datetime
    enabled: bool = True
    description: str = ""
    secret_version: int = 1
    overlap_until: datetime | None = None
    failing_since: datetime | None = None
    disabled_at: datetime | None = None
    disabled_reason: str | None = None
    version: int = 1
    master_version: int = FIRST_VERSION
    previous_master_version: int = FIRST_VERSION

    def wants(self, event: EventType) -> bool:
        """Whether the endpoint gets ``event``."""
        return self.enabled and (event in self.events or event is EventType.TEST)

    def rotated(self, now: datetime, overlap: timedelta, master_version: int) -> Endpoint:
        """The endpoint with a new secret of that version's deriving, the old one still signing for ``overlap``."""
        return replace(
            self,
            secret_version=self.secret_version + 1,
            overlap_until=now + overlap,
            master_version=master_version,
            previous_master_version=self.master_version,
            version=self.version + 1,
        )

    def switched(self, on: bool) -> Endpoint:
        """The endpoint enabled or disabled by its owner; enabling clears its failures."""
        if on == self.enabled:
            return self
        return replace(self, enabled=on, failing_since=None, disabled_at=None, disabled_reason=None)

    def moved(self, url: str) -> Endpoint:
        """The endpoint with another URL, which has no failures yet."""
        return self if url == self.url else replace(self, url=url, failing_since=None)


class EndpointWithSecret(NamedTuple):
    """An endpoint and its new signing secret, after registration or rotation.

    ``secret`` is ``None`` in the result that is kept for a repeated request: secrets are stored nowhere. A client
    that lost the first response rotates the secret.
    """

    endpoint: Endpoint
    secret: str | None
