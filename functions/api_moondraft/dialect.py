"""The moondraft dialect's settings: its prefix, its rate limits, its errors."""

from __future__ import annotations

from collections.abc import Mapping

from api_moondraft.errors import TABLE
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.http import visitors
from darkroom.http.dialect import Dialect
from darkroom.http.request_context import RequestContext

PREFIX = "/moondraft/v1"

# Requests a minute per key and endpoint, as documented. An endpoint's methods share one window.
LIMITS: Mapping[str, int] = {
    "/generate": 10,
    "/generate/batch": 3,
    "/edit": 10,
    "/video": 5,
    "/enhance": 10,
    "/prompt/refine": 20,
    "/credits": 30,
    "/usage": 10,
    "/credits/buy": 5,
    "/credits/auto-reload": 10,
    "/auth/send-code": 3,
    "/auth/verify": 5,
}

_POLICIES = {
    PREFIX + path: RatePolicy("moondraft-" + path[1:].replace("/", "-"), limit)
    for path, limit in LIMITS.items()
}
_JOBS = RatePolicy("moondraft-jobs", 120)  # not documented: clients that poll ask more often
_OTHER = RatePolicy("moondraft", 60)


def policy(_method: str, path: str) -> RatePolicy:
    """The rate window of a request."""
    if path.startswith(f"{PREFIX}/jobs/"):
        return _JOBS
    return _POLICIES.get(path, _OTHER)


def visitor(request: RequestContext) -> str | None:
    """Who to count a request without a key for; the document is free."""
    return None if request.route_path == "/openapi.json" else visitors.network(request)


DIALECT = Dialect(
    name="moondraft",
    errors=TABLE,
    policy=policy,
    prefixes=(PREFIX,),
    max_body_bytes=50 * 1024 * 1024,
    visitor=visitor,
)
