"""Server-Sent Events as the HTML standard spells them, in answers that end and are requested again.

A function cannot stream. It answers with the events since the last one its client received (``Last-Event-ID``) and
ends the answer; a standard client reconnects after ``retry`` milliseconds and sees one stream.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import Response

CONTENT_TYPE = "text/event-stream"


def event(name: str, event_id: str, data: Mapping[str, Any]) -> str:
    """One event. Compact JSON has no line breaks, so the data is one line."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"event: {name}\nid: {event_id}\ndata: {text}\n\n"


def nothing_new() -> str:
    """A comment, which keeps proxies from closing the connection as idle."""
    return ": nothing new\n\n"


def answer(*parts: str, retry_ms: int) -> Response[str]:
    """The stream's next part, after which the client reconnects in ``retry_ms``."""
    body = f"retry: {retry_ms}\n\n" + "".join(parts)
    return Response(200, CONTENT_TYPE, body, headers={"Cache-Control": "no-store"})


def closed() -> Response[str]:
    """The end of the stream: the one answer after which a standard client does not reconnect."""
    return Response(204, None, "", headers={"Cache-Control": "no-store"})
