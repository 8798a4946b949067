"""Lambda entry of the agent dialect."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from api_agent import MCP_PATH
from api_agent.errors import TABLE
from api_agent.routes import access, credits, documents, generate, models, tasks
from darkroom.catalog_data.agent import DIALECT as NAME
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.http import visitors
from darkroom.http.dialect import Dialect
from darkroom.http.pipeline import Api
from darkroom.http.request_context import RequestContext
from darkroom.wiring import container

POLICY = RatePolicy("agent", 120)
EXCHANGES = RatePolicy("agent-exchanges", 20)  # of identity tokens, by network
RETENTION = timedelta(days=365)  # the contract sets no end to "will not double-charge"


def policy(_method: str, path: str) -> RatePolicy:
    """The rate window of a request."""
    return EXCHANGES if path.endswith("/auth/moltbook/exchange") else POLICY


def visitor(request: RequestContext) -> str | None:
    """Who to count a request without a key for: an exchange asks Moltbook and writes; documents are free."""
    return visitors.network(request) if request.event.path.endswith("/auth/moltbook/exchange") else None


DIALECT = Dialect(
    name=NAME,
    errors=TABLE,
    policy=policy,
    visitor=visitor,
    prefixes=("/agent",),
    idempotency=generate.idempotency_key,
    retention=RETENTION,
)

api = Api.of(
    DIALECT,
    (
        access.routes,
        credits.routes,
        models.routes,
        generate.routes,
        tasks.routes,
        documents.routes,
        documents.root_routes,
    ),
    container,
)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    if event.get("rawPath") == MCP_PATH:
        # Agents' tools bring a protocol of their own, and most processes never serve one.
        from api_agent import mcp  # noqa: PLC0415

        return mcp.serve(event)
    return api.handle(event, context)
