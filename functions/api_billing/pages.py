"""The pages a buyer comes back to from the payment provider. They say what happens next and decide nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from darkroom.http.serving import HttpResponse

PAGES: Final[Mapping[str, tuple[str, str]]] = {
    "/platform/v1/billing/paid": (
        "Thank you",
        "Your credits are added once the payment is confirmed, for cards within seconds. You can close this page.",
    ),
    "/platform/v1/billing/canceled": (
        "Nothing was paid",
        "The purchase was not finished. You can close this page.",
    ),
}

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 26rem; margin: 15vh auto; padding: 0 1rem }}</style>
<h1>{title}</h1>
<p>{text}</p>
</html>
"""
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Content-Type": "text/html; charset=utf-8",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def serve(event: dict[str, Any]) -> HttpResponse:
    """Show one of them."""
    method = event["requestContext"]["http"]["method"]
    if method not in ("GET", "HEAD"):
        return {"statusCode": 405, "headers": {**_HEADERS, "Allow": "GET, HEAD"}, "body": ""}
    title, text = PAGES[event["rawPath"]]
    body = "" if method == "HEAD" else _PAGE.format(title=title, text=text)
    return {"statusCode": 200, "headers": _HEADERS, "body": body}
