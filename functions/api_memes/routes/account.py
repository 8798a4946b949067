"""``/account``: who the key is and what is left; and the API's own document."""

from __future__ import annotations

from pathlib import Path

from aws_lambda_powertools.event_handler import Response

from api_memes import envelope, presenters
from darkroom.domain.accounts import Scope
from darkroom.http import documents
from darkroom.http.api import exchange, new_router
from darkroom.wiring import container

router = new_router()

_FOLDER = Path(__file__).parent.parent


@router.get("/account")
def get_account() -> Response[str]:
    """The workspace, its plan and the key in use."""
    current = exchange(router)
    caller = current.sender(Scope.ACCOUNT)
    return envelope.answer(current, caller, {"account": presenters.account(caller.workspace, caller.key)})


@router.get("/account/usage")
def get_usage() -> Response[str]:
    """Credits and thirty-day allowances."""
    current = exchange(router)
    caller = current.sender(Scope.ACCOUNT)
    now = container().clock.now()
    return envelope.answer(current, caller, presenters.quotas(caller.workspace, caller.wallet, now))


@router.get("/openapi.json")
def get_openapi() -> Response[str]:
    """This API as an OpenAPI document; needs no key."""
    return documents.openapi(_FOLDER)
