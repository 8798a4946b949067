"""The gencraft error table: the contract's types, and its words for what it does not speak of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from darkroom.domain import errors
from darkroom.domain.errors import DomainError
from darkroom.http.errors import ErrorRow, ErrorTable


def _row(status: int, type_: str) -> ErrorRow:
    return ErrorRow(status, type_, type_)  # this contract has no codes beside its types


_INVALID = _row(400, "invalid_request")
_BAD_KEY = _row(401, "invalid_api_key")
_FORBIDDEN = _row(403, "forbidden")
_CONFLICT = _row(409, "conflict")
_UPSTREAM = _row(500, "upstream_error")

ROWS: Mapping[type[DomainError], ErrorRow] = {
    errors.MissingParam: _INVALID,
    errors.InvalidParam: _INVALID,
    errors.InvalidAspectRatio: _INVALID,
    errors.CountOutOfRange: _INVALID,
    errors.InvalidMask: _INVALID,
    errors.MalformedBody: _INVALID,
    errors.UnsupportedVersion: _INVALID,
    errors.UnknownOffer: _INVALID,
    errors.PayloadTooLarge: _row(413, "invalid_request"),
    errors.RetiredOffer: _row(410, "invalid_request"),
    errors.MissingKey: _row(401, "unauthorized"),
    errors.InvalidKey: _BAD_KEY,
    errors.ExpiredKey: _BAD_KEY,
    errors.RevokedKey: _BAD_KEY,
    errors.InsufficientScope: _FORBIDDEN,
    errors.FeatureUnavailable: _FORBIDDEN,
    errors.InsufficientCredits: _row(402, "insufficient_credits"),
    errors.FeatureQuotaExceeded: _row(402, "quota_exceeded"),
    errors.NotFound: _row(404, "not_found"),
    errors.MethodNotAllowed: _row(405, "invalid_request"),
    errors.IdempotencyConflict: _CONFLICT,
    errors.AlreadyFinished: _CONFLICT,
    errors.InUse: _CONFLICT,
    errors.ContentBlocked: _UPSTREAM,
    errors.GenerationFailed: _UPSTREAM,
    errors.GenerationTimedOut: _UPSTREAM,
    errors.RateLimited: _row(429, "rate_limited"),
    errors.Unavailable: _row(503, "upstream_error"),
}


def _body(row: ErrorRow, error: DomainError, request_id: str) -> Mapping[str, Any]:  # noqa: ARG001
    # The contract's messages end without a full stop.
    return {"error": {"type": row.type, "message": error.detail.removesuffix(".")}}


TABLE = ErrorTable(ROWS, _UPSTREAM, _body)
