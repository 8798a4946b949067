"""Endpoints and deliveries."""

from __future__ import annotations

from dataclasses import replace

from darkroom.domain import writes
from darkroom.domain.webhooks.deliveries import Delivery
from darkroom.domain.webhooks.endpoints import Endpoint
from darkroom.domain.writes import Write, WriteRefused
from tests.fakes.memory import Memory, as_stored
from tests.fakes.writes.registry import Effect, effect


@effect(writes.SaveEndpoint, row=lambda write: ("endpoint", write.endpoint.owner, write.endpoint.id))
def save_endpoint(memory: Memory, write: writes.SaveEndpoint) -> Effect:
    endpoint = as_stored(write.endpoint)
    place = (endpoint.owner, endpoint.id)
    stored = memory.endpoints.get(place)
    _refuse_out_of_turn(write, stored, endpoint.version)
    return lambda: memory.endpoints.update({place: endpoint})


@effect(writes.NoteHealth, row=lambda write: ("endpoint", write.owner, write.endpoint_id))
def note_health(memory: Memory, write: writes.NoteHealth) -> Effect:
    place = (write.owner, write.endpoint_id)
    stored = memory.endpoints.get(place)
    if stored is None:
        raise WriteRefused(write, None)
    noted = replace(stored, failing_since=write.failing_since)
    return lambda: memory.endpoints.update({place: noted})


@effect(writes.DisableEndpoint, row=lambda write: ("endpoint", write.owner, write.endpoint_id))
def disable_endpoint(memory: Memory, write: writes.DisableEndpoint) -> Effect:
    place = (write.owner, write.endpoint_id)
    stored = memory.endpoints.get(place)
    if stored is None or not stored.enabled:
        raise WriteRefused(write, stored)
    disabled = replace(
        stored,
        enabled=False,
        disabled_at=write.at,
        disabled_reason=write.reason,
        version=stored.version + 1,
    )
    return lambda: memory.endpoints.update({place: disabled})


@effect(writes.DeleteEndpoint, row=lambda write: ("endpoint", write.owner, write.endpoint_id))
def delete_endpoint(memory: Memory, write: writes.DeleteEndpoint) -> Effect:
    return lambda: memory.endpoints.pop((write.owner, write.endpoint_id), None)


@effect(
    writes.SaveDelivery,
    row=lambda write: ("delivery", write.delivery.owner, write.delivery.endpoint_id, write.delivery.id),
)
def save_delivery(memory: Memory, write: writes.SaveDelivery) -> Effect:
    delivery = as_stored(write.delivery)
    place = (delivery.owner, delivery.endpoint_id, delivery.id)
    stored = memory.deliveries.get(place)
    _refuse_out_of_turn(write, stored, delivery.version)
    return lambda: memory.deliveries.update({place: delivery})


def _refuse_out_of_turn(write: Write, stored: Endpoint | Delivery | None, version: int) -> None:
    if (stored.version if stored else 0) != version - 1:
        raise WriteRefused(write, stored)


@effect(writes.RecordEvent, row=lambda write: ("event", write.event.owner, write.event.id))
def record_event(memory: Memory, write: writes.RecordEvent) -> Effect:
    event = as_stored(write.event)
    return lambda: memory.events.update({(event.owner, event.id): event})
