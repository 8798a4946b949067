"""Lambda entry of the moondraft dialect."""

from __future__ import annotations

from typing import Any

from api_moondraft.errors import TABLE
from api_moondraft.rates import PREFIX, policy
from api_moondraft.routes import account, credits, images, jobs, prompts, sign_in, videos
from darkroom.http import visitors
from darkroom.http.api import Api, Dialect
from darkroom.wiring import container

DIALECT = Dialect(
    name="moondraft",
    errors=TABLE,
    policy=policy,
    prefixes=(PREFIX,),
    public=frozenset({f"{PREFIX}/auth/send-code", f"{PREFIX}/auth/verify"}),
    max_body_bytes=50 * 1024 * 1024,
    visitor=visitors.network,
)

api = Api.of(
    DIALECT,
    (
        images.router,
        videos.router,
        prompts.router,
        jobs.router,
        credits.router,
        account.router,
        sign_in.router,
    ),
    authenticate=lambda: container().authenticate,
    new_request_id=lambda: f"req_{container().ids.new()}",
)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    return api.handle(event, context)
