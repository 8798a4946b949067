"""Standard Webhooks, the scheme by which several vendors sign their callbacks (and Darkroom its own)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime

from darkroom_vendors.callbacks import is_timely

_SYMMETRIC = "v1,"


def is_signed(headers: Mapping[str, str], body: bytes, now: datetime, secret: str) -> bool:
    """Whether a message is signed with ``secret`` (``whsec_`` and base64) and timely.

    Header names are in lower case. One right signature of several is enough, because senders rotate their secrets.
    """
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    key = _key(secret)
    if (
        not key
        or not message_id
        or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 10)
    ):
        return False
    if not is_timely(datetime.fromtimestamp(int(timestamp), UTC), now):
        return False
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256))
    signatures = headers.get("webhook-signature", "").split(" ")
    return any(
        hmac.compare_digest(one.removeprefix(_SYMMETRIC).encode(), expected)
        for one in signatures
        if one.startswith(_SYMMETRIC)
    )


def _key(secret: str) -> bytes:
    text = secret.strip().removeprefix("whsec_")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""
