"""What the services need from the world, and nothing more. Adapters implement these; fakes do too."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from darkroom.domain.accounts import ApiKey, Owner, Token, Workspace
from darkroom.domain.assets import Asset
from darkroom.domain.billing import AutoReload, Purchase
from darkroom.domain.catalog import Queue
from darkroom.domain.codes import OneTimeCode
from darkroom.domain.engine import Finished, Order, Pending
from darkroom.domain.events import Event
from darkroom.domain.jobs import Job, JobStatus
from darkroom.domain.ledger import LedgerEntry, Wallet
from darkroom.domain.limits import RatePolicy, RateWindow
from darkroom.domain.webhooks import AttemptError, Delivery, DeliveryStatus, Endpoint, EventType
from darkroom.domain.writes import Remembered, Write


class Clock(Protocol):
    """Tells the time, always aware UTC."""

    def now(self) -> datetime: ...


class Ids(Protocol):
    """Makes ids and secrets."""

    def new(self) -> str:
        """A UUIDv7: later ids sort after earlier ones, which is what lists and cursors rely on."""
        ...

    def secret(self) -> bytes:
        """32 bytes from the operating system's secure source."""
        ...

    def fraction(self) -> float:
        """A random number in 0..1, for jitter."""
        ...


@dataclass(frozen=True, slots=True)
class Admission:
    """All that one batched read tells about a request's sender.

    ``remembered`` is the record of the request's idempotency key, if it has one and it was used before.
    """

    key: ApiKey
    workspace: Workspace
    wallet: Wallet
    window: RateWindow
    remembered: Remembered | None = None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which part of a list is wanted. ``after`` is the id of the last object seen."""

    limit: int = 40
    after: str | None = None
    newest_first: bool = True


@dataclass(frozen=True, slots=True)
class Page[T]:
    """One part of a list."""

    items: tuple[T, ...]
    has_more: bool


class Store(Protocol):
    """Commits writes. The only way anything is changed, except for claims and parks."""

    def commit(self, *writes: Write) -> None:
        """Write all or nothing; conflicts with concurrent commits are retried inside.

        Raises
        ------
        WriteRefused
            A write's condition did not hold.
        Unavailable
            The store kept being busy.
        """
        ...


class Accounts(Protocol):
    """Reads of workspaces, keys, wallets and the ledger."""

    def admit(
        self, token: Token, policy: RatePolicy, now: datetime, *, idempotency_key: str | None = None
    ) -> Admission | None:
        """Everything about the sender in one strongly consistent batched read; ``None`` if there is no such key.

        An expired idempotency record is not returned. The wallet is the one of the key's mode.
        """
        ...

    def workspace(self, workspace_id: str) -> Workspace | None: ...

    def workspace_of(self, provider: str, subject: str) -> str | None:
        """The id of the workspace that has an identity, ``None`` if it is nobody's."""
        ...

    def visits(self, subject: str, policy: RatePolicy, now: datetime) -> RateWindow:
        """How often somebody without a key came lately; ``subject`` is whatever they are known by."""
        ...

    def one_time_code(self, address: str) -> OneTimeCode | None:
        """The code last sent to an address, used up or expired ones too."""
        ...

    def auto_reload(self, owner: Owner) -> AutoReload | None: ...

    def wallet(self, owner: Owner) -> Wallet:
        """The wallet, empty if nothing was ever granted."""
        ...

    def keys(self, workspace_id: str) -> Sequence[ApiKey]:
        """All keys of a workspace in both modes, oldest first."""
        ...

    def entries(self, owner: Owner, page: PageRequest) -> Page[LedgerEntry]:
        """Ledger entries; the cursor is an entry's id."""
        ...


JOBS_BY_KEY = 10_000


class JobTaken(Exception):
    """A claim came too late or too early; ``job`` is how things stand, ``None`` if there is no such job."""

    def __init__(self, job: Job | None) -> None:
        super().__init__("task not claimable")
        self.job = job


