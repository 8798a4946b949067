"""``/credits`` and ``/usage``: what is left, and where the rest went."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_moondraft import presenters
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.paging import PageRequest
from darkroom.http.api import json_response, new_router, request_context
from darkroom.wiring import container

router = new_router()

_ACTIONS = 100


@router.get("/credits")
def get_credits() -> Response[str]:
    """The balance."""
    caller = request_context(router).sender(Scope.ACCOUNT)
    return json_response(200, presenters.credits(caller.wallet))


@router.get("/usage")
def get_usage() -> Response[str]:
    """The last hundred actions, newest first, of whichever API they were asked for through."""
    caller = request_context(router).sender(Scope.ACCOUNT)
    page = container().jobs.list(caller.owner, PageRequest(limit=_ACTIONS))
    return json_response(200, {"usage": [presenters.action(job) for job in page.items]})
