"""Writes of idempotency records, and what is in one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from darkroom.domain.writes.base import Write

if TYPE_CHECKING:
    from datetime import datetime

    from darkroom.domain.accounts.workspaces import Owner


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """The first answer to an idempotent request, as it was sent."""

    status: int
    body: str


@dataclass(frozen=True, slots=True)
class IdempotencyRecord:
    """An idempotency record: which request the key stands for, and its answer, until ``expires_at``.

    ``normalized`` is what else the request can be recognized by, if its dialect has that.
    """

    owner: Owner
    key: str
    fingerprint: str
    response: StoredResponse
    expires_at: datetime
    normalized: str = ""

    def is_of(self, fingerprint: str, normalized: str = "") -> bool:
        """Whether a request is the one that the record is about."""
        return self.fingerprint == fingerprint or (normalized != "" and self.normalized == normalized)


@dataclass(frozen=True, slots=True)
class SaveIdempotencyRecord(Write):
    """Put an idempotency record. Condition: there is none for the key, or it expired before ``now``."""

    precedence: ClassVar[int] = 0

    record: IdempotencyRecord
    now: datetime


@dataclass(frozen=True, slots=True)
class ReplaceResponse(Write):
    """Put the response that a request got in the end into its record. Condition: the record is of that request."""

    owner: Owner
    key: str
    fingerprint: str
    response: StoredResponse
