"""Lambda entry of the memes dialect."""

from __future__ import annotations

from typing import Any

from api_memes import versions
from api_memes.accepting import PREFIX
from api_memes.errors import TABLE
from api_memes.routes import account, generations, images, memes, webhooks
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.http.api import Api, Dialect
from darkroom.wiring import container

POLICY = RatePolicy("default", 120)

DIALECT = Dialect(
    name="memes",
    errors=TABLE,
    policy=lambda _method, _path: POLICY,
    prefixes=(PREFIX,),
    public=frozenset({f"{PREFIX}/openapi.json"}),
    check=versions.check,
    headers=versions.headers,
)

api = Api.of(
    DIALECT,
    (images.router, memes.router, generations.router, webhooks.router, account.router),
    authenticate=lambda: container().authenticate,
    new_request_id=lambda: f"req_{container().ids.new()}",
)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    return api.handle(event, context)
