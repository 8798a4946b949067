"""Lambda entry of the gencraft dialect."""

from __future__ import annotations

from typing import Any

from api_gencraft.errors import TABLE
from api_gencraft.routes import generate, history, tasks, upload, user
from darkroom.catalog_data.gencraft import DIALECT
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.http.api import Api, Dialect
from darkroom.wiring import container

# The contract writes its paths both with and without `/api`.
PREFIXES = ("/gencraft/api/v1", "/gencraft/v1")

# Polling is what its clients do; an upload keeps a function busy for seconds.
READS = RatePolicy("gencraft-reads", 600)
WRITES = RatePolicy("gencraft-writes", 120)
UPLOADS = RatePolicy("gencraft-uploads", 20)


def policy(method: str, path: str) -> RatePolicy:
    """The rate window of a request."""
    if method != "POST":
        return READS
    return UPLOADS if path.endswith("/upload") else WRITES


api = Api.of(
    Dialect(name=DIALECT, errors=TABLE, policy=policy, prefixes=PREFIXES),
    (generate.router, tasks.router, upload.router, history.router, user.router),
    authenticate=lambda: container().authenticate,
    new_request_id=lambda: f"req_{container().ids.new()}",
)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    return api.handle(event, context)
