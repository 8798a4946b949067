"""The ``data`` of a webhook message, as the API itself would show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from darkroom.domain.files.file import File
from darkroom.domain.jobs.job import Job
from darkroom.domain.manifests.manifest import Manifest
from darkroom.domain.serialization import from_document
from darkroom.domain.webhooks.endpoints import ACCOUNT_EVENTS, Endpoint, EventType
from darkroom.domain.webhooks.events import Event
from darkroom.domain.webhooks.messages import summary
from darkroom.http.files import file
from darkroom.http.generations import generation
from darkroom.http.links import Links
from darkroom.http.manifests import manifest


def data(event: Event, links: Links) -> Mapping[str, Any]:
    """What the event is about: the whole Generation, File or Manifest object, the endpoint that was disabled, or
    what was recorded of the account.
    """
    if event.type is EventType.BATCH_COMPLETED:
        return {"manifest": manifest(from_document(Manifest, event.data), links.base_url)}
    if event.type in (EventType.FILE_READY, EventType.FILE_REJECTED):
        return {"file": file(from_document(File, event.data), links, event.occurred_at)}
    if event.type is EventType.ENDPOINT_DISABLED:
        return {"webhook": summary(from_document(Endpoint, event.data))}
    if event.type in ACCOUNT_EVENTS:
        return event.data
    return {"generation": generation(from_document(Job, event.data), links)}
