"""Stripe's double on the emulator's port."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlencode

from local.doubles.stripe import KEY
from local.emulator.mounted import PREFIX, stripe_of, with_stripe

SESSION = {
    "mode": "payment",
    "success_url": "http://shop.test/paid",
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": "usd",
    "line_items[0][price_data][unit_amount]": "2400",
    "line_items[0][price_data][product_data][name]": "300 credits",
}


class Mounted:
    """The double behind an application of its own."""

    def __init__(self) -> None:
        self.stripe = stripe_of("http://127.0.0.1:4566", "/home/")
        self.stripe.hold_back = True

    def ask(self, method: str, path: str, body: bytes = b"") -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = []
        parts: list[dict[str, Any]] = [{"body": body[:7], "more_body": True}, {"body": body[7:]}]

        async def app(_scope: Any, _receive: Any, send: Any) -> None:
            await send({"type": "the emulator's own"})

        async def receive() -> dict[str, Any]:
            return parts.pop(0)

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        headers = [(b"Authorization", f"Bearer {KEY}".encode())]
        scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": headers}
        asyncio.run(with_stripe(app, self.stripe)(scope, receive, send))
        return sent


def test_a_checkout_is_made_and_paid_below_its_address() -> None:
    mounted = Mounted()
    start, body = mounted.ask("POST", f"{PREFIX}/v1/checkout/sessions", urlencode(SESSION).encode())
    assert start["status"] == 200
    session = next(iter(mounted.stripe.objects.values()))
    assert session["url"] == f"http://127.0.0.1:4566{PREFIX}/pay/{session['id']}"
    assert session["id"].encode() in body["body"]
    paid, _ = mounted.ask("POST", f"{PREFIX}/pay/{session['id']}", b"how=pay")
    assert (paid["status"], dict(paid["headers"])[b"location"]) == (303, b"http://shop.test/paid")
    assert session["payment_status"] == "paid"
    assert mounted.ask("HEAD", f"{PREFIX}/pay/{session['id']}")[1]["body"] == b""


def test_it_tells_the_stack() -> None:
    assert Mounted().stripe.listener == "http://127.0.0.1:4566/home/platform/v1/billing/stripe/webhook"


def test_everything_else_is_the_emulator_s() -> None:
    for path in ("/", PREFIX, "/_stripes/v1/customers", "/bucket/_stripe/x"):
        assert Mounted().ask("GET", path) == [{"type": "the emulator's own"}]
