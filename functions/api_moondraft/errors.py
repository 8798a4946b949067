"""The moondraft error table: a status for every way to be refused, and one sentence in ``error``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from darkroom.domain import errors
from darkroom.domain.errors import DomainError, PayloadTooLarge
from darkroom.http.errors import ErrorRow, ErrorTable

# This API has a status and a sentence for each error, and neither types nor codes.
_STATUSES: Mapping[type[DomainError], int] = {
    errors.MissingParam: 400,
    errors.InvalidParam: 400,
    errors.InvalidAspectRatio: 400,
    errors.CountOutOfRange: 400,
    errors.InvalidMask: 400,
    errors.MalformedBody: 400,
    errors.UnsupportedVersion: 400,
    errors.MissingKey: 401,
    errors.InvalidKey: 401,
    errors.ExpiredKey: 401,
    errors.RevokedKey: 401,
    errors.InsufficientScope: 401,
    errors.FeatureUnavailable: 402,
    errors.InsufficientCredits: 402,
    errors.FeatureQuotaExceeded: 402,
    errors.NotFound: 404,
    errors.MethodNotAllowed: 405,
    errors.IdempotencyConflict: 409,
    errors.AlreadyFinished: 409,
    errors.InUse: 409,
    errors.ContentBlocked: 410,
    errors.PayloadTooLarge: 413,
    errors.RateLimited: 429,
    errors.GenerationFailed: 500,
    errors.UnknownOffer: 503,
    errors.RetiredOffer: 503,
    errors.GenerationTimedOut: 503,
    errors.Unavailable: 503,
}

ROWS: Mapping[type[DomainError], ErrorRow] = {
    kind: ErrorRow(status, "", "") for kind, status in _STATUSES.items()
}

_INSTEAD = "Send a smaller file, or the https URL of the file, or the id of a stored asset instead."


def _body(row: ErrorRow, error: DomainError, request_id: str) -> Mapping[str, Any]:  # noqa: ARG001 - the table's
    if isinstance(error, PayloadTooLarge):
        return {"error": f"Payload too large: {error.detail} {_INSTEAD}"}
    return {"error": error.detail}


TABLE = ErrorTable(ROWS, ErrorRow(500, "", ""), _body)
