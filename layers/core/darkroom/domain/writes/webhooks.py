"""Writes of endpoints and of deliveries to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.writes.base import Write

if TYPE_CHECKING:
    from datetime import datetime

    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.webhooks.deliveries import Delivery
    from darkroom.domain.webhooks.endpoints import Endpoint
    from darkroom.domain.webhooks.events import Event


@dataclass(frozen=True, slots=True)
class SaveEndpoint(Write):
    """Put an endpoint. Condition: its version is one more than the stored one's; only version 1 may be new.

    So a change that races a deletion does not bring the endpoint back.
    """

    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class NoteHealth(Write):
    """Set or clear an endpoint's ``failing_since``. Condition: the endpoint exists. Leaves its version alone."""

    owner: Owner
    endpoint_id: str
    failing_since: datetime | None


@dataclass(frozen=True, slots=True)
class DisableEndpoint(Write):
    """Switch an endpoint off with a reason, counting its version up. Condition: it exists and is enabled."""

    owner: Owner
    endpoint_id: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeleteEndpoint(Write):
    """Remove an endpoint. No condition."""

    owner: Owner
    endpoint_id: str


@dataclass(frozen=True, slots=True)
class SaveDelivery(Write):
    """Put a delivery. Condition: its version is one more than the stored one's; only version 1 may be new."""

    delivery: Delivery


@dataclass(frozen=True, slots=True)
class RecordEvent(Write):
    """Put an event of an account, to be announced. No condition: its id follows from what happened.

    For what is no change of a job, a file or an endpoint, it is written with what it tells of; ``data`` is what
    subscribers get.
    """

    event: Event
