"""Sending everything again that an endpoint missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InvalidParam
from darkroom.domain.paging import PageRequest
from darkroom.domain.webhooks.deliveries import RECOVERY_WINDOW, Delivery, DeliveryStatus, scheduled, waits
from darkroom.domain.writes import SaveDelivery, WriteRefused
from darkroom.ports.storage import Store
from darkroom.ports.system import Clock
from darkroom.ports.webhooks import Endpoints
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.commit_counted import commit_counted
from darkroom.services.idempotency import IdempotencyContext
from darkroom.services.webhooks.find_endpoint import find_enabled_endpoint
from darkroom.services.webhooks.queue_deliveries import QueueDeliveries

MAX_RECOVERED = 1000  # per call; what one call leaves, the next one takes
RECOVERY_PAGE = 100
RECOVERED_AT_ONCE = 25  # written in one transaction and sent in one second, so as not to flood the subscriber


@dataclass(frozen=True, slots=True)
class RecoverDeliveries:
    """Schedules anew what an endpoint missed: what has failed for good, and what waits for its next try."""

    store: Store
    endpoints: Endpoints
    queue: QueueDeliveries
    clock: Clock

    def __call__(
        self,
        caller: Caller,
        endpoint_id: str,
        since: datetime,
        idempotency: IdempotencyContext[int] | None = None,
    ) -> int:
        """Send again what an endpoint missed of events from ``since`` on, oldest first; returns how many.

        One call sends at most 1,000, 25 a second. Doing this twice sends nothing twice: what is on its way has
        neither failed nor does it wait.

        Raises
        ------
        NotFound, RateLimited, AlreadyAnswered, IdempotencyConflict
        InvalidParam
            The endpoint is disabled or ``since`` is more than 14 days ago.
        """
        find_enabled_endpoint(self.endpoints, caller.owner, endpoint_id)
        now = self.clock.now()
        if not now - RECOVERY_WINDOW <= since <= now:
            raise InvalidParam(f"since must lie in the last {RECOVERY_WINDOW.days} days.", param="since")
        missed = self._missed(caller.owner, endpoint_id, since, now)
        recovered = 0
        for second, portion in enumerate(batched(missed, RECOVERED_AT_ONCE, strict=False)):
            saved = self._save([scheduled(d, now + timedelta(seconds=second)) for d in portion])
            if saved:
                self.queue(saved, delay_seconds=second)
            recovered += len(saved)
        # Last, so that a request that broke off half way is not remembered as answered.
        commit_counted(self.store, caller, idempotency, recovered, self.clock.now())
        return recovered

    def _missed(self, owner: Owner, endpoint_id: str, since: datetime, now: datetime) -> list[Delivery]:
        failed = self._all(owner, endpoint_id, DeliveryStatus.FAILED, since)
        waiting = (
            delivery
            for delivery in self._all(owner, endpoint_id, DeliveryStatus.PENDING, since)
            if waits(delivery, now)
        )
        return sorted([*failed, *waiting], key=lambda missed: missed.created_at)[:MAX_RECOVERED]

    def _all(self, owner: Owner, endpoint_id: str, status: DeliveryStatus, since: datetime) -> list[Delivery]:
        """The oldest deliveries of a status, as many as one call may send again."""
        found: list[Delivery] = []
        after = None
        while len(found) < MAX_RECOVERED:
            request = PageRequest(RECOVERY_PAGE, after, newest_first=False)
            page = self.endpoints.deliveries(owner, endpoint_id, request, status=status, since=since)
            found += page.items
            if not page.has_more:
                break
            after = page.cursor
        return found

    def _save(self, deliveries: list[Delivery]) -> list[Delivery]:
        """Write the deliveries in one commit, without those that changed meanwhile; returns what was written."""
        while deliveries:
            try:
                self.store.commit(*map(SaveDelivery, deliveries))
            except WriteRefused as refusal:
                deliveries = [d for d in deliveries if SaveDelivery(d) != refusal.write]
            else:
                break
        return deliveries
