"""Stripe's double on the emulator's own port: it lives as long as the stack it takes money for, at one address.

It runs in the emulator's interpreter, so neither it nor the double imports anything but the standard library.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from urllib.parse import parse_qsl

from local.doubles.base import RecordedRequest, encoded
from local.doubles.stripe import StripeDouble

PREFIX = "/_stripe"
_WEBHOOK = "platform/v1/billing/stripe/webhook"

type Receive = Callable[[], Awaitable[Any]]
type Send = Callable[[dict[str, Any]], Awaitable[None]]
type Asgi = Callable[[dict[str, Any], Receive, Send], Coroutine[Any, Any, None]]


def stripe_of(endpoint: str, home: str) -> StripeDouble:
    """A double that is served at ``endpoint`` and tells the stack at ``home`` of payments."""
    double = StripeDouble()
    double.address = endpoint + PREFIX
    double.listener = f"{endpoint}{home}{_WEBHOOK}"
    return double


def with_stripe(app: Asgi, double: StripeDouble) -> Asgi:
    """The application, with the double answering below :data:`PREFIX`."""

    async def answer(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(f"{PREFIX}/"):
            await app(scope, receive, send)
            return
        request = RecordedRequest(
            scope["method"],
            scope["path"].removeprefix(PREFIX),
            dict(parse_qsl(scope["query_string"].decode())),
            {name.decode().lower(): value.decode() for name, value in scope["headers"]},
            await _body(receive),
        )
        response, _ = double.answer(request)
        data, headers = encoded(response)
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": response.status, "headers": raw})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else data})

    return answer


async def _body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
