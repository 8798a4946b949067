"""Rate limit headers: the three documented ones and the IETF draft's two beside them."""

from __future__ import annotations

from darkroom.domain.accounts.rate_limits import WINDOW_SECONDS, RatePolicy, RateWindow


def of_window(window: RateWindow) -> dict[str, str]:
    """For a request counted in ``window``."""
    return _headers(window.policy, window.remaining_after, window.reset_seconds)


def of_refusal(policy: RatePolicy, retry_after: int) -> dict[str, str]:
    """For a refused request: none is left, and the next one is allowed after ``retry_after`` seconds."""
    return _headers(policy, 0, retry_after)


def of_unauthenticated(policy: RatePolicy) -> dict[str, str]:
    """For an unauthenticated request: it counts against no window, so a whole one is left."""
    return _headers(policy, policy.limit, WINDOW_SECONDS)


def _headers(policy: RatePolicy, remaining: int, reset: int) -> dict[str, str]:
    return {
        "RateLimit-Limit": str(policy.limit),
        "RateLimit-Remaining": str(remaining),
        "RateLimit-Reset": str(reset),
        "RateLimit-Policy": f'"{policy.name}";q={policy.limit};w={WINDOW_SECONDS}',
        "RateLimit": f'"{policy.name}";r={remaining};t={reset}',
    }
