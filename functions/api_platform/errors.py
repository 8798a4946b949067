"""The platform's error table: one flat envelope with our own codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from darkroom.domain import errors
from darkroom.domain.errors import DomainError
from darkroom.http.errors import ErrorRow, ErrorTable

_INVALID = "invalid_request"

ROWS: Mapping[type[DomainError], ErrorRow] = {
    errors.MissingParam: ErrorRow(400, _INVALID, "missing_param"),
    errors.InvalidParam: ErrorRow(400, _INVALID, "invalid_param"),
    errors.InvalidAspectRatio: ErrorRow(400, _INVALID, "invalid_param"),
    errors.CountOutOfRange: ErrorRow(400, _INVALID, "invalid_param"),
    errors.InvalidMask: ErrorRow(400, _INVALID, "invalid_param"),
    errors.MalformedBody: ErrorRow(400, _INVALID, "invalid_body"),
    errors.UnsupportedVersion: ErrorRow(400, _INVALID, "unsupported_version"),
    errors.PayloadTooLarge: ErrorRow(413, _INVALID, "payload_too_large"),
    errors.MissingKey: ErrorRow(401, "authentication", "invalid_api_key"),
    errors.InvalidKey: ErrorRow(401, "authentication", "invalid_api_key"),
    errors.ExpiredKey: ErrorRow(401, "authentication", "expired_api_key"),
    errors.RevokedKey: ErrorRow(401, "authentication", "revoked_api_key"),
    errors.InsufficientScope: ErrorRow(403, "permission", "insufficient_scope"),
    errors.FeatureUnavailable: ErrorRow(403, "permission", "plan_feature_unavailable"),
    errors.NotFound: ErrorRow(404, "not_found", "not_found"),
    errors.MethodNotAllowed: ErrorRow(405, _INVALID, "method_not_allowed"),
    errors.IdempotencyConflict: ErrorRow(409, "conflict", "idempotency_conflict"),
    errors.AlreadyFinished: ErrorRow(409, "conflict", "already_finished"),
    errors.InUse: ErrorRow(409, "conflict", "in_use"),
    errors.ContentBlocked: ErrorRow(422, "generation", "content_blocked"),
    errors.GenerationFailed: ErrorRow(422, "generation", "generation_failed"),
    errors.GenerationTimedOut: ErrorRow(422, "generation", "generation_timed_out"),
    errors.RateLimited: ErrorRow(429, "rate_limit", "rate_limited"),
    errors.InsufficientCredits: ErrorRow(402, "quota", "insufficient_credits"),
    errors.FeatureQuotaExceeded: ErrorRow(429, "quota", "feature_quota_exceeded"),
    errors.UnknownOffer: ErrorRow(400, _INVALID, "model_unavailable"),
    errors.RetiredOffer: ErrorRow(410, _INVALID, "model_retired"),
    errors.Unavailable: ErrorRow(503, "unavailable", "temporarily_unavailable"),
}


def _body(row: ErrorRow, error: DomainError, request_id: str) -> Mapping[str, Any]:
    return {
        "error": {
            "type": row.type,
            "code": row.code,
            "message": error.detail,
            "param": error.param,
            "request_id": request_id,
        }
    }


TABLE = ErrorTable(ROWS, ErrorRow(500, "internal", "internal_error"), _body)
