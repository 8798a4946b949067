"""Webhook endpoints and deliveries in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.paging import Due, Page, PageRequest, RowKey, unknown_cursor
from darkroom.domain.webhooks.deliveries import Delivery, DeliveryStatus
from darkroom.domain.webhooks.endpoints import Endpoint, EventType
from tests.fakes.memory import Memory, page_of


class FakeEndpoints:
    """Reads a :class:`Memory`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.unreadable: dict[RowKey, datetime] = {}

    def get(self, owner: Owner, endpoint_id: str) -> Endpoint | None:
        return self._memory.endpoints.get((owner, endpoint_id))

    def all(self, owner: Owner) -> Sequence[Endpoint]:
        with self._memory.lock:
            mine = [endpoint for (o, _), endpoint in self._memory.endpoints.items() if o == owner]
        return sorted(mine, key=lambda endpoint: (endpoint.created_at, endpoint.id))

    def delivery(self, owner: Owner, endpoint_id: str, delivery_id: str) -> Delivery | None:
        return self._memory.deliveries.get((owner, endpoint_id, delivery_id))

    def with_delivery(
        self, owner: Owner, endpoint_id: str, delivery_id: str
    ) -> tuple[Endpoint | None, Delivery | None]:
        with self._memory.lock:
            return self.get(owner, endpoint_id), self.delivery(owner, endpoint_id, delivery_id)

    def deliveries(
        self,
        owner: Owner,
        endpoint_id: str,
        page: PageRequest,
        *,
        status: DeliveryStatus | None = None,
        event_type: EventType | None = None,
        since: datetime | None = None,
    ) -> Page[Delivery]:
        last_seen = self.delivery(owner, endpoint_id, page.after) if page.after is not None else None
        if page.after is not None and last_seen is None:
            raise unknown_cursor()
        with self._memory.lock:
            sent = [
                delivery
                for (o, endpoint, _), delivery in self._memory.deliveries.items()
                if (o, endpoint) == (owner, endpoint_id) and (since is None or delivery.created_at >= since)
            ]

        def only(delivery: Delivery) -> bool:
            return status in (None, delivery.status) and event_type in (None, delivery.event_type)

        filtered = only if status or event_type else None
        return page_of(sent, page, _position, _position(last_seen) if last_seen else None, filtered)

    def due(self, now: datetime, limit: int) -> Due[Delivery]:
        with self._memory.lock:
            overdue = [
                (delivery.next_attempt_at, delivery)
                for delivery in self._memory.deliveries.values()
                if delivery.status is DeliveryStatus.PENDING
                and delivery.next_attempt_at is not None
                and delivery.next_attempt_at <= now
            ]
        unreadable = tuple(key for key, until in self.unreadable.items() if until <= now)
        first = sorted(overdue, key=lambda pair: pair[0])[:limit]
        return Due(tuple(delivery for _, delivery in first), unreadable)

    def set_aside(self, row: RowKey, until: datetime) -> None:
        self.unreadable[row] = until


def _position(delivery: Delivery) -> tuple[datetime, str]:
    return delivery.created_at, delivery.id
