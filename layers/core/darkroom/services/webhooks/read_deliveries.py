"""The log of an endpoint's deliveries, as its owner reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import NotFound
from darkroom.domain.paging import Page, PageRequest
from darkroom.domain.webhooks.deliveries import Delivery, DeliveryStatus
from darkroom.domain.webhooks.endpoints import EventType
from darkroom.ports.webhooks import Endpoints
from darkroom.services.webhooks.find_endpoint import find_endpoint


@dataclass(frozen=True, slots=True)
class ReadDeliveries:
    """Reads deliveries with their attempts."""

    endpoints: Endpoints

    def list(
        self,
        owner: Owner,
        endpoint_id: str,
        page: PageRequest,
        *,
        status: DeliveryStatus | None = None,
        event_type: EventType | None = None,
        since: datetime | None = None,
    ) -> Page[Delivery]:
        """Deliveries to one endpoint.

        Raises
        ------
        NotFound
        """
        find_endpoint(self.endpoints, owner, endpoint_id)
        return self.endpoints.deliveries(
            owner, endpoint_id, page, status=status, event_type=event_type, since=since
        )

    def get(self, owner: Owner, endpoint_id: str, delivery_id: str) -> Delivery:
        """One delivery.

        Raises
        ------
        NotFound
        """
        endpoint, delivery = self.endpoints.with_delivery(owner, endpoint_id, delivery_id)
        if endpoint is None or delivery is None:
            raise NotFound("No such delivery.")
        return delivery