class Jobs(Protocol):
    """Reads of jobs, and the two single-row changes a worker makes while a task runs."""

    def get(self, owner: Owner, job_id: str) -> Job | None: ...

    def get_many(self, owner: Owner, job_ids: Sequence[str]) -> Mapping[str, Job]:
        """Those of at most a hundred jobs that exist, by id; one call."""
        ...

    def page_by_key(
        self, owner: Owner, key_id: str, dialect: str, *, page: int, limit: int
    ) -> tuple[Sequence[Job], int]:
        """The ``page``-th ``limit`` jobs (from 1) a key was given in a dialect, newest first, and how many there are.

        History ends after :data:`JOBS_BY_KEY` jobs: older ones are neither shown nor counted, which bounds what a
        number of pages can cost. A job may show up a moment after it was accepted.
        """
        ...

    def list(
        self,
        owner: Owner,
        page: PageRequest,
        *,
        kinds: Collection[str] = (),
        status: JobStatus | None = None,
        dialect: str | None = None,
    ) -> Page[Job]:
        """Jobs by id order; an empty ``kinds`` means all."""
        ...

    def claim(self, owner: Owner, job_id: str, index: int, *, now: datetime, lease_until: datetime) -> Job:
        """Take a task to start it: *queued*, or *running* under a lease that has run out.

        Sets it running under the new lease, counts the attempt, makes the job processing and moves ``check_at``
        behind the lease. Answers the job as it then is.

        Raises
        ------
        JobTaken
        """
        ...

    def claim_poll(
        self, owner: Owner, job_id: str, index: int, *, now: datetime, lease_until: datetime
    ) -> Job:
        """Take a *waiting* task whose ``poll_at`` has come: its ``poll_at`` moves to ``lease_until``.

        ``check_at`` moves behind that, as it does for every change here, by ``LEASE_SLACK``.

        Raises
        ------
        JobTaken
        """
        ...

    def park(self, owner: Owner, job_id: str, index: int, *, handle: str, poll_at: datetime) -> None:
        """Put a running or waiting task down as *waiting* for ``handle``; ``check_at`` follows ``poll_at``.

        Raises
        ------
        JobTaken
            The job or the task has ended meanwhile.
        """
        ...

    def requeue(self, owner: Owner, job_id: str, index: int, *, now: datetime) -> None:
        """Put a running task that started nothing back to *queued*, giving its attempt back.

        Raises
        ------
        JobTaken
        """
        ...

    def due(self, now: datetime, limit: int) -> Sequence[Job]:
        """Open jobs whose ``check_at`` has passed, most overdue first."""
        ...

    def postpone(self, job: Job, check_at: datetime) -> None:
        """Move an open job's ``check_at``; nothing happens if it has ended."""
        ...


class Assets(Protocol):
    """Reads of assets. Soft-deleted ones are not in lists."""

    def get(self, owner: Owner, asset_id: str) -> Asset | None: ...

    def get_many(self, owner: Owner, asset_ids: Sequence[str]) -> Mapping[str, Asset]: ...

    def list(self, owner: Owner, collection: str, page: PageRequest, *, search: str = "") -> Page[Asset]:
        """Assets of one collection by id order; ``search`` is matched in prompts, ignoring case."""
        ...


