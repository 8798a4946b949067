"""``/credits/buy`` and ``/credits/auto-reload``."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_moondraft import presenters
from api_moondraft.requests import AutoReloadBody, BuyBody
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()


@routes.post("/credits/buy", Scope.BILLING)
def buy_credits(request: RequestContext, caller: Caller) -> Response[str]:
    """Start a purchase."""
    url = container().buy_credits(caller.owner, request.parse(BuyBody).pack, caller.workspace.email)
    return json_response(200, presenters.checkout(url))


@routes.post("/credits/auto-reload", Scope.BILLING)
def enable_auto_reload(request: RequestContext, caller: Caller) -> Response[str]:
    """Switch automatic purchases on, or change them."""
    body = request.parse(AutoReloadBody)
    settings = container().auto_reload.enable(
        caller.owner, body.threshold, body.pack, body.monthly_limit_cents
    )
    return json_response(200, presenters.auto_reload(settings))


@routes.get("/credits/auto-reload", Scope.ACCOUNT)
def get_auto_reload(_request: RequestContext, caller: Caller) -> Response[str]:
    """When credits are bought automatically."""
    return json_response(200, presenters.auto_reload(container().auto_reload.show(caller.owner)))


@routes.delete("/credits/auto-reload", Scope.BILLING)
def disable_auto_reload(_request: RequestContext, caller: Caller) -> Response[str]:
    """Switch automatic purchases off."""
    container().auto_reload.disable(caller.owner)
    return json_response(200, presenters.auto_reload(None))
