"""``/user/status``: who the key is and whether it can be worked with."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_gencraft import presenters
from darkroom.catalog_data.gencraft import OFFERS
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.api import json_response, new_router, request_context
from darkroom.wiring import container

router = new_router()


@router.get("/user/status")
def get_status() -> Response[str]:
    """The account's email and tier, and whether an engine stands behind its key."""
    current = request_context(router)
    caller = current.sender(Scope.ACCOUNT)
    serves = container().submit_job.serves
    has_key = any(serves(offer, livemode=caller.owner.livemode) for offer in OFFERS)
    return json_response(200, presenters.account(caller.workspace, has_key=has_key))
