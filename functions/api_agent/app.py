"""Lambda entry of the agent dialect."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from api_agent.errors import TABLE
from api_agent.routes import access, credits, documents, generate, models, tasks
from darkroom.catalog_data.agent import DIALECT as NAME
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.http.dialect import Dialect
from darkroom.http.pipeline import Api
from darkroom.wiring import container

POLICY = RatePolicy("agent", 120)
RETENTION = timedelta(days=365)  # the contract sets no end to "will not double-charge"

DIALECT = Dialect(
    name=NAME,
    errors=TABLE,
    policy=lambda _method, _path: POLICY,
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
    return api.handle(event, context)
