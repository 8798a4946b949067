"""Verifying fal's callbacks, which carry an ED25519 signature by one of its published keys.

Only the callbacks' function loads this: no other function has the library.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from darkroom_vendors.callbacks import CallbackKeys, is_timely

JWKS_URL: Final = "https://rest.fal.ai/.well-known/jwks.json"
_PREFIX: Final = "x-fal-webhook-"
_REQUEST_ID: Final = re.compile(r"[\w-]{8,64}", re.ASCII)


class FalCallbacks:
    """Verifies fal's callbacks: see :class:`darkroom_vendors.callbacks.Verifier`."""

    def __init__(self, keys: CallbackKeys) -> None:
        self._keys = keys

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str | None:
        """The id of the request a callback is about, or ``None`` if it proves nothing.

        If none of the known keys made the signature, the published ones are fetched again.
        """
        signature, signed = _signature(headers), _signed(headers, body, now)
        if signature is None or signed is None:
            return None
        known = self._keys.jwks(JWKS_URL)
        if _is_signed(signature, signed, known) or _is_signed(
            signature, signed, self._keys.jwks(JWKS_URL, fresh=True)
        ):
            return _request_id(body)
        return None


def _signature(headers: Mapping[str, str]) -> bytes | None:
    try:
        return bytes.fromhex(headers.get(_PREFIX + "signature", "")) or None
    except ValueError:
        return None


def _signed(headers: Mapping[str, str], body: bytes, now: datetime) -> bytes | None:
    """What the signature must cover; ``None`` if a header is missing or the callback is not timely."""
    signed = [headers.get(_PREFIX + name, "") for name in ("request-id", "user-id", "timestamp")]
    timestamp = signed[2]
    if not all(signed) or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 10):
        return None
    if not is_timely(datetime.fromtimestamp(int(timestamp), UTC), now):
        return None
    return "\n".join([*signed, hashlib.sha256(body).hexdigest()]).encode()


def _is_signed(signature: bytes, signed: bytes, jwks: Mapping[str, Any]) -> bool:
    keys = jwks.get("keys")
    for key in keys if isinstance(keys, list) else []:
        try:
            VerifyKey(_decoded(str(key["x"]))).verify(signed, signature)
        except (BadSignatureError, ValueError, KeyError, TypeError):
            continue
        return True
    return False


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _request_id(body: bytes) -> str | None:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    work_id = content.get("request_id") if isinstance(content, dict) else None
    return work_id if isinstance(work_id, str) and _REQUEST_ID.fullmatch(work_id) else None
