"""Writes of endpoints and deliveries, to the webhooks table, and of accounts' events."""

from __future__ import annotations

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.events import event_row
from darkroom.adapters.dynamodb.expressions import Placeholders, all_of, update
from darkroom.adapters.dynamodb.parts import EXISTS, NEW, Part, change, delete, put
from darkroom.adapters.dynamodb.rows import delivery_row, endpoint_row
from darkroom.adapters.dynamodb.writes.registry import spelled, stored
from darkroom.domain.webhooks.deliveries import Delivery
from darkroom.domain.webhooks.endpoints import Endpoint
from darkroom.domain.writes import (
    DeleteEndpoint,
    DisableEndpoint,
    NoteHealth,
    RecordEvent,
    SaveDelivery,
    SaveEndpoint,
)


@spelled(SaveEndpoint, "webhooks", current=stored(Endpoint))
def save_endpoint(table: str, write: SaveEndpoint) -> Part:
    x = Placeholders()
    in_turn = _in_turn(x, write.endpoint.version)
    return put(table, endpoint_row(write.endpoint), condition=in_turn, holders=x)


@spelled(NoteHealth, "webhooks", current=stored(Endpoint))
def note_health(table: str, write: NoteHealth) -> Part:
    x = Placeholders()
    failing_since = x.path("failing_since")
    if write.failing_since is None:
        noted = update(remove=[failing_since])
    else:
        noted = update(set_=[f"{failing_since} = {x.value(write.failing_since.isoformat())}"])
    key = keys.endpoint(write.owner, write.endpoint_id)
    return change(table, key, noted, condition=EXISTS, holders=x)


@spelled(DisableEndpoint, "webhooks", current=stored(Endpoint))
def disable_endpoint(table: str, write: DisableEndpoint) -> Part:
    x = Placeholders()
    enabled, version = x.path("enabled"), x.path("version")
    is_enabled = f"{enabled} = {x.value(True)}"
    off = [
        f"{enabled} = {x.value(False)}",
        f"{x.path('disabled_reason')} = {x.value(write.reason)}",
        f"{x.path('disabled_at')} = {x.value(write.at.isoformat())}",
        f"{version} = {version} + {x.value(1)}",
    ]
    key = keys.endpoint(write.owner, write.endpoint_id)
    return change(table, key, update(set_=off), condition=all_of(EXISTS, is_enabled), holders=x)


@spelled(DeleteEndpoint, "webhooks")
def delete_endpoint(table: str, write: DeleteEndpoint) -> Part:
    return delete(table, keys.endpoint(write.owner, write.endpoint_id))


@spelled(SaveDelivery, "webhooks", current=stored(Delivery))
def save_delivery(table: str, write: SaveDelivery) -> Part:
    x = Placeholders()
    in_turn = _in_turn(x, write.delivery.version)
    return put(table, delivery_row(write.delivery), condition=in_turn, holders=x)


def _in_turn(x: Placeholders, version: int) -> str:
    """The condition that ``version`` follows the stored one, or is the first of something new."""
    return NEW if version == 1 else f"{x.path('version')} = {x.value(version - 1)}"


@spelled(RecordEvent, "accounts")
def record_event(table: str, write: RecordEvent) -> Part:
    return put(table, event_row(write.event))
