"""Subscribers' responses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Only for signatures: implementations and callers import what they need themselves.
    from darkroom.domain.webhooks.deliveries import AttemptError


@dataclass(frozen=True, slots=True)
class WebhookResponse:
    """A subscriber's response: the status, its ``Retry-After`` and the beginning of the body."""

    status: int
    duration_ms: int
    excerpt: str = ""
    retry_after: str | None = None


class NoWebhookResponse(Exception):
    """A subscriber could not be reached or did not respond; ``error`` says how it failed."""

    def __init__(self, error: AttemptError) -> None:
        super().__init__(error.value)
        self.error = error
