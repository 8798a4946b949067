"""``/account``: who the key is and what is left; and the API's own document."""

from __future__ import annotations

from pathlib import Path

from aws_lambda_powertools.event_handler import Response

from api_memes import envelope, presenters
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http import static_documents
from darkroom.http.api import new_router, request_context
from darkroom.wiring import container

router = new_router()

_FOLDER = Path(__file__).parent.parent


@router.get("/account")
def get_account() -> Response[str]:
    """The workspace, its plan and the key in use."""
    current = request_context(router)
    caller = current.sender(Scope.ACCOUNT)
    return envelope.answer(current, caller, {"account": presenters.account(caller.workspace, caller.key)})


@router.get("/account/usage")
def get_usage() -> Response[str]:
    """Credits and thirty-day allowances."""
    current = request_context(router)
    caller = current.sender(Scope.ACCOUNT)
    now = container().clock.now()
    return envelope.answer(current, caller, presenters.quotas(caller.workspace, caller.wallet, now))


@router.get("/openapi.json")
def get_openapi() -> Response[str]:
    """This API as an OpenAPI document; needs no key."""
    return static_documents.openapi(_FOLDER)
