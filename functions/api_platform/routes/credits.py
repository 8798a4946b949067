"""A workspace's credits and every movement of them."""

from __future__ import annotations

import re

from aws_lambda_powertools.event_handler import Response

from api_platform import presenters
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.api import json_response, new_router, request_context
from darkroom.http.paging import page_request
from darkroom.wiring import container

router = new_router()

ENTRY_ID = re.compile(r"[\x21-\x7e]{1,240}")


@router.get("/credits")
def show_credits() -> Response[str]:
    """The wallet of the key's mode."""
    caller = request_context(router).sender(Scope.ACCOUNT)
    return json_response(200, {"credits": presenters.wallet(caller.wallet)})


@router.get("/ledger")
def list_entries() -> Response[str]:
    """The movements that add up to the wallet."""
    current = request_context(router)
    caller = current.sender(Scope.ACCOUNT)
    wanted = page_request(current.query(), is_cursor=lambda text: ENTRY_ID.fullmatch(text) is not None)
    page = container().accounts.entries(caller.owner, wanted)
    entries = [presenters.entry(entry) for entry in page.items]
    cursor = entries[-1]["id"] if entries else None
    return json_response(200, {"data": entries, "has_more": page.has_more, "next_cursor": cursor})
