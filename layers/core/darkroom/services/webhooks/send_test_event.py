"""Sending an endpoint a test event, for its owner to see whether it works."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.webhooks.deliveries import Delivery, delivery_id, scheduled
from darkroom.domain.webhooks.endpoints import EventType
from darkroom.domain.webhooks.messages import payload, summary
from darkroom.domain.writes import SaveDelivery
from darkroom.ports.storage import Store
from darkroom.ports.system import Clock, Ids
from darkroom.ports.webhooks import Endpoints
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.commit_counted import commit_counted
from darkroom.services.idempotency import IdempotencyContext
from darkroom.services.webhooks.find_endpoint import find_enabled_endpoint
from darkroom.services.webhooks.queue_deliveries import QueueDeliveries


@dataclass(frozen=True, slots=True)
class SendTestEvent:
    """Sends ``webhook.test`` to one endpoint, whatever events it subscribes to."""

    store: Store
    endpoints: Endpoints
    queue: QueueDeliveries
    clock: Clock
    ids: Ids

    def __call__(
        self,
        caller: Caller,
        endpoint_id: str,
        idempotency: IdempotencyContext[Delivery] | None = None,
    ) -> Delivery:
        """Queue a test event, signed and retried like any other; returns the delivery to watch.

        Raises
        ------
        NotFound, RateLimited, AlreadyAnswered, IdempotencyConflict
        InvalidParam
            The endpoint is disabled.
        """
        endpoint = find_enabled_endpoint(self.endpoints, caller.owner, endpoint_id)
        event_id, owner, now = self.ids.new(), caller.owner, self.clock.now()
        body = payload(
            event_id, EventType.TEST, now, livemode=owner.livemode, data={"webhook": summary(endpoint)}
        )
        delivery = Delivery(
            delivery_id(event_id, endpoint.id),
            owner,
            endpoint.id,
            event_id,
            EventType.TEST,
            body,
            created_at=now,
        )
        delivery = scheduled(delivery, now)
        commit_counted(self.store, caller, idempotency, delivery, now, SaveDelivery(delivery))
        self.queue([delivery])
        return delivery
