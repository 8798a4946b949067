"""``/auth/moltbook/exchange``: an identity token for an access token."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_agent import presenters
from api_agent.requests import MAX_TOKEN, ExchangeBody
from api_agent.words import PREFIX, ok
from darkroom.domain.errors import InvalidParam, MissingParam
from darkroom.http.api import RequestContext, json_response, new_router, request_context
from darkroom.http.request_models import parse
from darkroom.wiring import container

router = new_router()

PATH = f"{PREFIX}/auth/moltbook/exchange"
HEADER = "X-Moltbook-Identity"


@router.post(PATH)
def exchange_moltbook_identity() -> Response[str]:
    """Verify the agent with Moltbook and mint a token for fifteen minutes; needs no key."""
    current = request_context(router)
    granted = container().exchange_identity(_proof(current))
    return json_response(200, ok(presenters.access(granted)), {"Cache-Control": "no-store"})


def _proof(current: RequestContext) -> str:
    """The identity token, from the body or the header.

    Raises
    ------
    MissingParam, InvalidParam, MalformedBody
    """
    body = parse(ExchangeBody, current.json_object(optional=True))
    token = body.token or (current.header(HEADER) or "").strip()
    if not token:
        raise MissingParam(f"token is required, in the body or the header {HEADER}.", param="token")
    if len(token) > MAX_TOKEN or not token.isascii() or not token.isprintable():
        raise InvalidParam("token is not an identity token.", param="token")
    return token
