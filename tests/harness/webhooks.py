"""Webhooks on fakes: events go out to subscribers through a queue that knows delays, and housekeeping comes by."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from darkroom.domain.accounts.api_keys import WORKSPACE_SCOPES, ApiKey
from darkroom.domain.accounts.rate_limits import RatePolicy, RateWindow
from darkroom.domain.accounts.workspaces import Feature, Owner, Workspace
from darkroom.domain.billing.ledger import Wallet
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.jobs.job import Job, JobStatus, new_tasks
from darkroom.domain.jobs.spec import ImageSpec
from darkroom.domain.jobs.transitions import canceled
from darkroom.domain.paging import PageRequest
from darkroom.domain.webhooks.deliveries import AttemptError, Delivery, DeliveryStatus
from darkroom.domain.webhooks.delivery_messages import DeliveryMessage
from darkroom.domain.webhooks.endpoints import GENERATION_EVENTS, Endpoint, EventType
from darkroom.domain.webhooks.events import Event
from darkroom.domain.webhooks.messages import signing_secret
from darkroom.domain.webhooks.responses import NoWebhookResponse, WebhookResponse
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.webhooks.deliver_webhook import DeliverWebhook, Outcome
from darkroom.services.webhooks.manage_endpoints import ManageEndpoints
from tests.fakes import FakeClock, FakeIds, FakeQueues
from tests.fakes.calls import Crash
from tests.fakes.subscribers import OK, Reply
from tests.harness.container import MASTER, Harness

WORKSPACE = "018f4e9a-0000-7000-8000-000000000001"
OWNER = Owner(WORKSPACE, True)
STRANGER = Owner("018f4e9a-0000-7000-8000-000000000009", True)
URL = "https://hooks.example.com/memes"
VISIBILITY = timedelta(seconds=180)
PAGE = PageRequest(limit=1000)

BROKEN = WebhookResponse(500, 12, "oops")
TIMEOUT = NoWebhookResponse(AttemptError.TIMEOUT)


class FakeDeliveryQueue(FakeQueues):
    """Keeps its messages until their delay has passed."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self._clock = clock
        self._numbers = itertools.count()
        self.waiting: list[tuple[datetime, int, DeliveryMessage]] = []

    def send_deliveries(self, messages: Sequence[DeliveryMessage], *, delay_seconds: int = 0) -> None:
        already = len(self.deliveries)
        super().send_deliveries(messages, delay_seconds=delay_seconds)
        for sent in self.deliveries[already:]:
            self.put_back(sent.message, timedelta(seconds=delay_seconds))

    def put_back(self, message: DeliveryMessage, delay: timedelta) -> None:
        self.waiting.append((self._clock.now() + delay, next(self._numbers), message))

    def take(self) -> list[DeliveryMessage]:
        """The messages whose time has come."""
        due = sorted(entry for entry in self.waiting if entry[0] <= self._clock.now())
        self.waiting = [entry for entry in self.waiting if entry not in due]
        return [message for _, _, message in due]


