"""What the read that admits a request also reads: the brand kit that it names.

Nothing is validated here: what does not look right is not looked up, and its route refuses it.
"""

from __future__ import annotations

from darkroom.domain.brands.prefetch import BrandKitKey
from darkroom.domain.errors import DomainError
from darkroom.domain.ids import is_uuid
from darkroom.http.dialect import Prefetch
from darkroom.http.request_context import RequestContext


def prefetch(request: RequestContext) -> Prefetch:
    """What a request's route will need."""
    if request.event.http_method != "POST":
        return Prefetch()
    try:
        kit_id = request.json_object().get("brand_kit_id")
    except DomainError:
        return Prefetch()
    return Prefetch((BrandKitKey(kit_id),)) if isinstance(kit_id, str) and is_uuid(kit_id) else Prefetch()
