"""What the read that admits a request also reads: the template, and the finished render of the same payload.

With that, a render that was made before is answered with a single read. Nothing is validated here: what does not look
right is not looked up, and its route refuses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.domain.errors import InvalidParam
from darkroom.domain.ids import is_uuid
from darkroom.domain.jobs.spec import Encoding, RenderFormat
from darkroom.domain.renders.names import MEDIA, encoding, payload_key
from darkroom.domain.renders.prefetch import RenderKey, TemplateKey
from darkroom.http.dialect import Prefetch
from darkroom.http.request_context import MAX_READ_AHEAD, RequestContext

RENDER, BATCH = "/render", "/render/batch"

# Documented as "per user": all keys of a workspace share it, and so do REST and the tool for agents.
PREVIEWS = RatePolicy("pixeldrive-previews", 60, shared=True)
REQUESTS = RatePolicy("pixeldrive", 1200)


def prefetch(request: RequestContext) -> Prefetch:
    """What a request's route will need."""
    if request.event.http_method != "POST" or request.route_path not in (RENDER, BATCH):
        return Prefetch()
    if len(request.event.body or "") > MAX_READ_AHEAD:  # counts as a preview where it could be one
        return Prefetch(policy=PREVIEWS if request.route_path == RENDER else None)
    body = request.read_ahead()
    if body is None:
        return Prefetch()
    return of_render(body) if request.route_path == RENDER else Prefetch(_template_keys(body))


def of_render(body: Mapping[str, Any]) -> Prefetch:
    """What a render or preview will need, from an unvalidated body."""
    keys, payload, ratio = _template_keys(body), body.get("payload"), body.get("pixelRatio")
    if body.get("preview") is True:
        return Prefetch(keys, PREVIEWS)
    ratio, written = 1 if ratio is None else ratio, _encoding(body)
    if not isinstance(payload, dict) or isinstance(ratio, bool) or not isinstance(ratio, int | float):
        return Prefetch(keys)
    if written is None:
        return Prefetch(keys)
    renders = (RenderKey(key.template_id, payload_key(payload, ratio, written)) for key in keys)
    return Prefetch((*keys, *renders))


def _encoding(body: Mapping[str, Any]) -> Encoding | None:
    """What the body wants written; ``None`` where that is nothing there is."""
    format, quality = body.get("format", "png"), body.get("quality")
    if not isinstance(format, str) or format not in MEDIA or not isinstance(quality, int | None):
        return None
    try:
        return encoding(cast("RenderFormat", format), quality)
    except InvalidParam:
        return None


def _template_keys(body: Mapping[str, Any]) -> tuple[TemplateKey, ...]:
    """The template's key; none where the body names no template."""
    text = body.get("templateId")
    template_id = text.lower() if isinstance(text, str) else ""
    return (TemplateKey(template_id),) if is_uuid(template_id) else ()
