"""Reads of endpoints and deliveries, and posting to subscribers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Only for signatures: implementations and callers import what they need themselves.
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.webhooks.deliveries import Delivery, DeliveryStatus
    from darkroom.domain.webhooks.endpoints import Endpoint, EventType

from darkroom.domain.paging import Due, Page, PageRequest, RowKey
from darkroom.domain.webhooks.responses import WebhookResponse


class Endpoints(Protocol):
    """Reads of webhook endpoints and deliveries."""

    def get(self, owner: Owner, endpoint_id: str) -> Endpoint | None: ...

    def all(self, owner: Owner) -> Sequence[Endpoint]:
        """All endpoints of an owner, oldest first."""
        ...

    def delivery(self, owner: Owner, endpoint_id: str, delivery_id: str) -> Delivery | None: ...

    def with_delivery(
        self, owner: Owner, endpoint_id: str, delivery_id: str
    ) -> tuple[Endpoint | None, Delivery | None]:
        """An endpoint and one of its deliveries in one read."""
        ...

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
        """Deliveries to one endpoint by creation time; a cursor of no delivery gives an empty page."""
        ...

    def due(self, now: datetime, limit: int) -> Due[Delivery]:
        """Pending deliveries whose ``next_attempt_at`` has passed."""
        ...

    def set_aside(self, row: RowKey, until: datetime) -> None:
        """Have a delivery that could not be read not be due before ``until``."""
        ...


class Subscribers(Protocol):
    """Posts to subscribers' URLs, never to an internal address."""

    def check(self, url: str) -> None:
        """Refuse at registration a URL that could never be posted to.

        Raises :class:`darkroom.domain.errors.InvalidParam`.
        """
        ...

    def post(
        self, url: str, *, body: bytes, headers: Mapping[str, str], timeout_seconds: float
    ) -> WebhookResponse:
        """Post a message. Any status is a response, a redirect included.

        Raises
        ------
        NoWebhookResponse
        """
        ...
