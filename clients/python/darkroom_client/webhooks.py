"""Verifying that a webhook message comes from Darkroom."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from darkroom_client.errors import NotGenuine


def verify(body: bytes | str, headers: Mapping[str, str], secret: str) -> dict[str, Any]:
    """The event in a message: verify over the raw body, before anything parses it. ``secret`` begins with ``whsec_``.

    Raises
    ------
    NotGenuine
        The signature is wrong, missing, or more than five minutes old.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    data = body.decode() if isinstance(body, bytes) else body
    try:
        Webhook(secret).verify(data, lowered)
    except WebhookVerificationError as error:
        raise NotGenuine(str(error)) from error
    event: dict[str, Any] = json.loads(data)
    return event
