"""Queueing an event for every endpoint that subscribes to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from darkroom.domain.webhooks.deliveries import Delivery, delivery_id
from darkroom.domain.webhooks.delivery_messages import DeliveryMessage
from darkroom.domain.webhooks.endpoints import Endpoint, EventType
from darkroom.domain.webhooks.events import Event
from darkroom.domain.webhooks.messages import payload
from darkroom.ports.storage import Queues
from darkroom.ports.webhooks import Endpoints


@dataclass(frozen=True, slots=True)
class FanOut:
    """Queues an event's deliveries: one read of the endpoints, one batch of messages, nothing stored.

    A delivery follows entirely from the event and the endpoint, so fanning out twice makes the same deliveries.
    The worker stores a delivery with its first attempt.
    """

    endpoints: Endpoints
    queues: Queues

    def __call__(self, event: Event, present: Callable[[], Mapping[str, Any]]) -> int:
        """Queue ``event`` for its owner's endpoints; returns for how many.

        ``present`` makes the message's ``data``; it is called only if an endpoint subscribes to the event.
        """
        subscribed = [endpoint for endpoint in self.endpoints.all(event.owner) if _is_for(event, endpoint)]
        if not subscribed:
            return 0
        body = payload(event.id, event.type, event.occurred_at, livemode=event.owner.livemode, data=present())
        self.queues.send_deliveries([_message(event, endpoint, body) for endpoint in subscribed])
        return len(subscribed)


def _is_for(event: Event, endpoint: Endpoint) -> bool:
    """Whether the endpoint gets the event. None gets its own ``webhook.disabled``: it was disabled for failing."""
    about_itself = event.type is EventType.ENDPOINT_DISABLED and event.data["id"] == endpoint.id
    return endpoint.wants(event.type) and not about_itself


def _message(event: Event, endpoint: Endpoint, body: str) -> DeliveryMessage:
    delivery = Delivery(
        id=delivery_id(event.id, endpoint.id),
        owner=event.owner,
        endpoint_id=endpoint.id,
        event_id=event.id,
        event_type=event.type,
        payload=body,
        created_at=event.occurred_at,
    )
    return DeliveryMessage(event.owner, endpoint.id, delivery.id, first=delivery, endpoint=endpoint)
