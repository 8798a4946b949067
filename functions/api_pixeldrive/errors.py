"""The pixeldrive error table: a status, a word for programs, and one sentence in ``error``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from darkroom.domain import errors
from darkroom.domain.errors import DomainError, InvalidParam
from darkroom.http.errors import ErrorRow, ErrorTable

# The contract names statuses and nothing else; the words are ours.
ROWS: Mapping[type[DomainError], ErrorRow] = {
    kind: ErrorRow(status, "", code)
    for kind, (status, code) in {
        errors.MissingParam: (400, "missing_param"),
        errors.InvalidParam: (400, "invalid_param"),
        errors.InvalidAspectRatio: (400, "invalid_param"),
        errors.CountOutOfRange: (400, "invalid_param"),
        errors.InvalidMask: (400, "invalid_param"),
        errors.MalformedBody: (400, "invalid_body"),
        errors.UnsupportedVersion: (400, "unsupported_version"),
        errors.MissingKey: (401, "unauthorized"),
        errors.InvalidKey: (401, "unauthorized"),
        errors.ExpiredKey: (401, "unauthorized"),
        errors.RevokedKey: (401, "unauthorized"),
        errors.InsufficientCredits: (402, "no_credits"),
        errors.FeatureUnavailable: (402, "plan_feature_unavailable"),
        errors.FeatureQuotaExceeded: (402, "plan_quota_exceeded"),
        errors.InsufficientScope: (403, "insufficient_scope"),
        errors.NotFound: (404, "not_found"),
        errors.MethodNotAllowed: (405, "method_not_allowed"),
        errors.IdempotencyConflict: (409, "idempotency_conflict"),
        errors.AlreadyFinished: (409, "already_finished"),
        errors.InUse: (409, "in_use"),
        errors.PayloadTooLarge: (413, "payload_too_large"),
        errors.ContentBlocked: (422, "content_blocked"),
        errors.RateLimited: (429, "rate_limited"),
        errors.GenerationFailed: (500, "render_failed"),
        errors.UnknownOffer: (503, "unavailable"),
        errors.RetiredOffer: (503, "unavailable"),
        errors.GenerationTimedOut: (503, "render_timed_out"),
        errors.Unavailable: (503, "unavailable"),
    }.items()
}


def _body(row: ErrorRow, error: DomainError, request_id: str) -> Mapping[str, Any]:
    body: dict[str, Any] = {"error": error.detail, "code": row.code, "requestId": request_id}
    mistakes = (error, *(error.also if isinstance(error, InvalidParam) else ()))
    if error.param is not None:
        body["details"] = [{"path": one.param, "message": one.detail} for one in mistakes]
    return body


TABLE = ErrorTable(ROWS, ErrorRow(500, "", "internal_error"), _body)
