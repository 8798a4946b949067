"""The messages to subscribers: the body, and the headers with its signatures.

Signing secrets are not stored anywhere: each is derived from the stack's master secret, the endpoint's id and a
version number, so neither a table nor a queue ever holds one. Rotation increments the version; until the overlap
ends, messages carry both signatures. The endpoint remembers which version of the master secret each was derived from,
so that a subscriber's secret is the same after that was rotated.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from darkroom.domain.master_secret import MasterSecret
from darkroom.domain.times import utc_text
from darkroom.domain.webhooks.endpoints import Endpoint, EventType

MAX_PAYLOAD_BYTES = 20_000


def payload(
    event_id: str, event_type: EventType, occurred_at: datetime, *, livemode: bool, data: Mapping[str, Any]
) -> str:
    """The exact body of a message: compact JSON of less than 20 kB.

    Objects in ``data`` that would not fit lose their lists and nested objects, and ``truncated`` says so;
    their ``id`` stays, so the whole can be fetched.
    """
    body = {
        "id": event_id,
        "type": event_type.value,
        "created_at": utc_text(occurred_at),
        "livemode": livemode,
        "data": data,
    }
    text = _compact(body)
    if len(text.encode()) < MAX_PAYLOAD_BYTES:
        return text
    slim = {name: _without_nested(value) for name, value in data.items()}
    return _compact({**body, "data": slim, "truncated": True})


def summary(endpoint: Endpoint) -> Mapping[str, Any]:
    """The document of an endpoint in messages about it."""
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "enabled": endpoint.enabled,
        "disabled_at": utc_text(endpoint.disabled_at),
        "disabled_reason": endpoint.disabled_reason,
    }


def shown_secret(master: MasterSecret, endpoint: Endpoint) -> str:
    """The endpoint's secret, as its owner gets to see it once.

    Raises
    ------
    Unavailable
        This process has not read the version of the master secret that it is derived from.
    """
    return signing_secret(master.of(endpoint.master_version), endpoint.id, endpoint.secret_version)


def active_secrets(master: MasterSecret, endpoint: Endpoint, now: datetime) -> tuple[str, ...]:
    """The secrets that sign a message at ``now``: the endpoint's, and during the overlap its last one too.

    Raises
    ------
    Unavailable
        As for :func:`shown_secret`.
    """
    current = shown_secret(master, endpoint)
    if endpoint.overlap_until is None or now >= endpoint.overlap_until:
        return (current,)
    last = master.of(endpoint.previous_master_version)
    return (current, signing_secret(last, endpoint.id, endpoint.secret_version - 1))


def signing_secret(key: bytes, endpoint_id: str, version: int) -> str:
    """An endpoint's secret of one version: ``whsec_`` and 32 bytes in base64."""
    derived = hmac.digest(key, f"webhook:{endpoint_id}:{version}".encode(), hashlib.sha256)
    return "whsec_" + base64.b64encode(derived).decode()


def signed_headers(message_id: str, at: datetime, body: str, secrets: tuple[str, ...]) -> Mapping[str, str]:
    """The headers with a body's signatures: one per secret, under both names that receivers look for.

    Scheme of Standard Webhooks, which Svix shares: HMAC-SHA256 over ``id.timestamp.body``, in base64 after
    ``v1,``.
    """
    timestamp = str(int(at.timestamp()))
    signed = f"{message_id}.{timestamp}.{body}".encode()
    signatures = " ".join(
        "v1," + base64.b64encode(hmac.digest(_key(secret), signed, hashlib.sha256)).decode()
        for secret in secrets
    )
    values = {"id": message_id, "timestamp": timestamp, "signature": signatures}
    return {f"{brand}-{name}": value for brand in ("svix", "webhook") for name, value in values.items()}


def _compact(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _without_nested(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {name: part for name, part in value.items() if not isinstance(part, Mapping | list | tuple)}


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix("whsec_"))
