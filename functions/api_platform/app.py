"""Lambda entry of the platform dialect, of stored files' addresses and of the stack's own."""

from __future__ import annotations

from typing import Any

from api_platform import files, webhook_sink
from api_platform.errors import TABLE
from api_platform.routes import admin, credits, documents, health, keys, manifests, usage
from api_platform.routes import files as file_routes
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.http.dialect import Dialect
from darkroom.http.pipeline import Api
from darkroom.wiring import container

POLICY = RatePolicy("platform", 120)

DIALECT = Dialect(
    name="platform",
    errors=TABLE,
    policy=lambda _method, _path: POLICY,
    prefixes=("/platform/v1",),
)

api = Api.of(
    DIALECT,
    (
        health.routes,
        keys.routes,
        credits.routes,
        usage.routes,
        file_routes.routes,
        manifests.routes,
        admin.routes,
        documents.routes,
    ),
    container,
)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    if event.get("rawPath", "").startswith("/files/"):
        return files.serve(event)
    if event.get("rawPath") == webhook_sink.PATH:
        return webhook_sink.serve(event)
    if event.get("rawPath") in ("", "/"):
        from api_platform import welcome  # noqa: PLC0415 - seldom asked for

        return welcome.serve(event)
    return api.handle(event, context)
