"""Lambda entry of the agent dialect."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from api_agent.errors import TABLE
from api_agent.routes import credit, documents, exchange, generate, tasks
from darkroom.catalog_data.agent import DIALECT as NAME
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.http.api import Api, Dialect
from darkroom.wiring import container

POLICY = RatePolicy("agent", 120)
RETENTION = timedelta(days=365)  # the contract sets no end to "will not double-charge"

DIALECT = Dialect(
    name=NAME,
    errors=TABLE,
    policy=lambda _method, _path: POLICY,
    public=frozenset({exchange.PATH, *documents.PATHS}),
    idempotency=generate.request_id_of,
    retention=RETENTION,
)

api = Api.of(
    DIALECT,
    (exchange.router, credit.router, generate.router, tasks.router, documents.router),
    authenticate=lambda: container().authenticate,
    new_request_id=lambda: f"req_{container().ids.new()}",
)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    return api.handle(event, context)
