"""Lambda entry of the memes dialect."""

from __future__ import annotations

from typing import Any

from api_memes import MCP_PATH, versions
from api_memes.errors import TABLE
from api_memes.prefetch import prefetch
from api_memes.routes import (
    account,
    brand_kits,
    carousels,
    documents,
    files,
    generations,
    images,
    memes,
    prompts,
    storyboards,
    videos,
    webhooks,
)
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.http.dialect import Dialect
from darkroom.http.pipeline import Api
from darkroom.wiring import container

PREFIX = "/memes/v1"
POLICY = RatePolicy("default", 120)
# Free, and each may cost the operator a model's text or somebody else's server a page.
FREE = RatePolicy("free", 20, shared=True)
_FREE_PATHS = frozenset(f"{PREFIX}{path}" for path in ("/prompts/enhance", "/carousels/plan"))


def policy(method: str, path: str) -> RatePolicy:
    """The rate window of a request."""
    if path.startswith(f"{PREFIX}/brand-kits"):  # what is changed about a kit may fetch pictures
        return FREE if method in ("POST", "PATCH") else POLICY
    return FREE if method == "POST" and path in _FREE_PATHS else POLICY


DIALECT = Dialect(
    name="memes",
    errors=TABLE,
    policy=policy,
    prefixes=(PREFIX,),
    check=versions.check,
    headers=versions.headers,
    prefetch=prefetch,
)

api = Api.of(
    DIALECT,
    (
        images.routes,
        memes.routes,
        videos.routes,
        storyboards.routes,
        carousels.routes,
        generations.routes,
        prompts.routes,
        brand_kits.routes,
        webhooks.routes,
        files.routes,
        account.routes,
        documents.routes,
    ),
    container,
)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    if event.get("rawPath") == MCP_PATH:
        # Agents' tools bring a protocol of their own, and most processes never serve one.
        from api_memes import mcp  # noqa: PLC0415

        return mcp.serve(event)
    return api.handle(event, context)
