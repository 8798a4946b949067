"""``/auth/moltbook/exchange``: an identity token for an access token."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_agent import presenters
from api_agent.requests import IDENTITY_HEADER, MAX_TOKEN, ExchangeBody
from darkroom.domain.errors import InvalidParam, MissingParam
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.wiring import container

routes = Routes()


@routes.post("/auth/moltbook/exchange", scope=None)
def exchange_moltbook_identity(request: RequestContext) -> Response[str]:
    """Exchange an identity token."""
    access = container().exchange_identity(_identity_token(request))
    return json_response(200, presenters.access_answer(access), {"Cache-Control": "no-store"})


def _identity_token(request: RequestContext) -> str:
    """The identity token, from the body or the header.

    Raises
    ------
    MissingParam, InvalidParam, MalformedBody
    """
    body = request.parse(ExchangeBody, optional=True)
    token = body.token or (request.header(IDENTITY_HEADER) or "").strip()
    if not token:
        raise MissingParam(f"token is required, in the body or the header {IDENTITY_HEADER}.", param="token")
    if len(token) > MAX_TOKEN or not token.isascii() or not token.isprintable():
        raise InvalidParam("token is not an identity token.", param="token")
    return token
