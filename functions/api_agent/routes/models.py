"""``/v1/models``: what there is and what it costs; and the headers that announce a model's end."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_agent import presenters
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.catalog.offers import Lifecycle
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()

LIST = "/v1/models/list"


@routes.get(LIST, Scope.READ)
def list_models(_request: RequestContext, _caller: Caller) -> Response[str]:
    """Models and prices."""
    estimate = container().estimate
    return json_response(200, presenters.models_answer(estimate.listed(), estimate.price_version))


def add_lifecycle_headers(request: RequestContext, model: str) -> None:
    """Announce on the answer, whatever it will be, that the requested model ends or has ended."""
    for offer, lifecycle in container().estimate.listed():
        if offer.model == model and lifecycle is not Lifecycle.ACTIVE:
            request.extra_headers |= presenters.lifecycle_headers(offer, request.url_of(LIST))
