"""``/user/status``: who the key belongs to and whether it can be worked with."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_gencraft import presenters
from darkroom.catalog_data.gencraft import OFFERS
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()


@routes.get("/user/status", Scope.ACCOUNT)
def get_user_status(_request: RequestContext, caller: Caller) -> Response[str]:
    """The account's email and tier, and whether anything can generate for its key."""
    serves = container().submit_job.serves
    has_key = any(serves(offer, livemode=caller.owner.livemode) for offer in OFFERS)
    return json_response(200, presenters.account(caller.workspace, has_key=has_key))
