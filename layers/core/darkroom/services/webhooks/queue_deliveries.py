"""Sending the webhook worker deliveries that are due."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from darkroom.domain.errors import Unavailable
from darkroom.domain.webhooks.deliveries import Delivery
from darkroom.domain.webhooks.delivery_messages import DeliveryMessage
from darkroom.ports.storage import Queues

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class QueueDeliveries:
    """Queues deliveries that are stored with the time at which they are due."""

    queues: Queues

    def __call__(self, deliveries: Sequence[Delivery], *, delay_seconds: int = 0) -> None:
        """Send one message per delivery. A queue that fails is no error: housekeeping queues what is overdue."""
        messages = [DeliveryMessage(d.owner, d.endpoint_id, d.id) for d in deliveries]
        try:
            self.queues.send_deliveries(messages, delay_seconds=delay_seconds)
        except Unavailable:
            logger.warning(
                "%d deliveries were not queued, from %s on", len(messages), messages[0].delivery_id
            )
