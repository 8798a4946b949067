"""What a vendor is: HTTP requests prepared and answers understood, without any sending.

An adapter is a set of generators: each yields the :class:`Call` to send, is handed the :class:`Reply`, and returns
what the answer means or raises one of :mod:`darkroom.domain.engine`'s failures. So everything a vendor's contract
says stands in one file that needs no network to be tested, and everything about sending stands in ``client``.
"""

from __future__ import annotations

import email.utils
import json
import math
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from darkroom.domain.jobs.engine import Finished, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    EngineError,
    ModelRetired,
    OutcomeUnknown,
    RateLimitedByVendor,
    Rejected,
    VendorUnavailable,
)
from darkroom.domain.jobs.facts import VendorFacts

READ_SECONDS = 20.0
MAX_RETRY_AFTER = 900  # what a queue can delay a message by

type Part = tuple[str, tuple[str, bytes, str]]  # field, (file name, bytes, mime)


@dataclass(frozen=True, slots=True)
class VendorRequest:
    """One HTTP request to a vendor, ready to be sent.

    ``path`` is below the vendor's base URL, or a whole URL of the vendor's own making that its host check lets
    pass. ``body`` is sent as JSON; ``fields`` and ``files`` as a form with parts. ``commits`` says that the vendor
    may start, and bill, work on receiving it: if its answer is lost, the outcome is unknown.
    """

    method: str
    path: str
    body: Any = None
    fields: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[Part] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout_seconds: float = READ_SECONDS
    commits: bool = False


@dataclass(frozen=True, slots=True)
class VendorResponse:
    """A vendor's answer. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    at: datetime

    @property
    def ok(self) -> bool:
        """Whether the status says that the request was served."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body as JSON, ``None`` if it is none: a proxy's HTML page, for example."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def object(self) -> Mapping[str, Any]:
        """The body as a JSON object.

        Raises
        ------
        Down
            It is not one. A served request with an unreadable answer is for the caller to judge: see ``garbled``.
        """
        said = self.json()
        if not isinstance(said, dict):
            raise VendorUnavailable(f"status {self.status} without a JSON object")
        return said


type Flow[T] = Generator[VendorRequest, VendorResponse, T]


class Vendor(Protocol):
    """One vendor's contract.

    ``base_url`` is where its API answers, ``hosts`` further domains (or parents of them) that calls with a whole
    URL may go to with our key. ``looks_up`` says whether a start whose answer was lost leaves something that can be
    found again, which decides nothing here but is told to the operator.
    """

    @property
    def name(self) -> str: ...

    @property
    def base_url(self) -> str: ...

    @property
    def hosts(self) -> tuple[str, ...]: ...

    def authorize(self, key: str) -> Mapping[str, str]:
        """The headers that prove who we are."""
        ...

    def start(self, order: TaskRequest, callback_url: str | None) -> Flow[Finished | Pending]:
        """Make the order, or have it started. ``callback_url`` is where the vendor may tell us of its end."""
        ...

    def poll(self, order: TaskRequest, handle: str) -> Flow[Finished | Pending]:
        """Look started work up. ``order`` has no materials then."""
        ...

    def cancel(self, handle: str) -> Flow[None]:
        """Ask for started work to stop."""
        ...


def failure(reply: VendorResponse, message: str, *, code: str = "", request_id: str = "") -> EngineError:
    """What a refusal means by its status alone; an adapter asks its vendor's own signs first."""
    told = f"status {reply.status}: {message}"[:500]
    named = {"code": code or str(reply.status), "request_id": request_id}
    match reply.status:
        case 401 | 402 | 403:
            return AccountTrouble(told, **named)
        case 404 | 410:
            return ModelRetired(told, **named)
        case 408 | 409 | 425 | 429:
            return RateLimitedByVendor(told, retry_after=retry_after(reply), **named)
        case status if status >= 500:
            return VendorUnavailable(told, retry_after=retry_after(reply), **named)
        case _:
            return Rejected(told, **named)


def garbled(reply: VendorResponse) -> OutcomeUnknown:
    """What an unreadable answer to a request that commits means: the work may have been started."""
    return OutcomeUnknown(f"status {reply.status} with an answer nobody can read")


def retry_after(reply: VendorResponse, usual: int = 5) -> int:
    """Whole seconds the vendor asks us to wait: in milliseconds, in seconds, or until a date; else ``usual``."""
    told_ms, told = reply.headers.get("retry-after-ms"), reply.headers.get("retry-after")
    seconds = _number(told_ms) / 1000 if told_ms else _seconds(told, reply.at) if told else math.nan
    return usual if math.isnan(seconds) else min(max(math.ceil(seconds), 1), MAX_RETRY_AFTER)


def poll_delay(order: TaskRequest, now: datetime, *, first: float, longest: float) -> timedelta:
    """How long to wait before asking again: a fifth of the time the work has taken, within bounds.

    So a short piece of work is noticed soon after its end and a long one does not cost a call every few seconds.
    """
    elapsed = (now - order.job.created_at).total_seconds()
    return timedelta(seconds=min(max(elapsed / 5, first), longest))


def pending(
    order: TaskRequest,
    handle: str,
    reply: VendorResponse,
    facts: VendorFacts,
    *,
    first: float,
    longest: float,
) -> Pending:
    """Work that goes on, to be asked for after :func:`poll_delay`."""
    return Pending(handle, reply.at + poll_delay(order, reply.at, first=first, longest=longest), facts)


def nearest_ratio(wanted: str, offered: Sequence[str]) -> str | None:
    """Which of a vendor's aspect ratios is closest to ours; ``None`` where the vendor may choose."""
    if not wanted or wanted == "auto":
        return None
    return min(offered, key=lambda ratio: abs(_log_ratio(ratio) - _log_ratio(wanted)))


def _log_ratio(ratio: str) -> float:
    width, _, height = ratio.partition(":")
    return math.log(float(width) / float(height))


def _seconds(told: str, now: datetime) -> float:
    number = _number(told)
    if not math.isnan(number):
        return number
    try:
        until = email.utils.parsedate_to_datetime(told)
    except ValueError:
        return math.nan
    return (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds()


def _number(told: str) -> float:
    try:
        number = float(told)
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan
