"""What a subscriber answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Named in signatures only, so whoever implements or calls a port loads what it needs itself.
    from darkroom.domain.webhooks.deliveries import AttemptError


@dataclass(frozen=True, slots=True)
class WebhookResponse:
    """What a subscriber said to a message: the status, its ``Retry-After`` and the beginning of the body."""

    status: int
    duration_ms: int
    excerpt: str = ""
    retry_after: str | None = None


class NoWebhookResponse(Exception):
    """A subscriber could not be asked or did not answer; ``error`` says in which way."""

    def __init__(self, error: AttemptError) -> None:
        super().__init__(error.value)
        self.error = error
