"""What differs between dialects on the way of a request through the pipeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from darkroom.domain.accounts.prefetch import PrefetchKey
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.http.errors import ErrorTable
from darkroom.http.idempotency import header_key
from darkroom.services.idempotency import RETENTION

if TYPE_CHECKING:
    from darkroom.http.request_context import RequestContext


@dataclass(frozen=True, slots=True)
class Prefetch:
    """What the read that admits a request also reads, and the rate window, if it is not its path's."""

    keys: tuple[PrefetchKey[Any], ...] = ()
    policy: RatePolicy | None = None


@dataclass(frozen=True, slots=True)
class Dialect:
    """A dialect's settings for the pipeline.

    ``policy``
        The rate window of a method and path.
    ``prefixes``
        Every route is served below each of them.
    ``max_body_bytes``
        Enforced here, because no gateway in front can be relied on to do it.
    ``headers``
        Headers of every answer.
    ``check``
        May refuse an authenticated request before its route runs.
    ``idempotency``
        A request's idempotency key. It is asked for before the request is authenticated, so that one read
        also fetches the earlier answer; answers are kept for ``retention``.
    ``visitor``
        Identifies the client of a public route whose rate is limited nevertheless.
    ``prefetch``
        Reads from the unvalidated request what its route will need. Invalid requests prefetch nothing.
    """

    name: str
    errors: ErrorTable
    policy: Callable[[str, str], RatePolicy]
    prefixes: tuple[str, ...]
    max_body_bytes: int = 1024 * 1024
    headers: Callable[[RequestContext], Mapping[str, str]] = field(default=lambda _: {})
    check: Callable[[RequestContext], None] = field(default=lambda _: None)
    idempotency: Callable[[RequestContext], str | None] = header_key
    retention: timedelta = RETENTION
    visitor: Callable[[RequestContext], str | None] = field(default=lambda _: None)
    prefetch: Callable[[RequestContext], Prefetch] = field(default=lambda _: Prefetch())
