"""Sending one delivery again."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.errors import Unavailable
from darkroom.domain.webhooks.deliveries import Delivery, scheduled
from darkroom.domain.writes import SaveDelivery, WriteRefused
from darkroom.ports.storage import Store
from darkroom.ports.system import Clock
from darkroom.ports.webhooks import Endpoints
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.commit_counted import commit_counted
from darkroom.services.idempotency import IdempotencyContext
from darkroom.services.webhooks.find_endpoint import find_enabled_endpoint
from darkroom.services.webhooks.queue_deliveries import QueueDeliveries
from darkroom.services.webhooks.read_deliveries import ReadDeliveries

MAX_RACES = 5


@dataclass(frozen=True, slots=True)
class ReplayDelivery:
    """Schedules a delivery anew, whatever became of it before."""

    store: Store
    endpoints: Endpoints
    deliveries: ReadDeliveries
    queue: QueueDeliveries
    clock: Clock

    def __call__(
        self,
        caller: Caller,
        endpoint_id: str,
        delivery_id: str,
        idempotency: IdempotencyContext[Delivery] | None = None,
    ) -> Delivery:
        """Send a delivery again: the same id and body under a new schedule of retries.

        Raises
        ------
        NotFound, Unavailable, RateLimited, AlreadyAnswered, IdempotencyConflict
        InvalidParam
            The endpoint is disabled.
        """
        find_enabled_endpoint(self.endpoints, caller.owner, endpoint_id)
        for _ in range(MAX_RACES):
            delivery = self.deliveries.get(caller.owner, endpoint_id, delivery_id)
            now = self.clock.now()
            replayed = scheduled(delivery, now)
            try:
                commit_counted(self.store, caller, idempotency, replayed, now, SaveDelivery(replayed))
            except WriteRefused:
                continue  # the worker recorded an attempt in between
            self.queue([replayed])
            return replayed
        raise Unavailable("The delivery is busy.")
