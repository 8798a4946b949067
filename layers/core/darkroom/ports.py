"""What the services need from the world, and nothing more. Adapters implement these; fakes do too."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Named in signatures only, so whoever implements or calls a port loads what it needs itself.
    from darkroom.domain.accounts import ApiKey, Owner, Token, Workspace
    from darkroom.domain.assets import Asset
    from darkroom.domain.billing import AutoReload, Purchase
    from darkroom.domain.catalog import Queue
    from darkroom.domain.codes import OneTimeCode
    from darkroom.domain.engine import Download, Finished, Order, Pending
    from darkroom.domain.events import Event
    from darkroom.domain.jobs import Facts, Job, JobStatus, Task
    from darkroom.domain.ledger import LedgerEntry, Wallet
    from darkroom.domain.limits import RatePolicy, RateWindow
    from darkroom.domain.renders import Rendered
    from darkroom.domain.templates.payload import Payload
    from darkroom.domain.templates.template import Template
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
    ``template`` and ``rendered`` are there if they were asked for and exist.
    """

    key: ApiKey
    workspace: Workspace
    wallet: Wallet
    window: RateWindow
    remembered: Remembered | None = None
    template: Template | None = None
    rendered: Rendered | None = None


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
        self,
        token: Token,
        policy: RatePolicy,
        now: datetime,
        *,
        idempotency_key: str | None = None,
        template_id: str | None = None,
        payload_key: str | None = None,
    ) -> Admission | None:
        """Everything about the sender in one strongly consistent batched read; ``None`` if there is no such key.

        An expired idempotency record is not returned. The wallet is the one of the key's mode. What a template's
        id, and the key of a payload for it, lead to comes along in the same read.
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
        """Take a task to start it: *queued* and due, or *running* under a lease that has run out.

        Sets it running under the new lease, counts the attempt, makes the job processing and moves ``check_at``
        behind the lease. Answers the job as it then is.

        Raises
        ------
        JobTaken
        """
        ...

    def claim_all(self, owner: Owner, job_id: str, count: int, *, lease_until: datetime) -> Job:
        """Take all ``count`` tasks of a job that nobody ever started; each as :meth:`claim` does.

        Raises
        ------
        JobTaken
            Somebody started one before, or the job has another number of tasks.
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

    def park(
        self,
        owner: Owner,
        job_id: str,
        index: int,
        *,
        handle: str,
        poll_at: datetime,
        facts: Facts | None = None,
    ) -> None:
        """Put a running or waiting task down as *waiting* for ``handle``; ``check_at`` follows ``poll_at``.

        ``facts`` replace those known, if there are any.

        Raises
        ------
        JobTaken
            The job or the task has ended meanwhile.
        """
        ...

    def hasten(self, owner: Owner, job_id: str, index: int, *, handle: str, now: datetime) -> None:
        """Make the next poll of a task that waits for ``handle`` due ``now``.

        Raises
        ------
        JobTaken
            It does not wait, or for something else.
        """
        ...

    def adopt(self, owner: Owner, job_id: str, task: Task, *, handle: str, now: datetime) -> None:
        """Have a queued or running task that has no handle wait for ``handle``, its next poll due ``now``.

        ``task`` is the task as it was seen.

        Raises
        ------
        JobTaken
            It has a handle, has ended, or was started or sent another way meanwhile.
        """
        ...

    def requeue(self, owner: Owner, job_id: str, task: Task, *, check_at: datetime) -> None:
        """Put a running or waiting task back to *queued*, counted and routed as ``task`` says.

        With a ``poll_at`` it is not to be claimed before that.

        Raises
        ------
        JobTaken
            It has ended, or waits for something else than ``task`` does.
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


class Renders(Protocol):
    """Reads of finished renders."""

    def find(self, owner: Owner, template_id: str, payload_keys: Sequence[str]) -> Mapping[str, Rendered]:
        """Those of at most a hundred renders of a template that exist, by payload key; one call.

        They may be of another version of the template than the one wanted.
        """
        ...


class Templates(Protocol):
    """Reads of templates."""

    def get(self, owner: Owner, template_id: str) -> Template | None:
        """A template's current version."""
        ...

    def version(self, owner: Owner, template_id: str, number: int) -> Template | None:
        """One version, current or not: an older one for a week after it was replaced or deleted."""
        ...

    def list(self, owner: Owner, page: PageRequest) -> Page[Template]:
        """Current versions by id order."""
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
    """Work for a worker: one task of one job. ``step`` is ``start``, ``poll``, ``hasten`` (poll now) or ``cancel``.

    ``render`` and ``expand`` are about a whole job, of ``count`` tasks: a render's rows, and a batch's chunks.
    ``hasten`` says which ``vendor`` called, and about which work: ``work_id`` is the vendor's name for it.
    """

    owner: Owner
    job_id: str
    index: int
    step: str = "start"
    count: int = 1
    vendor: str = ""
    work_id: str = ""


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

    def put(self, key: str, data: bytes | IO[bytes], mime: str) -> None:
        """Store bytes, or a file from where it stands to its end."""
        ...

    def get(self, key: str) -> bytes: ...

    def get_within(self, key: str, max_bytes: int) -> bytes | None:
        """The object, or ``None`` if it has more than ``max_bytes``; then it is not transferred."""
        ...

    def exists(self, key: str) -> bool: ...

    def get_range(self, key: str, offset: int, length: int) -> bytes:
        """``length`` bytes of an object from ``offset`` on; both are inside it."""
        ...

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


