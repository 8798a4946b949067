"""Making one attempt at one delivery.

The first attempt works from the message alone and writes once, when it has the response. Every later attempt reads
the delivery, claims it so that no other worker attempts it too, and then does the same. If a message or a worker is
lost on the way, the delivery keeps a time in ``next_attempt_at``, and housekeeping queues it again.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from darkroom.domain.master_secret import MasterSecret
from darkroom.domain.paging import PageRequest
from darkroom.domain.queues import MAX_DELAY_SECONDS
from darkroom.domain.webhooks import deliveries
from darkroom.domain.webhooks.deliveries import (
    GONE,
    TIMEOUT_SECONDS,
    Attempt,
    Delivery,
    DeliveryFailure,
    DeliveryStatus,
)
from darkroom.domain.webhooks.delivery_messages import DeliveryMessage
from darkroom.domain.webhooks.endpoints import DISABLE_AFTER, DisabledReason, Endpoint
from darkroom.domain.webhooks.messages import active_secrets, signed_headers
from darkroom.domain.webhooks.responses import NoWebhookResponse
from darkroom.domain.writes import DisableEndpoint, NoteHealth, SaveDelivery, WriteRefused
from darkroom.ports.storage import Store
from darkroom.ports.system import Clock, Ids
from darkroom.ports.webhooks import Endpoints, Subscribers
from darkroom.services.webhooks.queue_deliveries import QueueDeliveries

logger = logging.getLogger(__name__)

USER_AGENT = "Darkroom-Webhooks/1"
SNAPSHOT_LIFETIME = timedelta(seconds=60)  # less than the queue's visibility timeout
LOOK_BACK = timedelta(minutes=2)
LOOK_AT = 100

type HealthWrite = NoteHealth | DisableEndpoint


class Outcome(StrEnum):
    """The result of handling one message."""

    SUCCEEDED = "succeeded"
    RETRYING = "retrying"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class DeliverWebhook:
    """Handles delivery messages. ``master`` is the stack's master secret."""

    store: Store
    endpoints: Endpoints
    queue: QueueDeliveries
    subscribers: Subscribers
    clock: Clock
    ids: Ids
    master: Callable[[], MasterSecret]

    def __call__(self, message: DeliveryMessage) -> Outcome:
        """Attempt the delivery if it is due, and record the result."""
        first, snapshot, now = message.first, message.endpoint, self.clock.now()
        if first and snapshot and now - first.created_at < SNAPSHOT_LIFETIME:
            return self._attempt(snapshot, first)
        endpoint, delivery = self.endpoints.with_delivery(
            message.owner, message.endpoint_id, message.delivery_id
        )
        delivery = delivery or first
        if delivery is None or not deliveries.due(delivery, now):
            return Outcome.DROPPED
        if endpoint is None or not endpoint.enabled:
            return self._give_up(delivery, endpoint)
        claimed = deliveries.claimed(delivery, now)
        return self._attempt(endpoint, claimed) if self._saved(claimed) else Outcome.DROPPED

    def _give_up(self, delivery: Delivery, endpoint: Endpoint | None) -> Outcome:
        failure = DeliveryFailure.ENDPOINT_DISABLED if endpoint else DeliveryFailure.ENDPOINT_DELETED
        ended = deliveries.failed(replace(delivery, version=delivery.version + 1), failure)
        return Outcome.FAILED if self._saved(ended) else Outcome.DROPPED

    def _attempt(self, endpoint: Endpoint, delivery: Delivery) -> Outcome:
        attempt, retry_after = self._post(endpoint, delivery)
        after = deliveries.attempted(delivery, attempt, retry_after=retry_after, jitter=self.ids.fraction())
        health = self._health(endpoint, attempt)
        if isinstance(health, DisableEndpoint) and after.status is DeliveryStatus.PENDING:
            after = deliveries.failed(after, DeliveryFailure.ENDPOINT_DISABLED)
        if not self._saved(after, health):
            return Outcome.DROPPED
        if after.next_attempt_at is None:
            return Outcome.SUCCEEDED if attempt.succeeded else Outcome.FAILED
        self._queue_retry(after, after.next_attempt_at)
        return Outcome.RETRYING

    def _post(self, endpoint: Endpoint, delivery: Delivery) -> tuple[Attempt, timedelta | None]:
        at = self.clock.now()
        try:
            response = self.subscribers.post(
                endpoint.url,
                body=delivery.payload.encode(),
                headers=self._headers(endpoint, delivery, at),
                timeout_seconds=TIMEOUT_SECONDS,
            )
        except NoWebhookResponse as failure:
            elapsed = round((self.clock.now() - at) / timedelta(milliseconds=1))
            return Attempt(at, None, elapsed, failure.error), None
        attempt = deliveries.answered(
            at, response.status, duration_ms=response.duration_ms, response=response.excerpt
        )
        return attempt, deliveries.requested_delay(response.status, response.retry_after, self.clock.now())

    def _headers(self, endpoint: Endpoint, delivery: Delivery, at: datetime) -> dict[str, str]:
        """The headers of an attempt. The id is the event's and stays, time and signatures are the attempt's."""
        secrets = active_secrets(self.master(), endpoint, at)
        return {
            "content-type": "application/json",
            "user-agent": USER_AGENT,
            **signed_headers(delivery.event_id, at, delivery.payload, secrets),
        }

    def _health(self, endpoint: Endpoint, attempt: Attempt) -> HealthWrite | None:
        """The write by which an attempt changes the endpoint's health; ``None`` if it does not."""
        since = endpoint.failing_since
        if attempt.succeeded:
            return NoteHealth(endpoint.owner, endpoint.id, None) if since else None
        if attempt.status == GONE:
            return DisableEndpoint(endpoint.owner, endpoint.id, DisabledReason.GONE, attempt.at)
        if since is not None and attempt.at - since < DISABLE_AFTER:
            return None
        if since is None or self._succeeded_since(endpoint, since):
            return NoteHealth(endpoint.owner, endpoint.id, attempt.at)
        return DisableEndpoint(endpoint.owner, endpoint.id, DisabledReason.FAILING, attempt.at)

    def _succeeded_since(self, endpoint: Endpoint, since: datetime) -> bool:
        """Whether an attempt succeeded after ``since`` without clearing it, being under way when it was set.

        Later successes saw it and cleared it, so reading the deliveries around that moment is enough.
        """
        page = PageRequest(limit=LOOK_AT, newest_first=False)
        near = self.endpoints.deliveries(endpoint.owner, endpoint.id, page, since=since - LOOK_BACK)
        return any(a.succeeded and a.at >= since for delivery in near.items for a in delivery.attempts)

    def _saved(self, delivery: Delivery, health: HealthWrite | None = None) -> bool:
        """Save the delivery; ``False`` if another worker or a replay has changed it meanwhile."""
        try:
            self.store.commit(SaveDelivery(delivery), *([health] if health else []))
        except WriteRefused as refusal:
            if not isinstance(refusal.write, SaveDelivery):
                # The endpoint was deleted or disabled meanwhile: its health no longer matters.
                return self._saved(delivery)
            logger.info("delivery %s was changed meanwhile", delivery.id)
            return refusal.current == delivery  # our own write, which the SDK repeated
        return True

    def _queue_retry(self, delivery: Delivery, at: datetime) -> None:
        seconds = math.ceil((at - self.clock.now()).total_seconds())
        if seconds > MAX_DELAY_SECONDS:  # housekeeping queues what is due later
            return
        self.queue([delivery], delay_seconds=max(seconds, 0))
