"""``/account``: who the key belongs to and what is left."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_memes import presenters
from api_memes.routes.envelopes import envelope
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()


@routes.get("/account", Scope.ACCOUNT)
def get_account(request: RequestContext, caller: Caller) -> Response[str]:
    """Workspace, plan and key."""
    return json_response(200, presenters.account_answer(caller, envelope(request, caller)))


@routes.get("/account/usage", Scope.ACCOUNT)
def get_usage(request: RequestContext, caller: Caller) -> Response[str]:
    """Credits and allowances."""
    now = container().clock.now()
    return json_response(200, presenters.usage_answer(caller, now, envelope(request, caller)))
