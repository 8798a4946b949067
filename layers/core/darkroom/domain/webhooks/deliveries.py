"""Deliveries of events to endpoints, and the schedule of their retries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.ids import derived
from darkroom.domain.webhooks.endpoints import EventType

RETRY_DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=10),
)
JITTER = 0.1  # a retry comes up to this share of its delay later, which spreads retries
MAX_RETRY_AFTER = timedelta(hours=10)
TIMEOUT_SECONDS = 15.0
CLAIM = timedelta(
    seconds=60
)  # how long an attempt excludes others: longer than the worker's function can run
CLOCK_SKEW = timedelta(seconds=2)  # how far apart the clocks of two machines may be
MAX_EXCERPT_CHARS = 1024
MAX_ATTEMPTS_KEPT = 50
RECOVERY_WINDOW = timedelta(days=14)
RETRY_AFTER_STATUSES = frozenset({429, 502, 503, 504})
GONE = 410
_MAX_RETRY_AFTER_DIGITS = 9


class DeliveryStatus(StrEnum):
    """``pending`` will be attempted (again), ``failed`` will not unless its owner replays it."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class DeliveryFailure(StrEnum):
    """Why a delivery is not retried automatically."""

    EXHAUSTED = "retries_exhausted"
    GONE = "gone"
    ENDPOINT_DISABLED = "endpoint_disabled"
    ENDPOINT_DELETED = "endpoint_deleted"


class AttemptError(StrEnum):
    """What went wrong with an attempt."""

    TIMEOUT = "timeout"
    CONNECTION = "connection"
    URL_REFUSED = "url_refused"
    REDIRECT = "redirect"
    STATUS = "status"


EXPLANATIONS: Mapping[AttemptError, str] = {
    AttemptError.TIMEOUT: f"No complete answer came within {TIMEOUT_SECONDS:.0f} seconds.",
    AttemptError.CONNECTION: "The connection could not be made or broke off.",
    AttemptError.URL_REFUSED: "The URL's host has no public address, or its name could not be resolved.",
    AttemptError.REDIRECT: "Redirects are not followed. Register the address the redirect leads to.",
    AttemptError.STATUS: "The answer was not a 2xx status.",
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: its time, the response (``status`` is ``None`` if there was none) and how long it took."""

    at: datetime
    status: int | None
    duration_ms: int
    error: str | None = None
    response: str = ""

    @property
    def succeeded(self) -> bool:
        """Whether the status is 2xx; a redirect is a failure."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def explanation(self) -> str | None:
        """What ``error`` means, for the owner who reads the log of deliveries."""
        return EXPLANATIONS[AttemptError(self.error)] if self.error else None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one endpoint, with its attempts. ``payload`` is the exact body that is signed."""

    id: str
    owner: Owner
    endpoint_id: str
    event_id: str
    event_type: EventType
    payload: str
    created_at: datetime
    status: DeliveryStatus = DeliveryStatus.PENDING
    attempts: tuple[Attempt, ...] = ()
    next_attempt_at: datetime | None = None
    tries: int = 0
    version: int = 0
    failure: DeliveryFailure | None = None


def delivery_id(event_id: str, endpoint_id: str) -> str:
    """The id of an event's delivery to an endpoint, the same however often the event is fanned out."""
    return derived(event_id, "delivery", endpoint_id)


def answered(at: datetime, status: int, *, duration_ms: int, response: str) -> Attempt:
    """The attempt that the subscriber answered with ``status``."""
    error = None
    if 300 <= status < 400:
        error = AttemptError.REDIRECT
    elif not 200 <= status < 300:
        error = AttemptError.STATUS
    return Attempt(at, status, duration_ms, error, response[:MAX_EXCERPT_CHARS])


def attempted(
    delivery: Delivery, attempt: Attempt, *, retry_after: timedelta | None, jitter: float
) -> Delivery:
    """The delivery after one more attempt, with the next one scheduled if there is to be one.

    ``jitter`` is a random share of 0..1; ``retry_after`` is what the subscriber asked for, respected up to ten
    hours and never sooner than the schedule. ``tries`` counts the attempts of the present schedule, so a replay
    starts a new one. The latest fifty attempts are kept.
    """
    tries = delivery.tries + 1
    after = replace(
        delivery,
        attempts=(*delivery.attempts, attempt)[-MAX_ATTEMPTS_KEPT:],
        tries=tries,
        version=delivery.version + 1,
        next_attempt_at=None,
    )
    if attempt.succeeded:
        return replace(after, status=DeliveryStatus.SUCCEEDED)
    if attempt.status == GONE:
        return failed(after, DeliveryFailure.GONE)
    if tries > len(RETRY_DELAYS):
        return failed(after, DeliveryFailure.EXHAUSTED)
    delay = RETRY_DELAYS[tries - 1] * (1 + JITTER * jitter)
    if retry_after is not None:
        delay = max(delay, min(retry_after, MAX_RETRY_AFTER))
    return replace(after, status=DeliveryStatus.PENDING, next_attempt_at=attempt.at + delay)


def failed(delivery: Delivery, failure: DeliveryFailure) -> Delivery:
    """The failed delivery. Its version stays: failing is part of the change that led to it."""
    return replace(delivery, status=DeliveryStatus.FAILED, failure=failure, next_attempt_at=None)


def claimed(delivery: Delivery, now: datetime) -> Delivery:
    """The delivery while it is being attempted: no other worker attempts it until the claim has expired."""
    return replace(delivery, next_attempt_at=now + CLAIM, version=delivery.version + 1)


def due(delivery: Delivery, now: datetime) -> bool:
    """Whether the delivery is to be attempted at ``now``."""
    if delivery.status is not DeliveryStatus.PENDING:
        return False
    return delivery.next_attempt_at is None or delivery.next_attempt_at <= now + CLOCK_SKEW


def waits(delivery: Delivery, now: datetime) -> bool:
    """Whether a try has failed and the next one is some time off. One that is being attempted now does not wait."""
    if delivery.status is not DeliveryStatus.PENDING or not delivery.tries:
        return False
    return delivery.next_attempt_at is not None and delivery.next_attempt_at > now + CLAIM


def scheduled(delivery: Delivery, at: datetime) -> Delivery:
    """The delivery with a new schedule that begins at ``at``, whatever its status was."""
    return replace(
        delivery,
        status=DeliveryStatus.PENDING,
        failure=None,
        tries=0,
        next_attempt_at=at,
        version=delivery.version + 1,
    )


def requested_delay(status: int, retry_after: str | None, now: datetime) -> timedelta | None:
    """How long ``Retry-After`` asks to wait, in seconds or as a date; ``None`` for anything else."""
    if retry_after is None or status not in RETRY_AFTER_STATUSES:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=int(text)) if len(text) <= _MAX_RETRY_AFTER_DIGITS else MAX_RETRY_AFTER
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return max(aware - now, timedelta())
