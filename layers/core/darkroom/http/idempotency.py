"""Idempotency keys of HTTP requests: where they are sent, how they are stored, how an answer is repeated."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from darkroom.domain.errors import InvalidParam, InvalidRequest, PayloadTooLarge
from darkroom.http import bodies
from darkroom.services.idempotency import IdempotencyContext, replay

if TYPE_CHECKING:
    from darkroom.domain.writes import StoredResponse
    from darkroom.http.request_context import RequestContext

HEADER = "Idempotency-Key"
MAX_KEY_CHARS = 255


def header_key(request: RequestContext) -> str | None:
    """The key in the ``Idempotency-Key`` header of a POST, where most dialects' clients send it.

    Raises
    ------
    InvalidParam
    """
    key = request.header(HEADER) if request.event.http_method == "POST" else None
    if key is None:
        return None
    if not key.strip() or len(key) > MAX_KEY_CHARS or not key.isprintable():
        raise InvalidParam(f"{HEADER} must have 1 to {MAX_KEY_CHARS} printable characters.", param=HEADER)
    return key


def stored_key(request: RequestContext) -> str | None:
    """The request's key as it is stored: with the dialect's name, so that dialects' keys never collide.

    Raises
    ------
    InvalidRequest, PayloadTooLarge
        The key is not valid.
    """
    key = request.dialect.idempotency(request)
    return None if key is None else f"{request.dialect.name}:{key}"


def lookup_key(request: RequestContext) -> str | None:
    """The key to look up while the request is authenticated. An invalid one is only refused after that."""
    try:
        return stored_key(request)
    except (InvalidRequest, PayloadTooLarge):
        return None


def context_for[T](
    request: RequestContext,
    render: Callable[[T], StoredResponse],
    normalized: Callable[[], str] = lambda: "",
) -> IdempotencyContext[T] | None:
    """What a service needs to do the request once; ``None`` if the client sent no key.

    Call it after the scope is checked and before the body is validated, so that a repeated request gets its first
    answer whatever has changed since. ``normalized`` is asked for what recognizes the same request in other words.

    Raises
    ------
    AlreadyAnswered, IdempotencyConflict
        The key was used before.
    """
    key = stored_key(request)
    if key is None or request.caller is None:
        return None
    fingerprint = bodies.fingerprint(request.event, request.dialect.max_body_bytes)
    record, in_other_words = request.caller.idempotency_record, normalized()
    replay(record, fingerprint, in_other_words)
    return IdempotencyContext(key, fingerprint, render, request.dialect.retention, in_other_words)
