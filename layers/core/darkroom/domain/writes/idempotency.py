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
    """An idempotency record: which request the key stands for, and its answer, until ``expires_at``."""

    owner: Owner
    key: str
    fingerprint: str
    response: StoredResponse
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SaveIdempotencyRecord(Write):
    """Put an idempotency record. Condition: there is none for the key, or it expired before ``now``."""

    precedence: ClassVar[int] = 0

    record: IdempotencyRecord
    now: datetime
