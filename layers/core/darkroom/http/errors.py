"""Error envelopes: a dialect is a table from error class to status, type and code, and one ``body()``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from darkroom.domain.errors import (
    DomainError,
    InsufficientScope,
    MethodNotAllowed,
    MissingKey,
    RateLimited,
    Unauthenticated,
    Unavailable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """How one class of error looks in a dialect. ``code`` and ``type`` are the dialect's own words."""

    status: int
    type: str
    code: str


@dataclass(frozen=True, slots=True)
class ErrorTable:
    """All of a dialect's rows, and ``body(row, error, request_id)`` which spells its envelope."""

    rows: Mapping[type[DomainError], ErrorRow]
    internal: ErrorRow
    body: Callable[[ErrorRow, DomainError, str], Mapping[str, Any]]

    def row(self, error: DomainError) -> ErrorRow:
        """The row of an error, or of the nearest class above it that has one."""
        return next((self.rows[cls] for cls in type(error).__mro__ if cls in self.rows), self.internal)

    def answer(self, error: DomainError, request_id: str) -> tuple[int, Mapping[str, Any], dict[str, str]]:
        """Status, body and headers for a refusal."""
        row = self.row(error)
        return row.status, self.body(row, error, request_id), _headers(error)

    def answer_unexpected(self, request_id: str) -> tuple[int, Mapping[str, Any], dict[str, str]]:
        """Status, body and headers for a failure on our side, without its details."""
        error = DomainError("Something went wrong on our side.")
        return self.internal.status, self.body(self.internal, error, request_id), {}


def challenge(error: Unauthenticated) -> str:
    """What ``WWW-Authenticate`` says (RFC 6750): with a reason only if a key came along."""
    return "Bearer" if isinstance(error, MissingKey) else 'Bearer error="invalid_token"'


def _headers(error: DomainError) -> dict[str, str]:
    match error:
        case RateLimited() | Unavailable():
            return {"Retry-After": str(error.retry_after)}
        case Unauthenticated():
            return {"WWW-Authenticate": challenge(error)}
        case InsufficientScope():
            return {"WWW-Authenticate": 'Bearer error="insufficient_scope"'}
        case MethodNotAllowed():
            return {"Allow": ", ".join(error.allowed)}
        case _:
            return {}
