"""What fal's errors mean.

They have two shapes: a model's errors are a list in ``detail``, each with a ``type``; the platform's are a text there
with an ``error_type`` beside it. The error of a request that has ended is final: polling again gives the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    Blocked,
    EngineError,
    ModelRetired,
    RateLimitedByVendor,
    Rejected,
    RouteFailed,
    VendorUnavailable,
)
from darkroom_vendors.base import VendorResponse, failure, retry_after
from darkroom_vendors.json_access import mapping, mappings

_BLOCKED = "content_policy_violation"
_POLICY = re.compile(r"content polic|safety (checker|filter|system)|nsfw|moderat", re.IGNORECASE)
_NO_ENDPOINT = re.compile(r"\b(path|application|app|model|endpoint)\b", re.IGNORECASE)
_STILL_RUNNING = re.compile(r"still in progress", re.IGNORECASE)
_INPUT = (400, 413, 415, 422)
# Model errors that are not the input's fault, whatever their status is.
_THEIRS = frozenset(
    {
        "generation_timeout",
        "downstream_service_error",
        "downstream_service_unavailable",
        "internal_server_error",
    }
)


def refusal(response: VendorResponse) -> EngineError:
    """The failure that an error of a submission or a poll means: nothing has ended, so it may be repeated."""
    error = _judged(response)
    if isinstance(error, VendorUnavailable) and _retryable(response) is False:
        return RouteFailed(str(error), code=error.code, request_id=error.request_id)
    return error


def ending(response: VendorResponse) -> EngineError:
    """The failure that an error as an ended request's result means.

    A retryable error is final here too, because the request itself has ended.
    """
    error = _judged(response)
    if isinstance(error, ModelRetired) and not _NO_ENDPOINT.search(_message(response)):
        return RouteFailed(str(error), code=error.code, request_id=error.request_id)
    final = isinstance(error, RateLimitedByVendor) or (
        isinstance(error, AccountTrouble) and response.status != 401
    )
    if final and _spoken(response):
        return RouteFailed(str(error), code=error.code, request_id=error.request_id)
    return error


def still_running(response: VendorResponse) -> bool:
    """Whether the result was fetched too early."""
    return response.status == 202 or (
        response.status == 400 and bool(_STILL_RUNNING.search(_message(response)))
    )


def request_id(response: VendorResponse) -> str:
    """The id that fal has for the request."""
    return response.headers.get("x-fal-request-id", "")


def _judged(response: VendorResponse) -> EngineError:
    code, message = _code(response), _message(response)
    text, named = (
        f"status {response.status}: {message}"[:500],
        {"code": code, "request_id": request_id(response)},
    )
    if code == _BLOCKED or (response.status in _INPUT and _POLICY.search(message)):
        return Blocked(text, **named)
    theirs = code in _THEIRS or code.startswith("runner_") or _retryable(response) is True
    if response.status in _INPUT:
        return (
            VendorUnavailable(text, retry_after=retry_after(response), **named)
            if theirs
            else Rejected(text, **named)
        )
    return failure(response, message, **named)


def _code(response: VendorResponse) -> str:
    """The vendor's first code of the error; a policy's code in the list comes before the others."""
    content = _said(response)
    types = [str(one["type"]) for one in _details(content) if one.get("type")]
    if _BLOCKED in types:
        return _BLOCKED
    codes = [*types, str(content.get("error_type") or ""), response.headers.get("x-fal-error-type", "")]
    return next((one for one in codes if one), str(response.status))


def _message(response: VendorResponse) -> str:
    content = _said(response)
    detail = content.get("detail")
    if isinstance(detail, str):
        return detail
    return "; ".join(str(one.get("msg") or one.get("type")) for one in _details(content)) or "no message"


def _details(content: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return mappings(content.get("detail"))


def _said(response: VendorResponse) -> Mapping[str, Any]:
    return mapping(response.json())


def _spoken(response: VendorResponse) -> bool:
    """Whether the model or the platform sent the error, and not a proxy."""
    return bool(_said(response).get("detail")) or "x-fal-error-type" in response.headers


def _retryable(response: VendorResponse) -> bool | None:
    retryable = response.headers.get("x-fal-retryable") or response.headers.get("x-fal-needs-retry")
    return None if retryable is None else retryable.strip().lower() in ("true", "1")
