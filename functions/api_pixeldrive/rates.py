"""Rate limits: the documented one of previews, and a generous one for everything else."""

from __future__ import annotations

from darkroom.domain.accounts.rate_limits import RatePolicy

# "Per user": all keys of a workspace share it, and so do REST and the tool for agents.
PREVIEWS = RatePolicy("pixeldrive-previews", 60, shared=True)
REQUESTS = RatePolicy("pixeldrive", 1200)


def policy(_method: str, _path: str) -> RatePolicy:
    """The window a request falls under, unless its body asks for a preview."""
    return REQUESTS
