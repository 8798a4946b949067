"""Lambda entry of the pixeldrive dialect, of rendered images and of the tools for agents."""

from __future__ import annotations

from typing import Any

from api_pixeldrive import MCP_PATH, images
from api_pixeldrive.errors import TABLE
from api_pixeldrive.prefetch import REQUESTS, prefetch
from api_pixeldrive.routes import batches, documents, fonts, render, sign, templates
from darkroom.http.dialect import Dialect
from darkroom.http.links import IMAGES_PATH
from darkroom.http.pipeline import Api
from darkroom.wiring import container

DIALECT = Dialect(
    name="pixeldrive",
    errors=TABLE,
    policy=lambda _method, _path: REQUESTS,
    prefixes=("/pixeldrive/v1",),
    max_body_bytes=6 * 1024 * 1024,
    prefetch=prefetch,
)

api = Api.of(
    DIALECT,
    (render.routes, batches.routes, sign.routes, templates.routes, fonts.routes, documents.routes),
    container,
)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    path = str(event.get("rawPath", ""))
    if path.startswith(f"{IMAGES_PATH}/"):
        return images.serve(event)
    if path == MCP_PATH:
        # Agents' tools bring a protocol of their own, and most processes never serve one.
        from api_pixeldrive import mcp  # noqa: PLC0415

        return mcp.serve(event)
    return api.handle(event, context)
