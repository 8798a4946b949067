"""Lambda entry of the gencraft dialect."""

from __future__ import annotations

from typing import Any

from api_gencraft import MCP_PATH
from api_gencraft.errors import TABLE
from api_gencraft.routes import documents, generate, history, tasks, upload, user
from darkroom.catalog_data.gencraft import DIALECT as NAME
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.http.dialect import Dialect
from darkroom.http.pipeline import Api
from darkroom.wiring import container

# Polling is what its clients do; an upload keeps a function busy for seconds.
READS = RatePolicy("gencraft-reads", 600)
WRITES = RatePolicy("gencraft-writes", 120)
UPLOADS = RatePolicy("gencraft-uploads", 20)


def policy(method: str, path: str) -> RatePolicy:
    """The rate window of a request."""
    if method != "POST":
        return READS
    return UPLOADS if path.endswith("/upload") else WRITES


DIALECT = Dialect(
    name=NAME,
    errors=TABLE,
    policy=policy,
    prefixes=("/gencraft/api/v1", "/gencraft/v1"),  # the contract writes its paths both ways
)

api = Api.of(
    DIALECT,
    (
        generate.routes,
        tasks.routes,
        upload.routes,
        history.routes,
        user.routes,
        documents.routes,
    ),
    container,
)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    if event.get("rawPath") == MCP_PATH:
        # Agents' tools bring a protocol of their own, and most processes never serve one.
        from api_gencraft import mcp  # noqa: PLC0415

        return mcp.serve(event)
    return api.handle(event, context)
