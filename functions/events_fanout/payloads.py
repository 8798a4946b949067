"""The ``data`` of a message, as the API itself would show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api_memes.presenters import generation
from darkroom.domain.documents import endpoint_from_document, job_from_document
from darkroom.domain.events import Event
from darkroom.domain.webhook_messages import summary
from darkroom.domain.webhooks import EventType
from darkroom.http.links import Links


def data(event: Event, links: Links) -> Mapping[str, Any]:
    """What the event is about: the whole Generation object, or the endpoint that was disabled."""
    if event.type is EventType.ENDPOINT_DISABLED:
        return {"webhook": summary(endpoint_from_document(event.data))}
    return {"generation": generation(job_from_document(event.data), links)}
