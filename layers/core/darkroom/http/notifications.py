"""Requests that other services send by themselves: their bodies as signed, and answers only a machine reads."""

from __future__ import annotations

import base64
import binascii
from typing import Any

type Answer = dict[str, Any]


def signed_body(event: dict[str, Any]) -> bytes:
    """The body as it was signed; API Gateway hands some over in base64."""
    text = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return str(text).encode()
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""


def headers_of(event: dict[str, Any]) -> dict[str, str]:
    """The headers by their names in lower case."""
    return {name.lower(): value for name, value in event.get("headers", {}).items()}


def answer(status: int, headers: dict[str, str] | None = None) -> Answer:
    """An answer that says all it has to say by its status."""
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json", "Cache-Control": "no-store", **(headers or {})},
        "body": "{}",
    }
