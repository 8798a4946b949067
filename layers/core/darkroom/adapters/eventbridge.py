"""Events on the bus."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from darkroom.adapters.aws_errors import translating
from darkroom.adapters.batches import BATCH_BYTES, batched
from darkroom.domain.errors import Unavailable
from darkroom.domain.serialization import from_document, to_document
from darkroom.domain.webhooks.events import Event

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

SOURCE = "darkroom"
_OVERHEAD_BYTES = 64  # what the bus counts of an entry beside its detail: time, source and type


def event_to_detail(event: Event) -> str:
    """The event as the JSON text that goes on the bus."""
    return json.dumps(to_document(event))


def event_from_detail(detail: Mapping[str, Any]) -> Event:
    """The event, from the ``detail`` of what a rule's target receives."""
    return from_document(Event, detail)


class EventBridgeBus:
    """Announces on one bus."""

    def __init__(self, client: EventBridgeClient, bus_name: str) -> None:
        self._client = client
        self._bus_name = bus_name

    def publish(self, events: Sequence[Event]) -> Sequence[str]:
        details = [(event, event_to_detail(event)) for event in events]
        batches = batched(details, lambda pair: len(pair[1]) + _OVERHEAD_BYTES)
        return [event_id for batch in batches for event_id in self._not_taken(batch)]

    def _not_taken(self, batch: Sequence[tuple[Event, str]]) -> list[str]:
        """The ids of those not on the bus afterwards, refused for themselves or because the call failed."""
        if any(len(detail) + _OVERHEAD_BYTES > BATCH_BYTES for _, detail in batch):
            return [event.id for event, _ in batch]
        entries = [self._entry(event, detail) for event, detail in batch]
        try:
            with translating():
                results = self._client.put_events(Entries=entries)["Entries"]
        except Unavailable:
            return [event.id for event, _ in batch]
        return [event.id for (event, _), result in zip(batch, results, strict=True) if "ErrorCode" in result]

    def _entry(self, event: Event, detail: str) -> PutEventsRequestEntryTypeDef:
        return {
            "Source": SOURCE,
            "DetailType": event.type.value,
            "Detail": detail,
            "EventBusName": self._bus_name,
            "Time": event.occurred_at,
        }
