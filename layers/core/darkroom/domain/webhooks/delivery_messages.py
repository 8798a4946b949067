"""Queue messages to the worker that calls subscribers."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.webhooks.deliveries import Delivery
from darkroom.domain.webhooks.endpoints import Endpoint


@dataclass(frozen=True, slots=True)
class DeliveryMessage:
    """One event on its way to one endpoint.

    The first try carries all it needs (``payload`` and the endpoint as it was), later ones only name the
    delivery and read it.
    """

    owner: Owner
    endpoint_id: str
    delivery_id: str
    first: Delivery | None = None
    endpoint: Endpoint | None = None
