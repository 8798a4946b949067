"""``/credits/buy`` and ``/credits/auto-reload``."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_moondraft import presenters
from api_moondraft.requests import AutoReloadBody, BuyBody
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.api import json_response, new_router, request_context
from darkroom.http.request_models import parse
from darkroom.wiring import container

router = new_router()


@router.post("/credits/buy")
def buy() -> Response[str]:
    """Start a purchase."""
    current = request_context(router)
    caller = current.sender(Scope.GENERATE)
    body = parse(BuyBody, current.json_object())
    return json_response(200, {"checkout_url": container().buy_credits(caller.owner, body.pack)})


@router.post("/credits/auto-reload")
def enable_auto_reload() -> Response[str]:
    """Switch automatic purchases on, or change them."""
    current = request_context(router)
    caller = current.sender(Scope.GENERATE)
    body = parse(AutoReloadBody, current.json_object())
    settings = container().auto_reload.enable(caller.owner, body.threshold, body.pack)
    return json_response(200, presenters.auto_reload(settings))


@router.get("/credits/auto-reload")
def show_auto_reload() -> Response[str]:
    """When credits are bought without being asked."""
    caller = request_context(router).sender(Scope.ACCOUNT)
    return json_response(200, presenters.auto_reload(container().auto_reload.show(caller.owner)))


@router.delete("/credits/auto-reload")
def disable_auto_reload() -> Response[str]:
    """Switch automatic purchases off."""
    caller = request_context(router).sender(Scope.GENERATE)
    container().auto_reload.disable(caller.owner)
    return json_response(200, presenters.auto_reload(None))
