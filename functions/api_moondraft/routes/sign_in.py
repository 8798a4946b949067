"""``/auth``: a code by mail, and a key for the code. These routes need no key."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_moondraft import presenters
from api_moondraft.requests import SendCodeBody, VerifyBody
from darkroom.http import visitors
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.wiring import container

routes = Routes()


@routes.post("/auth/send-code", scope=None)
def send_code(request: RequestContext) -> Response[str]:
    """Send a code to an address."""
    container().send_one_time_password(request.parse(SendCodeBody).email)
    return json_response(200, presenters.code_sent())


@routes.post("/auth/verify", scope=None)
def verify_code(request: RequestContext) -> Response[str]:
    """Exchange a code for a key."""
    body = request.parse(VerifyBody)
    signed_in = container().sign_in(body.email, body.code, visitors.network(request))
    return json_response(200, presenters.signed_in(signed_in))
