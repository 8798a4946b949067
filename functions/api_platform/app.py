"""Lambda entry of the platform dialect and of file addresses."""

from __future__ import annotations

from typing import Any

from api_platform import checkouts, files
from api_platform.errors import TABLE
from api_platform.routes import admin, credits, health, keys
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.http.api import Api, Dialect
from darkroom.wiring import container

PREFIX = "/platform/v1"
POLICY = RatePolicy("platform", 120)

DIALECT = Dialect(
    name="platform",
    errors=TABLE,
    policy=lambda _method, _path: POLICY,
    prefixes=(PREFIX,),
    public=frozenset({f"{PREFIX}/health", f"{PREFIX}/openapi.json"}),
)

api = Api.of(
    DIALECT,
    (health.router, keys.router, credits.router, admin.router),
    authenticate=lambda: container().authenticate,
    new_request_id=lambda: f"req_{container().ids.new()}",
)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    if event.get("rawPath", "").startswith("/files/"):
        return files.serve(event)
    if event.get("rawPath") == checkouts.PATH:
        return checkouts.serve(event)
    return api.handle(event, context)
