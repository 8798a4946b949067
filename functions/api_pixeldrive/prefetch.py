"""What a request's admission reads along: the template, and the finished render of the same payload.

With that a render that was made before is answered with a single read. Nothing is judged here: what does not look
right is not looked up, and its route says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api_pixeldrive.rates import PREVIEWS
from darkroom.domain.errors import DomainError
from darkroom.domain.ids import is_uuid
from darkroom.domain.renders.renders import payload_key
from darkroom.http.api import Prefetch, RequestContext

PREFIX = "/pixeldrive/v1"
RENDER, BATCH, TEMPLATES = f"{PREFIX}/render", f"{PREFIX}/render/batch", f"{PREFIX}/templates/"


def prefetch(current: RequestContext) -> Prefetch:
    """What the request under way will want to know."""
    method, path = current.event.http_method, current.event.path
    if method != "POST" or path not in (RENDER, BATCH):
        return Prefetch()
    try:
        body = current.json_object()
    except DomainError:
        return Prefetch()
    return of_render(body) if path == RENDER else Prefetch(_template_id(body))


def of_render(body: Mapping[str, Any]) -> Prefetch:
    """What a render or preview will want to know, from an unjudged body."""
    template_id, payload, ratio = _template_id(body), body.get("payload"), body.get("pixelRatio")
    if body.get("preview") is True:
        return Prefetch(template_id, policy=PREVIEWS)
    ratio = 1 if ratio is None else ratio
    if not isinstance(payload, dict) or isinstance(ratio, bool) or not isinstance(ratio, int | float):
        return Prefetch(template_id)
    return Prefetch(template_id, payload_key(payload, ratio))


def _template_id(body: Mapping[str, Any]) -> str | None:
    given = body.get("templateId")
    known = given.lower() if isinstance(given, str) else ""
    return known if is_uuid(known) else None
