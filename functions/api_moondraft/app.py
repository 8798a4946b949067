"""Lambda entry of the moondraft dialect."""

from __future__ import annotations

from typing import Any

from api_moondraft import MCP_PATH
from api_moondraft.dialect import DIALECT
from api_moondraft.routes import account, credits, documents, images, jobs, prompts, sign_in, videos
from darkroom.http.pipeline import Api
from darkroom.wiring import container

api = Api.of(
    DIALECT,
    (
        images.routes,
        videos.routes,
        prompts.routes,
        jobs.routes,
        credits.routes,
        account.routes,
        sign_in.routes,
        documents.routes,
    ),
    container,
)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    if event.get("rawPath") == MCP_PATH:
        # Agents' tools bring a protocol of their own, and most processes never serve one.
        from api_moondraft import mcp  # noqa: PLC0415

        return mcp.serve(event)
    return api.handle(event, context)
