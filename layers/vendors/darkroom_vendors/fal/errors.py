"""What fal's refusals mean.

They come in two shapes: a model's errors are a list in ``detail``, each with a ``type``; the platform's are a text
there with an ``error_type`` beside it. A refusal of a request that has ended is final: looking again shows the same.
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
# Model errors that are no fault of the input, whatever their status is.
_THEIRS = frozenset(
    {
        "generation_timeout",
        "downstream_service_error",
        "downstream_service_unavailable",
        "internal_server_error",
    }
)


def refusal(reply: VendorResponse) -> EngineError:
    """What a refused submission or look means: nothing has ended, so it may be tried again."""
    found = _judged(reply)
    if isinstance(found, VendorUnavailable) and _retryable(reply) is False:
        return RouteFailed(str(found), code=found.code, request_id=found.request_id)
    return found


def ending(reply: VendorResponse) -> EngineError:
    """What the refusal that is an ended request's result means.

    What the vendor might do better another time is nothing to wait for here: the request itself stays as it ended.
    """
    found = _judged(reply)
    if isinstance(found, ModelRetired) and not _NO_ENDPOINT.search(_message(reply)):
        return RouteFailed(str(found), code=found.code, request_id=found.request_id)
    final = isinstance(found, RateLimitedByVendor) or (
        isinstance(found, AccountTrouble) and reply.status != 401
    )
    if final and _spoken(reply):
        return RouteFailed(str(found), code=found.code, request_id=found.request_id)
    return found


def still_running(reply: VendorResponse) -> bool:
    """Whether a result was asked for too early."""
    return reply.status == 202 or (reply.status == 400 and bool(_STILL_RUNNING.search(_message(reply))))


def request_id(reply: VendorResponse) -> str:
    """What fal calls the request."""
    return reply.headers.get("x-fal-request-id", "")


def _judged(reply: VendorResponse) -> EngineError:
    code, message = _code(reply), _message(reply)
    told, named = f"status {reply.status}: {message}"[:500], {"code": code, "request_id": request_id(reply)}
    if code == _BLOCKED or (reply.status in _INPUT and _POLICY.search(message)):
        return Blocked(told, **named)
    theirs = code in _THEIRS or code.startswith("runner_") or _retryable(reply) is True
    if reply.status in _INPUT:
        return (
            VendorUnavailable(told, retry_after=retry_after(reply), **named)
            if theirs
            else Rejected(told, **named)
        )
    return failure(reply, message, **named)


def _code(reply: VendorResponse) -> str:
    """The first word the vendor has for it; a policy's word counts more than others in the same list."""
    said = _said(reply)
    types = [str(one["type"]) for one in _details(said) if one.get("type")]
    if _BLOCKED in types:
        return _BLOCKED
    told = [*types, str(said.get("error_type") or ""), reply.headers.get("x-fal-error-type", "")]
    return next((one for one in told if one), str(reply.status))


def _message(reply: VendorResponse) -> str:
    said = _said(reply)
    detail = said.get("detail")
    if isinstance(detail, str):
        return detail
    return "; ".join(str(one.get("msg") or one.get("type")) for one in _details(said)) or "no message"


def _details(said: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return mappings(said.get("detail"))


def _said(reply: VendorResponse) -> Mapping[str, Any]:
    return mapping(reply.json())


def _spoken(reply: VendorResponse) -> bool:
    """Whether it is the model or the platform that speaks, and not something between us."""
    return bool(_said(reply).get("detail")) or "x-fal-error-type" in reply.headers


def _retryable(reply: VendorResponse) -> bool | None:
    told = reply.headers.get("x-fal-retryable") or reply.headers.get("x-fal-needs-retry")
    return None if told is None else told.strip().lower() in ("true", "1")
