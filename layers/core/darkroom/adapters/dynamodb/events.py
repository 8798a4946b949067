"""Events of accounts as rows of the accounts table, whose stream announces them."""

from __future__ import annotations

import math
from datetime import timedelta

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.marshal import Image, Row, from_image, to_epoch
from darkroom.domain.serialization import from_document, to_document
from darkroom.domain.webhooks.events import Event

EVENT = "event"

EVENTS_KEPT = timedelta(days=7)  # longer than the stream that announces them remembers


def event_row(event: Event) -> Row:
    """An event as its row, which is forgotten once it was told."""
    row: Row = keys.event(event.owner, event.id) | to_document(event)
    return row | {"entity": EVENT, "expires_at": math.ceil(to_epoch(event.occurred_at + EVENTS_KEPT))}


def event_from_image(image: Image) -> Event:
    """An event from a stream record's image."""
    return from_document(Event, from_image(image))
