"""A workspace's credits and every movement of them."""

from __future__ import annotations

import re

from aws_lambda_powertools.event_handler import Response

from api_platform import presenters
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.paging import page_request
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()

ENTRY_ID = re.compile(r"[\x21-\x7e]{1,240}")


@routes.get("/credits", Scope.ACCOUNT)
def get_credits(_request: RequestContext, caller: Caller) -> Response[str]:
    """The wallet of the key's mode."""
    expiring = container().accounts.expiring_grants(caller.owner)
    return json_response(200, presenters.credits_answer(caller.wallet, expiring))


@routes.get("/ledger", Scope.ACCOUNT)
def list_ledger(request: RequestContext, caller: Caller) -> Response[str]:
    """Every movement of credits."""
    page = page_request(request.query(), is_cursor=lambda text: ENTRY_ID.fullmatch(text) is not None)
    entries = container().accounts.entries(caller.owner, page)
    return json_response(200, presenters.entry_list(entries))
