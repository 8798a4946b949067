"""``/v1/credits``: what is left and what a request costs."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_agent import presenters
from api_agent.requests import EstimateBody
from api_agent.routes.models import add_lifecycle_headers
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()


@routes.get("/v1/credits/balance", Scope.ACCOUNT)
def get_balance(_request: RequestContext, caller: Caller) -> Response[str]:
    """What is left."""
    answer = presenters.balance_answer(caller.wallet, container().estimate.price_version)
    return json_response(200, answer)


@routes.post("/v1/credits/estimate", Scope.ACCOUNT)
def estimate(request: RequestContext, caller: Caller) -> Response[str]:
    """What a request costs."""
    body = request.parse(EstimateBody)
    add_lifecycle_headers(request, body.model)
    quote = container().estimate(body.quote_request())
    answer = presenters.estimate_answer(quote, caller.wallet, container().estimate.price_version)
    return json_response(200, answer)