class Renderer(Protocol):
    """Turns a template and what is filled into it into a picture."""

    def render(
        self,
        template: Template,
        payload: Payload,
        pictures: Mapping[str, bytes],
        ratio: float,
        *,
        watermark: bool,
    ) -> bytes:
        """The PNG. ``pictures`` has the bytes of every address :func:`sources` names.

        Raises
        ------
        RenderRefused
            A picture cannot be decoded or is too large, or something else about the payload cannot be drawn.
        """
        ...


class Gates(Protocol):
    """How much of each vendor may be used at once, over all workers; see :mod:`darkroom.domain.gates`.

    A slot is given back by :class:`darkroom.domain.writes.LeaveGate`, in the transaction that ends its task.
    """

    def enter(self, vendor: str, task_id: str, *, limit: int, now: datetime, until: datetime) -> bool:
        """Take a slot, or keep the one the task has; one call while there is room and the vendor works.

        Says whether the task is the one that tries a vendor that was failing.

        Raises
        ------
        GateFull, GateOpen
        """
        ...

    def leave(self, vendor: str, task_id: str) -> None:
        """Give a slot back; nothing happens if there is none."""
        ...

    def recovered(self, vendor: str) -> None:
        """Say that a vendor works: its breaker closes and its failures are forgotten."""
        ...

    def failed(
        self, vendor: str, task_id: str, *, now: datetime, probe: bool = False, retry_after: int = 0
    ) -> bool:
        """Give a slot back and count a failure; says whether that opened the breaker."""
        ...


class Downloads(Protocol):
    """Fetches finished files from vendors, without letting an address a vendor names reach inside."""

    def open(self, download: Download, *, max_bytes: int) -> IO[bytes]:
        """The whole file, on disk if it is large, at its beginning. It is gone when it is closed.

        Raises
        ------
        FileGone
            403, 404 or 410.
        Down
            It did not come, or not whole.
        Broken
            It is too large, or lies where this vendor's files never do.
        """
        ...


class Moderator(Protocol):
    """Looks at orders before they are started."""

    def check(self, order: Order) -> None:
        """Let a harmless order pass.

        Raises
        ------
        Blocked
        EngineError
            Any other says that it could not be checked.
        """
        ...


class Masks(Protocol):
    """Brings masks into the form a vendor reads."""

    def cut_out(self, mask: bytes, width: int, height: int) -> bytes:
        """A PNG of that size, fully transparent where the mask lets the picture be repainted and opaque elsewhere.

        A mask says that by its transparency or, without any, by white.

        Raises
        ------
        Rejected
            It cannot be decoded.
        """
        ...

    def painted(self, mask: bytes, width: int, height: int) -> bytes:
        """The same as an opaque PNG, white where the picture may be repainted and black elsewhere.

        Raises
        ------
        Rejected
            It cannot be decoded.
        """
        ...


class Meter(Protocol):
    """Counts and times what goes on, for the operator. What it is told is never about a caller."""

    def count(self, name: str, **dimensions: str) -> None: ...

    def took(self, name: str, milliseconds: float, **dimensions: str) -> None: ...


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
