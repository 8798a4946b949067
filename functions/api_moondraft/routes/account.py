"""``/credits`` and ``/usage``: what is left, and where the rest went."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_moondraft import presenters
from darkroom.domain.accounts import Scope
from darkroom.http.api import exchange, json_response, new_router
from darkroom.ports import PageRequest
from darkroom.wiring import container

router = new_router()

_ACTIONS = 100


@router.get("/credits")
def get_credits() -> Response[str]:
    """The balance."""
    caller = exchange(router).sender(Scope.ACCOUNT)
    return json_response(200, presenters.credits(caller.wallet))


@router.get("/usage")
def get_usage() -> Response[str]:
    """The last hundred actions, newest first, of whichever API they were asked for through."""
    caller = exchange(router).sender(Scope.ACCOUNT)
    page = container().jobs.list(caller.owner, PageRequest(limit=_ACTIONS))
    return json_response(200, {"usage": [presenters.action(job) for job in page.items]})