class Endpoints(Protocol):
    """Reads of webhook endpoints and deliveries."""

    def get(self, owner: Owner, endpoint_id: str) -> Endpoint | None: ...

    def all(self, owner: Owner) -> Sequence[Endpoint]:
        """All endpoints of an owner, oldest first."""
        ...

    def delivery(self, owner: Owner, endpoint_id: str, delivery_id: str) -> Delivery | None: ...

    def with_delivery(
        self, owner: Owner, endpoint_id: str, delivery_id: str
    ) -> tuple[Endpoint | None, Delivery | None]:
        """An endpoint and one of its deliveries in one read."""
        ...

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
        """Deliveries to one endpoint by creation time; nothing comes after a delivery that does not exist."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """Pending deliveries whose ``next_attempt_at`` has passed."""
        ...


@dataclass(frozen=True, slots=True)
class TaskMessage:
    """Work for a worker: one task of one job. ``step`` is ``start``, ``poll`` or ``cancel``."""

    owner: Owner
    job_id: str
    index: int
    step: str = "start"


@dataclass(frozen=True, slots=True)
class DeliveryMessage:
    """One event on its way to one endpoint.

    The first try carries all it needs (``payload`` and the endpoint as it was), later ones only name the
    delivery and read it.
    """

    owner: Owner
    endpoint_id: str
    delivery_id: str
    first: Delivery | None = None
    endpoint: Endpoint | None = None


class Queues(Protocol):
    """Sends messages. Delays are whole seconds, at most 900."""

    def send_tasks(
        self, queue: Queue, messages: Sequence[TaskMessage], *, delay_seconds: int = 0
    ) -> None: ...

    def send_deliveries(self, messages: Sequence[DeliveryMessage], *, delay_seconds: int = 0) -> None: ...


class Bus(Protocol):
    """Announces events."""

    def publish(self, events: Sequence[Event]) -> Sequence[str]:
        """Put events on the bus; answers the ids of those it did not take."""
        ...


class Blobs(Protocol):
    """Bytes by key."""

    def put(self, key: str, data: bytes, mime: str) -> None: ...

    def get(self, key: str) -> bytes: ...

    def delete(self, key: str) -> None: ...

    def presigned_get(self, key: str, *, expires_seconds: int) -> str: ...


class Fetcher(Protocol):
    """Gets a caller's URL without letting it reach inside.

    Raises :class:`darkroom.domain.errors.InvalidParam` for a URL that is refused or does not answer.
    """

    def fetch(self, url: str, *, max_bytes: int) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What a subscriber said to a message: the status, its ``Retry-After`` and the beginning of the body."""

    status: int
    duration_ms: int
    excerpt: str = ""
    retry_after: str | None = None


class NoAnswer(Exception):
    """A subscriber could not be asked or did not answer; ``error`` says in which way."""

    def __init__(self, error: AttemptError) -> None:
        super().__init__(error.value)
        self.error = error


class Subscribers(Protocol):
    """Reaches subscribers' URLs without letting them reach inside."""

    def check(self, url: str) -> None:
        """Refuse at registration what could never be posted to.

        Raises :class:`darkroom.domain.errors.InvalidParam`.
        """
        ...

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str], timeout_seconds: float) -> Answer:
        """Post a message. Any status is an answer, a redirect too.

        Raises
        ------
        NoAnswer
        """
        ...


class IdentityProvider(Protocol):
    """Somebody else who knows who an agent is."""

    @property
    def name(self) -> str:
        """The provider's name, beside which a subject is unique."""
        ...

    def verify(self, token: str) -> str:
        """The subject an identity token was issued to: the provider's id of it, never a name.

        Raises
        ------
        InvalidKey, ExpiredKey, RevokedKey
            The token proves nothing, no longer, or somebody who may not act any more.
        Unavailable
            The provider could not be asked. That says nothing about the token.
        """
        ...


class Mailer(Protocol):
    """Sends mail."""

    def send(self, to: str, subject: str, text: str) -> None:
        """Send a plain text to one address.

        Raises
        ------
        Unavailable
        """
        ...


class Payments(Protocol):
    """Takes money for credits."""

    def checkout(self, purchase: Purchase) -> str:
        """The address of a page where the purchase can be paid.

        Raises
        ------
        Unavailable
            Nothing can be bought on this stack, or not just now.
        """
        ...


class Refiner(Protocol):
    """Rewrites prompts."""

    def refine(self, prompt: str, mode: str) -> str:
        """A rough prompt as a full one of at most 4000 characters, for ``image`` or ``video``."""
        ...


class Engine(Protocol):
    """Makes outputs: a vendor, or the offline sandbox.

    ``resubmit_safe`` engines may be started again after a crash without anybody paying twice; others are looked
    up or, where nothing can be looked up, tried again within the attempt budget. Failures are the exceptions of
    :mod:`darkroom.domain.engine`.
    """

    @property
    def name(self) -> str: ...

    @property
    def resubmit_safe(self) -> bool: ...

    def start(self, order: Order) -> Finished | Pending: ...

    def poll(self, order: Order, handle: str) -> Finished | Pending: ...

    def cancel(self, handle: str) -> None:
        """Ask for the work to stop. Best effort: it may still finish, and its result is then dropped."""
        ...

    def callback(self, headers: Mapping[str, str], body: bytes) -> str | None:
        """Verify a call from the engine and answer the handle it is about, or ``None`` if it proves nothing."""
        ...
