"""What the read that admits a request also reads: the brand kit and the carousel's plan that it names.

Nothing is validated here: what does not look right is not looked up, and its route refuses it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from darkroom.domain.accounts.prefetch import PrefetchKey
from darkroom.domain.brands.prefetch import BrandKitKey
from darkroom.domain.carousels.plan import PlanKey
from darkroom.domain.ids import is_uuid
from darkroom.http.dialect import Prefetch
from darkroom.http.request_context import RequestContext

_KEYS: tuple[tuple[str, Callable[[str], PrefetchKey[Any]]], ...] = (
    ("brand_kit_id", BrandKitKey),
    ("plan_id", PlanKey),
)


def prefetch(request: RequestContext) -> Prefetch:
    """What a request's route will need."""
    if request.event.http_method != "POST":
        return Prefetch()
    body = request.read_ahead() or {}
    named = ((kind, body.get(member)) for member, kind in _KEYS)
    return Prefetch(tuple(kind(name) for kind, name in named if isinstance(name, str) and is_uuid(name)))
