"""Lambda entry of the memes dialect."""

from __future__ import annotations

from typing import Any

from api_memes import versions
from api_memes.errors import TABLE
from api_memes.routes import account, documents, generations, images, memes, webhooks
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.http.dialect import Dialect
from darkroom.http.pipeline import Api
from darkroom.wiring import container

POLICY = RatePolicy("default", 120)

DIALECT = Dialect(
    name="memes",
    errors=TABLE,
    policy=lambda _method, _path: POLICY,
    prefixes=("/memes/v1",),
    check=versions.check,
    headers=versions.headers,
)

api = Api.of(
    DIALECT,
    (
        images.routes,
        memes.routes,
        generations.routes,
        webhooks.routes,
        account.routes,
        documents.routes,
    ),
    container,
)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    return api.handle(event, context)
