"""An address that takes any webhook message and does nothing with it.

`darkroom listen` registers it: the stack then has somewhere to deliver to, and the client reads the deliveries' log.
"""

from __future__ import annotations

from typing import Any

from darkroom.http.serving import HttpResponse, empty

PATH = "/platform/v1/webhook-sink"


def serve(event: dict[str, Any]) -> HttpResponse:
    """Accept the message."""
    method = event["requestContext"]["http"]["method"]
    return empty(204, {}) if method == "POST" else empty(405, {"Allow": "POST"})
