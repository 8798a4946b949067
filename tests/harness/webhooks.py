"""A small world around the webhook services: fakes, a subscriber, a queue that knows delays."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from darkroom.adapters.fetch import SafeHttp
from darkroom.adapters.subscribers import HttpSubscribers
from darkroom.domain.accounts.api_keys import WORKSPACE_SCOPES, ApiKey
from darkroom.domain.accounts.rate_limits import RatePolicy, RateWindow
from darkroom.domain.accounts.workspaces import Feature, Owner, Workspace
from darkroom.domain.billing.ledger import Wallet
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.jobs.job import Job, JobStatus, new_tasks
from darkroom.domain.jobs.spec import Spec
from darkroom.domain.jobs.transitions import canceled
from darkroom.domain.paging import PageRequest
from darkroom.domain.webhooks.deliveries import AttemptError, Delivery, DeliveryStatus
from darkroom.domain.webhooks.delivery_messages import DeliveryMessage
from darkroom.domain.webhooks.endpoints import GENERATION_EVENTS, Endpoint, EventType
from darkroom.domain.webhooks.events import Event
from darkroom.domain.webhooks.messages import signing_secret
from darkroom.domain.webhooks.responses import NoWebhookResponse, WebhookResponse
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.jobs.advance_and_settle import AdvanceAndSettle
from darkroom.services.jobs.sweep import Sweep
from darkroom.services.webhooks.deliver_webhook import DeliverWebhook, Outcome
from darkroom.services.webhooks.fan_out import FanOut
from darkroom.services.webhooks.manage_endpoints import ManageEndpoints
from tests.fakes import FakeClock, FakeEndpoints, FakeIds, FakeJobs, FakeQueues, FakeStore, Memory

WORKSPACE = "018f4e9a-0000-7000-8000-000000000001"
OWNER = Owner(WORKSPACE, True)
STRANGER = Owner("018f4e9a-0000-7000-8000-000000000009", True)
MASTER = b"master secret of this stack"
URL = "https://hooks.example.com/memes"
VISIBILITY = timedelta(seconds=180)
PAGE = PageRequest(limit=1000)

OK = WebhookResponse(200, 12, "thanks")
BROKEN = WebhookResponse(500, 12, "oops")
TIMEOUT = NoWebhookResponse(AttemptError.TIMEOUT)

type Reply = WebhookResponse | Exception


class Crash(BaseException):
    """The process died: nothing in it gets to handle that."""


@dataclass
class Wire:
    """What all calls to the outside go through. The call numbered ``crash_at`` ends the process."""

    crash_at: int | None = None
    crash_before: bool = False
    calls: list[str] = field(default_factory=list)

    def around(self, thing: Any) -> Any:
        return _Wired(thing, self)

    def call(self, name: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self.calls.append(name)
        dies = len(self.calls) == self.crash_at
        if dies and self.crash_before:
            raise Crash
        answer = function(*args, **kwargs)
        if dies:
            raise Crash
        return answer


class _Wired:
    def __init__(self, thing: Any, wire: Wire) -> None:
        self._thing, self._wire = thing, wire

    def __getattr__(self, name: str) -> Any:
        function = getattr(self._thing, name)
        return lambda *args, **kwargs: self._wire.call(name, function, *args, **kwargs)


@dataclass(frozen=True)
class Post:
    """What a subscriber got."""

    url: str
    body: bytes
    headers: Mapping[str, str]
    at: datetime


@dataclass
class FakeSubscribers:
    """Replies what it is told to, in order, and then ``usual``. URLs are judged as in reality."""

    clock: FakeClock
    usual: Reply = OK
    replies: list[Reply] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    takes: timedelta = timedelta()
    meanwhile: Callable[[], None] = lambda: None
    timeouts: list[float] = field(default_factory=list)

    def check(self, url: str) -> None:
        HttpSubscribers(SafeHttp()).check(url)

    def post(
        self, url: str, *, body: bytes, headers: Mapping[str, str], timeout_seconds: float
    ) -> WebhookResponse:
        self.posts.append(Post(url, body, headers, self.clock.now()))
        self.timeouts.append(timeout_seconds)
        self.clock.advance(self.takes)
        self.meanwhile()
        reply = self.replies.pop(0) if self.replies else self.usual
        if isinstance(reply, Exception):
            raise reply
        return reply


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


@dataclass
class World:
    """Everything in memory, and the services on top of it."""

    wire: Wire = field(default_factory=Wire)
    clock: FakeClock = field(default_factory=FakeClock)
    ids: FakeIds = field(default_factory=lambda: FakeIds(0.0))

    def __post_init__(self) -> None:
        memory = self.memory = Memory()
        self.stored, self.found = FakeStore(memory), FakeEndpoints(memory)
        self.sent = FakeDeliveryQueue(self.clock)
        self.subscribers = FakeSubscribers(self.clock)
        store, endpoints, queues = map(self.wire.around, (self.stored, self.found, self.sent))
        post = self.wire.around(self.subscribers)
        self.fan_out = FanOut(endpoints, queues)
        self.deliver = DeliverWebhook(store, endpoints, queues, post, self.clock, self.ids, MASTER)
        self.manage = ManageEndpoints(
            store, endpoints, queues, self.subscribers, self.clock, self.ids, MASTER
        )
        jobs = FakeJobs(memory)
        self.sweep = Sweep(jobs, self.found, AdvanceAndSettle(self.stored), self.sent, self.clock)
        self.outcomes: list[Outcome] = []

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
        window = RateWindow.at(RatePolicy("manage", 60), now.timestamp(), previous=0, current=0)
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
        self.fan_out(event, lambda: data)
        return event

    def take(self) -> list[DeliveryMessage]:
        """The messages whose time has come."""
        return self.sent.take()

    def work(self) -> None:
        """Work off what is due now; a message whose worker dies comes back after the visibility timeout."""
        for message in self.take():
            try:
                self.outcomes.append(self.deliver(message))
            except Crash:
                self.sent.put_back(message, VISIBILITY)

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
        return min([*due, *(entry[0] for entry in self.sent.waiting)], default=None)


def _next_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)


def now_world() -> World:
    """A world at the present time, for verifiers that look at the real clock."""
    return World(clock=FakeClock(datetime.now(UTC)))


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
        queue=Queue.RENDER,
        spec=Spec("a red kite", "1:1"),
        unit_price=1,
        tasks=new_tasks("018f4e9a-0000-7000-8000-000000000002", 2),
        created_at=at,
        deadline_at=at + timedelta(minutes=10),
        check_at=at + timedelta(minutes=2),
        status=JobStatus.PROCESSING,
    )
