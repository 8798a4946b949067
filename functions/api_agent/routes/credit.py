"""``/v1/credits`` and ``/v1/models``: what is left, what things cost, what there is."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_agent import lifecycles, presenters
from api_agent.requests import EstimateBody
from api_agent.words import PREFIX, ok
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.api import json_response, new_router, request_context
from darkroom.http.request_models import parse
from darkroom.wiring import container

router = new_router()


@router.get(f"{PREFIX}/v1/credits/balance")
def get_balance() -> Response[str]:
    """The wallet of the key's mode."""
    caller = request_context(router).sender(Scope.ACCOUNT)
    return json_response(200, ok(presenters.balance(caller.wallet, container().estimate.price_version)))


@router.post(f"{PREFIX}/v1/credits/estimate")
def estimate() -> Response[str]:
    """What a request would be charged; nothing is reserved."""
    current = request_context(router)
    caller = current.sender(Scope.ACCOUNT)
    body = parse(EstimateBody, current.json_object())
    lifecycles.tell(current, body.model)
    price = container().estimate
    shown = presenters.estimate(price(body.wish()), caller.wallet, price.price_version)
    return json_response(200, ok(shown))


@router.get(f"{PREFIX}/v1/models/list")
def list_models() -> Response[str]:
    """Every model with its prices and where it stands, the retired too."""
    request_context(router).sender(Scope.READ)
    price = container().estimate
    models = [presenters.model(offer, lifecycle) for offer, lifecycle in price.listed()]
    return json_response(200, ok({"price_version": price.price_version, "models": models}))
