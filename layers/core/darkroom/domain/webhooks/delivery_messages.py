"""Queue messages to the worker that calls subscribers."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.webhooks.deliveries import Delivery
from darkroom.domain.webhooks.endpoints import Endpoint


@dataclass(frozen=True, slots=True)
class DeliveryMessage:
    """One attempt at one delivery.

    The first attempt's message carries the delivery and the endpoint as it was; later ones only name the delivery,
    and the worker reads it.
    """

    owner: Owner
    endpoint_id: str
    delivery_id: str
    first: Delivery | None = None
    endpoint: Endpoint | None = None
