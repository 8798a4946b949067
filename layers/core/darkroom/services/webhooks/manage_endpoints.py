"""What a workspace does with its webhook endpoints and the deliveries to them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import batched
from typing import NamedTuple

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InvalidParam, NotFound, Unavailable
from darkroom.domain.paging import Page, PageRequest
from darkroom.domain.webhooks import deliveries
from darkroom.domain.webhooks.deliveries import RECOVERY_WINDOW, Delivery, DeliveryStatus
from darkroom.domain.webhooks.delivery_messages import DeliveryMessage
from darkroom.domain.webhooks.endpoints import (
    DEFAULT_OVERLAP,
    GENERATION_EVENTS,
    MAX_DESCRIPTION_CHARS,
    MAX_ENDPOINTS,
    MAX_OVERLAP,
    MAX_URL_CHARS,
    SUBSCRIBABLE,
    Endpoint,
    EventType,
)
from darkroom.domain.webhooks.messages import payload, signing_secret, summary
from darkroom.domain.writes import (
    DeleteEndpoint,
    SaveDelivery,
    SaveEndpoint,
    Write,
    WriteRefused,
)
from darkroom.ports.storage import Queues, Store
from darkroom.ports.system import Clock, Ids
from darkroom.ports.webhooks import Endpoints, Subscribers
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.commit_counted import commit_counted
from darkroom.services.idempotency import IdempotencyContext

logger = logging.getLogger(__name__)

MAX_RACES = 5
MAX_RECOVERED = 1000  # per call; what one call leaves, the next one takes
RECOVERY_PAGE = 100
RECOVERED_AT_ONCE = 25  # written in one transaction and sent in one second, so as not to flood the subscriber


class Created(NamedTuple):
    """A new endpoint and its secret.

    ``secret`` is ``None`` in the answer that is kept for a repeated request: secrets are stored nowhere.
    Whoever lost the first answer rotates the secret.
    """

    endpoint: Endpoint
    secret: str | None


class Rotated(NamedTuple):
    """An endpoint and its new secret, which is ``None`` in the same case as in :class:`Created`."""

    endpoint: Endpoint
    secret: str | None


@dataclass(frozen=True, slots=True)
class ManageEndpoints:
    """Registers, changes and tests endpoints; lists deliveries and has them sent again.

    Every change counts the caller's request in the same commit. It raises ``RateLimited`` and, given a
    receipt, ``AlreadyAnswered`` and ``IdempotencyConflict`` beside what its own docstring names.
    """

    store: Store
    endpoints: Endpoints
    queues: Queues
    subscribers: Subscribers
    clock: Clock
    ids: Ids
    master: bytes

    def all(self, owner: Owner) -> Sequence[Endpoint]:
        """Every endpoint of the owner, oldest first."""
        return self.endpoints.all(owner)

    def get(self, owner: Owner, endpoint_id: str) -> Endpoint:
        """One endpoint.

        Raises
        ------
        NotFound
        """
        endpoint = self.endpoints.get(owner, endpoint_id)
        if endpoint is None:
            raise NotFound("No such webhook endpoint.")
        return endpoint

    def create(
        self,
        caller: Caller,
        url: str,
        events: Collection[str] | None = None,
        description: str = "",
        idempotency: IdempotencyContext[Created] | None = None,
    ) -> Created:
        """Register ``url`` for ``events``, by default the four of generations.

        The limit of endpoints is checked before, not in, the commit: requests that race may pass it by a few.

        Raises
        ------
        InvalidParam
        """
        self._check_url(url)
        wanted = GENERATION_EVENTS if events is None else _events(events)
        _check_description(description)
        if len(self.endpoints.all(caller.owner)) >= MAX_ENDPOINTS:
            raise InvalidParam(f"A workspace can have {MAX_ENDPOINTS} webhook endpoints.", param="url")
        endpoint = Endpoint(
            self.ids.new(), caller.owner, url, wanted, self.clock.now(), description=description
        )
        self._commit(caller, idempotency, Created(endpoint, None), SaveEndpoint(endpoint))
        return Created(endpoint, self._secret(endpoint))

    def update(
        self,
        caller: Caller,
        endpoint_id: str,
        *,
        url: str | None = None,
        events: Collection[str] | None = None,
        enabled: bool | None = None,
        description: str | None = None,
        idempotency: IdempotencyContext[Endpoint] | None = None,
    ) -> Endpoint:
        """Change what is given. Enabling a disabled endpoint forgives it its failures.

        Raises
        ------
        NotFound, InvalidParam
        """
        if url is not None:
            self._check_url(url)
        wanted = None if events is None else _events(events)
        _check_description(description or "")

        def change(endpoint: Endpoint) -> Endpoint:
            after = endpoint if url is None else endpoint.moved(url)
            after = after if enabled is None else after.switched(enabled)
            return replace(
                after,
                events=after.events if wanted is None else wanted,
                description=after.description if description is None else description,
                version=endpoint.version + 1,
            )

        return self._change(caller, endpoint_id, change, idempotency, lambda endpoint: endpoint)

    def delete(
        self, caller: Caller, endpoint_id: str, idempotency: IdempotencyContext[None] | None = None
    ) -> None:
        """Remove an endpoint; deliveries under way to it are given up.

        Raises
        ------
        NotFound
        """
        self.get(caller.owner, endpoint_id)
        self._commit(caller, idempotency, None, DeleteEndpoint(caller.owner, endpoint_id))

    def rotate_secret(
        self,
        caller: Caller,
        endpoint_id: str,
        overlap: timedelta = DEFAULT_OVERLAP,
        idempotency: IdempotencyContext[Rotated] | None = None,
    ) -> Rotated:
        """Give the endpoint a new secret; the old one signs too until ``overlap`` has passed.

        Raises
        ------
        NotFound, InvalidParam
        """
        if not timedelta() <= overlap <= MAX_OVERLAP:
            raise InvalidParam(f"The overlap must be at most {MAX_OVERLAP.days} days.", param="overlap_hours")
        now = self.clock.now()
        endpoint = self._change(
            caller,
            endpoint_id,
            lambda endpoint: endpoint.rotated(now, overlap),
            idempotency,
            lambda endpoint: Rotated(endpoint, None),
        )
        return Rotated(endpoint, self._secret(endpoint))

    def send_test(
        self,
        caller: Caller,
        endpoint_id: str,
        idempotency: IdempotencyContext[Delivery] | None = None,
    ) -> Delivery:
        """Send the endpoint a ``webhook.test`` message like any other; answers the delivery to watch.

        Raises
        ------
        NotFound, InvalidParam
            The latter if the endpoint is disabled.
        """
        endpoint, now = self._enabled(caller.owner, endpoint_id), self.clock.now()
        event_id, owner = self.ids.new(), caller.owner
        body = payload(
            event_id, EventType.TEST, now, livemode=owner.livemode, data={"webhook": summary(endpoint)}
        )
        delivery = Delivery(
            deliveries.delivery_id(event_id, endpoint.id),
            owner,
            endpoint.id,
            event_id,
            EventType.TEST,
            body,
            created_at=now,
        )
        delivery = deliveries.scheduled(delivery, now)
        self._commit(caller, idempotency, delivery, SaveDelivery(delivery))
        self._queue([delivery])
        return delivery

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
        """Deliveries to one endpoint with their attempts.

        Raises
        ------
        NotFound
        """
        self.get(owner, endpoint_id)
        return self.endpoints.deliveries(
            owner, endpoint_id, page, status=status, event_type=event_type, since=since
        )

    def delivery(self, owner: Owner, endpoint_id: str, delivery_id: str) -> Delivery:
        """One delivery with its attempts.

        Raises
        ------
        NotFound
        """
        endpoint, delivery = self.endpoints.with_delivery(owner, endpoint_id, delivery_id)
        if endpoint is None or delivery is None:
            raise NotFound("No such delivery.")
        return delivery

    def replay(
        self,
        caller: Caller,
        endpoint_id: str,
        delivery_id: str,
        idempotency: IdempotencyContext[Delivery] | None = None,
    ) -> Delivery:
        """Send a delivery again, whatever became of it: the same id and body under a new schedule.

        Raises
        ------
        NotFound, InvalidParam
            The latter if the endpoint is disabled.
        """
        self._enabled(caller.owner, endpoint_id)
        for _ in range(MAX_RACES):
            found = self.delivery(caller.owner, endpoint_id, delivery_id)
            again = deliveries.scheduled(found, self.clock.now())
            try:
                self._commit(caller, idempotency, again, SaveDelivery(again))
            except WriteRefused:
                continue  # an attempt was put down in between
            self._queue([again])
            return again
        raise Unavailable("The delivery is busy.")

    def recover(
        self,
        caller: Caller,
        endpoint_id: str,
        since: datetime,
        idempotency: IdempotencyContext[int] | None = None,
    ) -> int:
        """Send all failed deliveries of events from ``since`` on again, oldest first, at most 1,000 a call.

        They are sent 25 a second. Doing this twice sends nothing twice: what is on its way has not failed.

        Raises
        ------
        NotFound, InvalidParam
            The latter if the endpoint is disabled or ``since`` is more than 14 days ago.
        """
        self._enabled(caller.owner, endpoint_id)
        now = self.clock.now()
        if not now - RECOVERY_WINDOW <= since <= now:
            raise InvalidParam(f"since must lie in the last {RECOVERY_WINDOW.days} days.", param="since")
        failed = self._failed(caller.owner, endpoint_id, since)
        recovered = 0
        for second, portion in enumerate(batched(failed, RECOVERED_AT_ONCE, strict=False)):
            again = self._saved([deliveries.scheduled(d, now + timedelta(seconds=second)) for d in portion])
            self._queue(again, delay_seconds=second)
            recovered += len(again)
        # Last, so that a request that broke off half way is not remembered as answered.
        self._commit(caller, idempotency, recovered)
        return recovered

    def _failed(self, owner: Owner, endpoint_id: str, since: datetime) -> list[Delivery]:
        found: list[Delivery] = []
        after = None
        while len(found) < MAX_RECOVERED:
            request = PageRequest(RECOVERY_PAGE, after, newest_first=False)
            page = self.endpoints.deliveries(
                owner, endpoint_id, request, status=DeliveryStatus.FAILED, since=since
            )
            found += page.items
            if not page.has_more:
                break
            after = page.items[-1].id
        return found

    def _saved(self, deliveries: list[Delivery]) -> list[Delivery]:
        """Write the deliveries in one commit, without those somebody else changed meanwhile."""
        while deliveries:
            try:
                self.store.commit(*map(SaveDelivery, deliveries))
            except WriteRefused as refusal:
                deliveries = [d for d in deliveries if SaveDelivery(d) != refusal.write]
            else:
                break
        return deliveries

    def _change[T](
        self,
        caller: Caller,
        endpoint_id: str,
        change: Callable[[Endpoint], Endpoint],
        idempotency: IdempotencyContext[T] | None,
        result: Callable[[Endpoint], T],
    ) -> Endpoint:
        for _ in range(MAX_RACES):
            after = change(self.get(caller.owner, endpoint_id))
            try:
                self._commit(caller, idempotency, result(after), SaveEndpoint(after))
            except WriteRefused:
                continue  # changed, or deleted, in between
            return after
        raise Unavailable("The webhook endpoint is busy.")

    def _commit[T](
        self, caller: Caller, idempotency: IdempotencyContext[T] | None, result: T, *writes: Write
    ) -> None:
        commit_counted(self.store, caller, idempotency, result, self.clock.now(), *writes)

    def _queue(self, deliveries: Sequence[Delivery], *, delay_seconds: int = 0) -> None:
        messages = [DeliveryMessage(d.owner, d.endpoint_id, d.id) for d in deliveries]
        try:
            self.queues.send_deliveries(messages, delay_seconds=delay_seconds)
        except Unavailable:
            # They are written down as due; housekeeping queues what was not queued.
            logger.warning("%d deliveries were not queued", len(messages))

    def _enabled(self, owner: Owner, endpoint_id: str) -> Endpoint:
        endpoint = self.get(owner, endpoint_id)
        if not endpoint.enabled:
            raise InvalidParam("The webhook endpoint is disabled; enable it first.", param="enabled")
        return endpoint

    def _check_url(self, url: str) -> None:
        if len(url) > MAX_URL_CHARS:
            raise InvalidParam(f"url must have at most {MAX_URL_CHARS} characters.", param="url")
        self.subscribers.check(url)

    def _secret(self, endpoint: Endpoint) -> str:
        return signing_secret(self.master, endpoint.id, endpoint.secret_version)


def _events(names: Collection[str]) -> frozenset[EventType]:
    known = {event.value: event for event in SUBSCRIBABLE}
    if not names or not known.keys() >= set(names):
        raise InvalidParam(f"events must be one or more of {', '.join(known)}.", param="events")
    return frozenset(known[name] for name in names)


def _check_description(description: str) -> None:
    if len(description) > MAX_DESCRIPTION_CHARS:
        raise InvalidParam(
            f"description must have at most {MAX_DESCRIPTION_CHARS} characters.", param="description"
        )
