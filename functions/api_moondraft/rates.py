"""The documented rate limits: so many requests a minute per key and endpoint."""

from __future__ import annotations

from collections.abc import Mapping

from darkroom.domain.accounts.rate_limits import RatePolicy

PREFIX = "/moondraft/v1"

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
_JOBS = RatePolicy("moondraft-jobs", 120)  # ours: who polls asks more often than who waits
_OTHER = RatePolicy("moondraft", 60)


def policy(_method: str, path: str) -> RatePolicy:
    """The window a request falls under; an endpoint's methods share one."""
    if path.startswith(f"{PREFIX}/jobs/"):
        return _JOBS
    return _POLICIES.get(path, _OTHER)
