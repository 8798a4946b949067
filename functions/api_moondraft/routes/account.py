"""``/credits`` and ``/usage``: what is left, and where the rest went."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_moondraft import presenters
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.paging import PageRequest
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()

_ACTIONS = 100


@routes.get("/credits", Scope.ACCOUNT)
def get_credits(_request: RequestContext, caller: Caller) -> Response[str]:
    """The balance."""
    return json_response(200, presenters.credits(caller.wallet))


@routes.get("/usage", Scope.ACCOUNT)
def get_usage(_request: RequestContext, caller: Caller) -> Response[str]:
    """The last hundred actions, newest first, through whichever API they were requested."""
    page = container().jobs.list(caller.owner, PageRequest(limit=_ACTIONS))
    return json_response(200, presenters.usage(page.items))