class WebhookHarness(Harness):
    """The webhook services of a stack, with a subscriber behind every URL."""

    queues: FakeDeliveryQueue

    def __init__(self, clock: FakeClock | None = None) -> None:
        super().__init__(clock=clock, ids=FakeIds(0.0))
        self.outcomes: list[Outcome] = []

    @classmethod
    def at_present(cls) -> Self:
        """A stack at the present time, for verifiers that look at the real clock."""
        return cls(FakeClock(datetime.now(UTC)))

    def make_queues(self) -> FakeQueues:
        return FakeDeliveryQueue(self.clock)

    @property
    def deliver(self) -> DeliverWebhook:
        return self.core.deliver_webhook

    @property
    def manage(self) -> ManageEndpoints:
        return self.core.manage_endpoints

    # what there is

    def endpoint(self, owner: Owner = OWNER, **changes: Any) -> Endpoint:
        endpoint = Endpoint(
            **{
                "id": self.ids.new(),
                "owner": owner,
                "url": URL,
                "events": GENERATION_EVENTS,
                "created_at": self.clock.now(),
                **changes,
            }
        )
        self.memory.endpoints[owner, endpoint.id] = endpoint
        return endpoint

    def event(self, owner: Owner = OWNER, event_type: EventType = EventType.COMPLETED, **data: Any) -> Event:
        return Event(self.ids.new(), event_type, owner, self.clock.now(), data)

    def caller(self, owner: Owner = OWNER) -> Caller:
        now = self.clock.now()
        key = ApiKey("k", owner, "hash", "sk_live_…abcd", "key", WORKSPACE_SCOPES, now)
        window = RateWindow.at(RatePolicy("manage", 60), now.timestamp())
        return Caller(key, Workspace(owner.workspace_id, "w", "trial", now), Wallet(owner), window)

    def current(self, endpoint: Endpoint) -> Endpoint:
        return self.memory.endpoints[endpoint.owner, endpoint.id]

    @property
    def deliveries(self) -> list[Delivery]:
        return list(self.memory.deliveries.values())

    @property
    def delivery(self) -> Delivery:
        (only,) = self.deliveries
        return only

    def secret(self, endpoint: Endpoint, version: int = 1) -> str:
        return signing_secret(MASTER, endpoint.id, version)

    # what happens

    def announce(self, event: Event | None = None, present: Mapping[str, Any] | None = None) -> Event:
        """Fan an event out, as if it came from the bus."""
        event = event or self.event()
        data = {"generation": {"id": "g"}} if present is None else present
        self.core.fan_out(event, lambda: data)
        return event

    def failed_delivery(self, endpoint: Endpoint | None = None) -> Delivery:
        """A delivery to an endpoint, by default a new one, that has used up its retries."""
        if endpoint is None:
            self.endpoint()
        usual, self.subscribers.usual = self.subscribers.usual, BROKEN
        event = self.announce()
        self.run_for(timedelta(hours=40))
        self.subscribers.usual = usual
        return next(delivery for delivery in self.deliveries if delivery.event_id == event.id)

    def take(self) -> list[DeliveryMessage]:
        """The messages whose time has come."""
        return self.queues.take()

    def work(self) -> None:
        """Work off what is due now; a message whose worker dies comes back after the visibility timeout."""
        for message in self.take():
            try:
                self.outcomes.append(self.deliver(message))
            except Crash:
                self.queues.put_back(message, VISIBILITY)

    def sweep(self) -> None:
        """Have housekeeping come by, which is no part of what is counted."""
        with self.calls.unwatched():
            self.core.sweep()

    def run_for(self, span: timedelta) -> None:
        """Let time pass, with a worker and housekeeping at work."""
        end = self.clock.now() + span
        while True:
            self.work()
            self.sweep()
            self.work()
            upcoming = self._next()
            if upcoming is None or upcoming > end:
                break
            self.clock.set(max(upcoming, self.clock.now() + timedelta(milliseconds=1)))
        self.clock.set(max(end, self.clock.now()))

    def _next(self) -> datetime | None:
        """The next moment at which something can happen: housekeeping comes once a minute."""
        due = [
            _next_minute(delivery.next_attempt_at)
            for delivery in self.deliveries
            if delivery.status is DeliveryStatus.PENDING and delivery.next_attempt_at
        ]
        return min([*due, *(entry[0] for entry in self.queues.waiting)], default=None)


def _next_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)


def ended_job(owner: Owner = OWNER, at: datetime | None = None) -> Job:
    """A job that ended with nothing made."""
    at = at or datetime(2026, 6, 18, 17, 4, 53, tzinfo=UTC)
    return canceled(open_job(owner, at), at)


def open_job(owner: Owner = OWNER, at: datetime | None = None) -> Job:
    at = at or datetime(2026, 6, 18, 17, 4, 53, tzinfo=UTC)
    return Job(
        id="018f4e9a-0000-7000-8000-000000000002",
        owner=owner,
        key_id="k",
        dialect="memes",
        kind="meme",
        offer_id="memes.meme",
        model="forge-image",
        collection="meme",
        feature=Feature.IMAGES,
        engine="sandbox",
        engine_model="",
        queue=Queue.SANDBOX,
        spec=ImageSpec("a red kite", "1:1"),
        unit_price=1,
        tasks=new_tasks("018f4e9a-0000-7000-8000-000000000002", 2),
        created_at=at,
        deadline_at=at + timedelta(minutes=10),
        check_at=at + timedelta(minutes=2),
        status=JobStatus.PROCESSING,
    )


__all__ = [
    "BROKEN",
    "MASTER",
    "OK",
    "OWNER",
    "PAGE",
    "STRANGER",
    "TIMEOUT",
    "URL",
    "VISIBILITY",
    "WORKSPACE",
    "Crash",
    "FakeDeliveryQueue",
    "Reply",
    "WebhookHarness",
    "ended_job",
    "open_job",
]
