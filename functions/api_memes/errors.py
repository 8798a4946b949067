"""The memes error table: the contract's, with a row of its own for every way to be refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from darkroom.domain import errors
from darkroom.domain.errors import DomainError
from darkroom.http.errors import ErrorRow, ErrorTable

_INVALID = "invalid_request_error"
_AUTHENTICATION = "authentication_error"
_PERMISSION = "permission_error"
_CONFLICT = "conflict_error"
_QUOTA = "quota_error"
GENERATION = "generation_error"

ROWS: Mapping[type[DomainError], ErrorRow] = {
    errors.MissingParam: ErrorRow(400, _INVALID, "missing_required_param"),
    errors.InvalidParam: ErrorRow(400, _INVALID, "invalid_param"),
    errors.InvalidAspectRatio: ErrorRow(400, _INVALID, "invalid_aspect_ratio"),
    errors.CountOutOfRange: ErrorRow(400, _INVALID, "count_out_of_range"),
    errors.InvalidMask: ErrorRow(400, _INVALID, "invalid_mask"),
    errors.MalformedBody: ErrorRow(400, _INVALID, "invalid_body"),
    errors.UnsupportedVersion: ErrorRow(400, _INVALID, "unsupported_version"),
    errors.PayloadTooLarge: ErrorRow(400, _INVALID, "payload_too_large"),
    errors.UnknownOffer: ErrorRow(400, _INVALID, "model_unavailable"),
    errors.RetiredOffer: ErrorRow(400, _INVALID, "model_retired"),
    errors.MissingKey: ErrorRow(401, _AUTHENTICATION, "invalid_api_key"),
    errors.InvalidKey: ErrorRow(401, _AUTHENTICATION, "invalid_api_key"),
    errors.ExpiredKey: ErrorRow(401, _AUTHENTICATION, "expired_api_key"),
    errors.RevokedKey: ErrorRow(401, _AUTHENTICATION, "revoked_api_key"),
    errors.InsufficientScope: ErrorRow(403, _PERMISSION, "insufficient_scope"),
    errors.FeatureUnavailable: ErrorRow(403, _PERMISSION, "plan_feature_unavailable"),
    errors.NotFound: ErrorRow(404, "not_found_error", "resource_not_found"),
    errors.MethodNotAllowed: ErrorRow(405, _INVALID, "method_not_allowed"),
    errors.IdempotencyConflict: ErrorRow(409, _CONFLICT, "idempotency_conflict"),
    errors.AlreadyFinished: ErrorRow(409, _CONFLICT, "already_finished"),
    errors.InUse: ErrorRow(409, _CONFLICT, "in_use"),
    errors.ContentBlocked: ErrorRow(422, GENERATION, "content_blocked"),
    errors.GenerationFailed: ErrorRow(422, GENERATION, "generation_failed"),
    errors.GenerationTimedOut: ErrorRow(422, GENERATION, "generation_timed_out"),
    errors.RateLimited: ErrorRow(429, "rate_limit_error", "rate_limited"),
    errors.InsufficientCredits: ErrorRow(429, _QUOTA, "quota_exceeded"),
    errors.FeatureQuotaExceeded: ErrorRow(429, _QUOTA, "feature_quota_exceeded"),
    errors.Unavailable: ErrorRow(503, "service_unavailable", "temporarily_unavailable"),
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


TABLE = ErrorTable(ROWS, ErrorRow(500, "api_error", "internal_error"), _body)
