"""The agent error table: every refusal has the shape of the one the contract shows, its reason in ``data.error``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from darkroom.catalog_data.agent import PRICE_VERSION
from darkroom.domain import errors
from darkroom.domain.errors import DomainError
from darkroom.http.errors import ErrorRow, ErrorTable


def _row(status: int, code: str) -> ErrorRow:
    return ErrorRow(status, "", code)  # the contract has no types beside its codes


ROWS: Mapping[type[DomainError], ErrorRow] = {
    errors.MissingParam: _row(400, "missing_param"),
    errors.InvalidParam: _row(400, "invalid_param"),
    errors.InvalidAspectRatio: _row(400, "invalid_aspect_ratio"),
    errors.CountOutOfRange: _row(400, "count_out_of_range"),
    errors.InvalidMask: _row(400, "invalid_mask"),
    errors.MalformedBody: _row(400, "invalid_body"),
    errors.UnknownOffer: _row(400, "unknown_model"),
    errors.MissingKey: _row(401, "missing_token"),
    errors.InvalidKey: _row(401, "invalid_token"),
    errors.ExpiredKey: _row(401, "expired_token"),
    errors.RevokedKey: _row(401, "revoked_token"),
    errors.InsufficientCredits: _row(402, "insufficient_credits"),
    errors.InsufficientScope: _row(403, "insufficient_scope"),
    errors.FeatureUnavailable: _row(403, "plan_feature_unavailable"),
    errors.NotFound: _row(404, "not_found"),
    errors.MethodNotAllowed: _row(405, "method_not_allowed"),
    errors.IdempotencyConflict: _row(409, "request_id_conflict"),
    errors.UnsupportedVersion: _row(409, "price_version_mismatch"),
    errors.AlreadyFinished: _row(409, "already_finished"),
    errors.InUse: _row(409, "in_use"),
    errors.RetiredOffer: _row(410, "model_retired"),
    errors.PayloadTooLarge: _row(413, "payload_too_large"),
    errors.ContentBlocked: _row(422, "content_blocked"),
    errors.GenerationFailed: _row(422, "generation_failed"),
    errors.GenerationTimedOut: _row(422, "generation_timed_out"),
    errors.RateLimited: _row(429, "rate_limited"),
    errors.FeatureQuotaExceeded: _row(429, "feature_quota_exceeded"),
    errors.Unavailable: _row(503, "temporarily_unavailable"),
}
INTERNAL = _row(500, "internal_error")

_FIX = "Correct the field named in param and send the request again."
_NEW_PROMPT = "Change the prompt or the input images."
SUGGESTIONS: Mapping[str, str] = {
    "missing_param": _FIX,
    "invalid_param": _FIX,
    "invalid_aspect_ratio": _FIX,
    "count_out_of_range": _FIX,
    "invalid_mask": _FIX,
    "invalid_body": "Send one JSON object in UTF-8.",
    "unknown_model": "Choose an id from GET /v1/models/list.",
    "missing_token": "Send 'Authorization: Bearer <api_key or access_token>'.",
    "invalid_token": "Get a new identity token and exchange it, or ask the owner for a working API key.",
    "expired_token": "Exchange a fresh identity token at POST /auth/moltbook/exchange.",
    "revoked_token": "Ask the owner for a working API key.",
    "insufficient_credits": "Use a cheaper model or ask the owner to top up.",
    "insufficient_scope": "Ask the owner for a key with the scope named in message.",
    "plan_feature_unavailable": "Ask the owner to change the plan.",
    "not_found": "Check the path and the id.",
    "method_not_allowed": "Use a method named in message.",
    "request_id_conflict": "Use a new request_id for a different request.",
    "price_version_mismatch": "Estimate again, then send the price_version given here.",
    "already_finished": "Read the task; it can no longer be changed.",
    "in_use": "Delete what uses it first.",
    "model_retired": "Use the model named in replacement.",
    "payload_too_large": "Send input images as https URLs in input_image_urls.",
    "content_blocked": _NEW_PROMPT,
    "generation_failed": _NEW_PROMPT,
    "generation_timed_out": "Try again with a new request_id.",
    "rate_limited": "Wait retry_after seconds.",
    "feature_quota_exceeded": "Wait for the 30-day window to move on or ask the owner to change the plan.",
    "temporarily_unavailable": "Wait retry_after seconds and send the same request again.",
    "internal_error": "Send the same request again; the same request_id is never charged twice.",
}


def _body(row: ErrorRow, error: DomainError, request_id: str) -> Mapping[str, Any]:
    suggestion = SUGGESTIONS[row.code]
    if isinstance(error, errors.InsufficientCredits):
        # Exactly as the contract shows it, with nothing beside.
        data = {"required": error.required, "available": error.available, "suggestion": suggestion}
    else:
        details = {"message": error.detail, "param": error.param, **_details(error)}
        data = {**details, "suggestion": suggestion, "request_id": request_id}
    return {"code": 0, "message": "ok", "data": {"error": row.code, **data}}


def _details(error: DomainError) -> Mapping[str, Any]:
    match error:
        case errors.RetiredOffer():
            return {"replacement": error.replacement}
        case errors.IdempotencyConflict():
            return {"param": "request_id"}
        case errors.UnsupportedVersion():
            return {"price_version": PRICE_VERSION}
        case errors.RateLimited() | errors.Unavailable():
            return {"retry_after": error.retry_after}
        case _:
            return {}


TABLE = ErrorTable(ROWS, INTERNAL, _body)
