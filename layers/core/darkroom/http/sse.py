"""Server-Sent Events as the HTML standard spells them, for answers that end and are asked for again.

A function cannot stream. It answers with what is new since the event its client saw last (``Last-Event-ID``) and
ends the answer; a standard client asks again after ``retry`` milliseconds, and sees one stream.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import Response

CONTENT_TYPE = "text/event-stream"


def event(name: str, event_id: str, data: Mapping[str, Any]) -> str:
    """One event. Compact JSON has no line breaks, so the data is one line."""
    told = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"event: {name}\nid: {event_id}\ndata: {told}\n\n"


def nothing_new() -> str:
    """A comment, which keeps what stands between us and the client from thinking that nobody is there."""
    return ": nothing new\n\n"


def answer(*parts: str, retry_ms: int) -> Response[str]:
    """The stream's next piece, after which the client comes back in ``retry_ms``."""
    body = f"retry: {retry_ms}\n\n" + "".join(parts)
    return Response(200, CONTENT_TYPE, body, headers={"Cache-Control": "no-store"})


def closed() -> Response[str]:
    """The stream is over: the one answer after which a standard client does not come back."""
    return Response(204, None, "", headers={"Cache-Control": "no-store"})
