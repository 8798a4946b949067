"""Reads of webhook endpoints and deliveries."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.expressions import Placeholders, all_of
from darkroom.adapters.dynamodb.gateway import PATIENCE, Gateway, Patience
from darkroom.adapters.dynamodb.marshal import from_image, to_image
from darkroom.adapters.dynamodb.queries import (
    DueIndex,
    Filter,
    Partition,
    overdue,
    read_page,
    set_aside,
    starting_with,
)
from darkroom.adapters.dynamodb.rows import ENDPOINT, endpoint_from_image
from darkroom.domain.paging import Due, Page, PageRequest, RowKey, unknown_cursor
from darkroom.domain.serialization import from_document
from darkroom.domain.webhooks.deliveries import Delivery, DeliveryStatus
from darkroom.domain.webhooks.endpoints import Endpoint, EventType

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

    from darkroom.domain.accounts.workspaces import Owner


_DUE = DueIndex(keys.DUE, "due_shard", "due_at")


class DynamoEndpoints:
    """The webhooks table."""

    def __init__(self, client: DynamoDBClient, table: str, patience: Patience = PATIENCE) -> None:
        self._gateway = Gateway(client, patience)
        self._table = table

    def get(self, owner: Owner, endpoint_id: str) -> Endpoint | None:
        image = self._gateway.get(self._table, to_image(keys.endpoint(owner, endpoint_id)))
        return endpoint_from_image(image) if image else None

    def all(self, owner: Owner) -> Sequence[Endpoint]:
        partition = Partition(self._table, keys.endpoints_partition(owner))
        rows = starting_with(self._gateway, partition, keys.ENDPOINT_PREFIX)
        endpoints = (from_document(Endpoint, row) for row in rows)
        return sorted(endpoints, key=lambda endpoint: (endpoint.created_at, endpoint.id))

    def delivery(self, owner: Owner, endpoint_id: str, delivery_id: str) -> Delivery | None:
        image = self._gateway.get(self._table, to_image(keys.delivery(owner, endpoint_id, delivery_id)))
        return from_document(Delivery, from_image(image)) if image else None

    def with_delivery(
        self, owner: Owner, endpoint_id: str, delivery_id: str
    ) -> tuple[Endpoint | None, Delivery | None]:
        row_keys = [keys.endpoint(owner, endpoint_id), keys.delivery(owner, endpoint_id, delivery_id)]
        images = self._gateway.get_many(self._table, [to_image(key) for key in row_keys])
        by_kind = {row["entity"] == ENDPOINT: row for row in map(from_image, images)}
        return (
            from_document(Endpoint, by_kind[True]) if True in by_kind else None,
            from_document(Delivery, by_kind[False]) if False in by_kind else None,
        )

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
        x = Placeholders()
        in_status = f"{x.path('status')} = {x.value(status.value)}" if status else ""
        of_type = f"{x.path('event_type')} = {x.value(event_type.value)}" if event_type else ""
        return read_page(
            self._gateway,
            Partition(self._table, keys.deliveries_partition(owner, endpoint_id), keys.BY_ENDPOINT),
            page,
            partial(from_document, Delivery),
            after=keys.delivery_position(last_seen.created_at, last_seen.id) if last_seen else None,
            floor=keys.delivery_position(since) if since else None,
            where=Filter(x, all_of(in_status, of_type), lambda key: keys.delivery_id(key["sk"])),
        )

    def due(self, now: datetime, limit: int) -> Due[Delivery]:
        return overdue(self._gateway, self._table, _DUE, now, limit, lambda row: from_document(Delivery, row))

    def set_aside(self, row: RowKey, until: datetime) -> None:
        set_aside(self._gateway, self._table, _DUE, row, until)
