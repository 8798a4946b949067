"""What kie's codes mean: the ``code`` in a body counts, the HTTP status says little."""

from __future__ import annotations

import re
from collections.abc import Mapping
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
from darkroom_vendors.base import VendorResponse, failure, garbled, retry_after

POLICY = re.compile(
    r"prohibited|sensitive|nsfw|safety|violat|content policy|policies|moderat|copyright", re.IGNORECASE
)
_UNUSABLE = re.compile(r"model.*(not|un)\s?(found|supported|available)|not support", re.IGNORECASE)

_POLICY_CODES = frozenset({400, 422})
_REFUSALS: Mapping[int, type[EngineError]] = {
    400: Rejected,
    401: AccountTrouble,
    402: AccountTrouble,
    403: AccountTrouble,
    404: ModelRetired,
    413: Rejected,
    422: Rejected,
    500: ModelRetired,  # only if the message says so: an unknown model is a server error here
    505: ModelRetired,
}


def refusal(response: VendorResponse, code: int, message: str) -> EngineError:
    """The failure that a ``code`` other than 200 means, in a body or as a task's ``failCode``."""
    named = {"code": str(code)}
    if code in _POLICY_CODES and POLICY.search(message):
        return Blocked(message, **named)
    if code in (408, 429):
        return RateLimitedByVendor(message, retry_after=retry_after(response, usual=10), **named)
    if code == 455 or (code == 500 and not _UNUSABLE.search(message)):
        return VendorUnavailable(
            message, retry_after=retry_after(response, usual=60 if code == 455 else 5), **named
        )
    return _REFUSALS.get(code, RouteFailed)(message, **named)


def content_of(response: VendorResponse, *, committed: bool = False) -> Mapping[str, Any]:
    """The content of a response whose code is 200."""
    content = response.json()
    if not isinstance(content, dict) or not isinstance(content.get("code"), int):
        if response.ok and committed:
            raise garbled(response)
        if response.ok:
            raise VendorUnavailable("an unreadable response")
        raise failure(response, "a response without a code")
    if content["code"] != 200:
        raise refusal(
            response, content["code"], str(content.get("msg") or content.get("message") or "no message")
        )
    return content
