"""``/history``: a key's generations."""

from __future__ import annotations

from collections.abc import Mapping

from aws_lambda_powertools.event_handler import Response

from api_gencraft import presenters
from darkroom.catalog_data.gencraft import DIALECT
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.errors import InvalidParam
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()

DEFAULT_LIMIT = 20
MAX_LIMIT = 50
MAX_PAGE = 1_000_000


@routes.get("/history", Scope.READ)
def get_history(request: RequestContext, caller: Caller) -> Response[str]:
    """One page of the key's generations, most recent first."""
    page = _number(request.query(), "page", default=1, most=MAX_PAGE)
    limit = _number(request.query(), "limit", default=DEFAULT_LIMIT, most=MAX_LIMIT)
    jobs, total = container().jobs.page_by_key(caller.owner, caller.key.id, DIALECT, page=page, limit=limit)
    answer = presenters.history(jobs, container().links, total=total, page=page, limit=limit)
    return json_response(200, answer)


def _number(query: Mapping[str, str], name: str, *, default: int, most: int) -> int:
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= most):
        raise InvalidParam(f"{name} must be a whole number from 1 to {most}.", param=name)
    return int(text)
