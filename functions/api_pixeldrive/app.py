"""Lambda entry of the pixeldrive dialect, of rendered images and of the tools for agents."""

from __future__ import annotations

from typing import Any

from api_pixeldrive import images, mcp
from api_pixeldrive.errors import TABLE
from api_pixeldrive.prefetch import PREFIX, prefetch
from api_pixeldrive.rates import policy
from api_pixeldrive.routes import batches, documents, render, sign, templates
from darkroom.http.api import Api, Dialect
from darkroom.http.links import IMAGES_PATH
from darkroom.wiring import container

DIALECT = Dialect(
    name="pixeldrive",
    errors=TABLE,
    policy=policy,
    prefixes=(PREFIX,),
    public=frozenset({f"{PREFIX}/templates/schema", f"{PREFIX}/openapi.json"}),
    max_body_bytes=6 * 1024 * 1024,
    prefetch=prefetch,
)

api = Api.of(
    DIALECT,
    (render.router, batches.router, sign.router, templates.router, documents.router),
    authenticate=lambda: container().authenticate,
    new_request_id=lambda: f"req_{container().ids.new()}",
)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    path = str(event.get("rawPath", ""))
    if path.startswith(f"{IMAGES_PATH}/"):
        return images.serve(event)
    if path == mcp.PATH:
        return mcp.serve(event)
    return api.handle(event, context)
