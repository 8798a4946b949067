"""The sandbox checkout page, on which a developer pays without money. Only local stacks have it.

It is for people, so it answers with HTML and is not in the OpenAPI document.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from darkroom.domain.billing.packs import Purchase
from darkroom.domain.errors import DomainError, NotFound
from darkroom.http.serving import HttpResponse, with_method
from darkroom.wiring import container

PATH = "/platform/v1/sandbox/checkout"

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sandbox checkout</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 26rem; margin: 15vh auto; padding: 0 1rem }}
button {{ font: inherit; padding: .5rem 1.5rem }}
</style>
<h1>Sandbox checkout</h1>
{content}
</html>
"""
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Content-Type": "text/html; charset=utf-8",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def serve(event: dict[str, Any]) -> HttpResponse:
    """Show what would be paid for, or, on a POST, grant it: once, however often the button is pressed."""
    method = event["requestContext"]["http"]["method"]
    if method == "HEAD":
        return {**serve(with_method(event, "GET")), "body": ""}
    if method not in ("GET", "POST"):
        return _page(405, "<p>There is nothing else to do here.</p>", {"Allow": "GET, HEAD, POST"})
    try:
        purchase = _purchase(event)
        return _page(200, _pay(purchase) if method == "POST" else _offer(purchase))
    except NotFound:
        return _page(404, "<p>There is no such checkout, or its time is up.</p>")
    except DomainError:
        return _page(503, "<p>This does not work just now. Please try again.</p>")


def _purchase(event: dict[str, Any]) -> Purchase:
    """The purchase the address is about.

    Raises
    ------
    NotFound
    """
    payments = container().sandbox_payments
    if payments is None:
        raise NotFound("No such endpoint.")
    return payments.opened((event.get("queryStringParameters") or {}).get("checkout", ""))


def _offer(purchase: Purchase) -> str:
    pack = purchase.pack
    price = f"{pack.price_cents / 100:.2f} {pack.currency.upper()}"
    text = f"<p>{pack.credits} credits for {price}. No money is moved here.</p>"
    return f'{text}<form method="post"><button>Pay</button></form>'


def _pay(purchase: Purchase) -> str:
    container().grant_credits_by_hand(
        purchase.owner.workspace_id,
        purchase.pack.credits,
        livemode=purchase.owner.livemode,
        note=purchase.pack.id,
        cause=purchase.id,
    )
    return f"<p>Paid: {purchase.pack.credits} credits were added.</p>"


def _page(status: int, content: str, headers: Mapping[str, str] | None = None) -> HttpResponse:
    return {
        "statusCode": status,
        "headers": {**_HEADERS, **(headers or {})},
        "body": _PAGE.format(content=content),
    }
