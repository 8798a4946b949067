"""``/auth``: a code by mail, and a key for the code. These need no key."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_moondraft.requests import SendCodeBody, VerifyBody
from darkroom.http.api import json_response, new_router, request_context
from darkroom.http.request_models import parse
from darkroom.wiring import container

router = new_router()

_SENT = "If this address can receive mail, a 6-digit code is on its way. It is good for 10 minutes."


@router.post("/auth/send-code")
def send_one_time_password() -> Response[str]:
    """Send a code; the answer is the same whoever the address belongs to."""
    body = parse(SendCodeBody, request_context(router).json_object())
    container().send_one_time_password(body.email)
    return json_response(200, {"success": True, "message": _SENT})


@router.post("/auth/verify")
def verify() -> Response[str]:
    """Trade a code for a key."""
    body = parse(VerifyBody, request_context(router).json_object())
    signed_in = container().sign_in(body.email, body.code)
    answer = {"success": True, "api_key": signed_in.secret, "credits": signed_in.wallet.available}
    return json_response(200, answer)
