"""What a vendor is: it prepares HTTP requests and interprets the responses, and sends nothing.

An adapter is a set of generators: each yields a :class:`VendorRequest`, receives the :class:`VendorResponse`, and
returns what that means or raises one of :mod:`darkroom.domain.jobs.engine_failures`. So one file has a vendor's whole
contract and is tested without a network, and ``client`` has everything about sending.
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
from darkroom.domain.queues import MAX_DELAY_SECONDS

READ_SECONDS = 20.0

type Part = tuple[str, tuple[str, bytes, str]]  # field, (file name, bytes, mime)


@dataclass(frozen=True, slots=True)
class VendorRequest:
    """One HTTP request to a vendor, ready to be sent.

    ``path`` is below the vendor's base URL, or a whole URL that the vendor named and whose host is the vendor's.
    ``body`` is sent as JSON; ``fields`` and ``files`` as a multipart form. ``commits`` says that the request may
    start, and bill, work: if its response is lost, the outcome is unknown.
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
    """A vendor's response. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    at: datetime

    @property
    def ok(self) -> bool:
        """Whether the status says that the request was served."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body as JSON; ``None`` if it is not JSON but, for example, a proxy's HTML page."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def object(self) -> Mapping[str, Any]:
        """The body as a JSON object.

        Raises
        ------
        VendorUnavailable
            It is not one. For a request that commits use ``garbled`` instead.
        """
        content = self.json()
        if not isinstance(content, dict):
            raise VendorUnavailable(f"status {self.status} without a JSON object")
        return content


type Flow[T] = Generator[VendorRequest, VendorResponse, T]


class Vendor(Protocol):
    """One vendor's contract.

    ``base_url`` is its API's, ``hosts`` are further domains (or parents of them) to which requests with a whole URL
    may take our key.
    """

    @property
    def name(self) -> str: ...

    @property
    def base_url(self) -> str: ...

    @property
    def hosts(self) -> tuple[str, ...]: ...

    def authorize(self, key: str) -> Mapping[str, str]:
        """The headers that authenticate a request."""
        ...

    def start(self, request: TaskRequest, callback_url: str | None) -> Flow[Finished | Pending]:
        """Make the output, or start making it. The vendor may call ``callback_url`` when it is done."""
        ...

    def poll(self, request: TaskRequest, handle: str) -> Flow[Finished | Pending]:
        """Look started work up."""
        ...

    def cancel(self, handle: str) -> Flow[None]:
        """Ask the vendor to stop the work."""
        ...


def failure(response: VendorResponse, message: str, *, code: str = "", request_id: str = "") -> EngineError:
    """The failure that an error's status alone means; an adapter looks at its vendor's own codes first."""
    text = f"status {response.status}: {message}"[:500]
    named = {"code": code or str(response.status), "request_id": request_id}
    match response.status:
        case 401 | 402 | 403:
            return AccountTrouble(text, **named)
        case 404 | 410:
            return ModelRetired(text, **named)
        case 408 | 409 | 425 | 429:
            return RateLimitedByVendor(text, retry_after=retry_after(response), **named)
        case status if status >= 500:
            return VendorUnavailable(text, retry_after=retry_after(response), **named)
        case _:
            return Rejected(text, **named)


def garbled(response: VendorResponse) -> OutcomeUnknown:
    """The failure that an unreadable response to a request that commits means: work may have been started."""
    return OutcomeUnknown(f"status {response.status} with an unreadable response")


def retry_after(response: VendorResponse, usual: int = 5) -> int:
    """The whole seconds to wait by ``retry-after-ms`` or ``retry-after``, a number or a date; else ``usual``."""
    milliseconds, after = response.headers.get("retry-after-ms"), response.headers.get("retry-after")
    seconds = _number(milliseconds) / 1000 if milliseconds else _seconds(after, response.at)
    return usual if math.isnan(seconds) else min(max(math.ceil(seconds), 1), MAX_DELAY_SECONDS)


def poll_delay(request: TaskRequest, now: datetime, *, first: float, longest: float) -> timedelta:
    """How long to wait before the next poll: a fifth of the time the work has taken, within bounds.

    So short work is noticed soon after its end, and long work does not cost a call every few seconds.
    """
    elapsed = (now - request.job.created_at).total_seconds()
    return timedelta(seconds=min(max(elapsed / 5, first), longest))


def pending(
    request: TaskRequest,
    handle: str,
    response: VendorResponse,
    facts: VendorFacts,
    *,
    first: float,
    longest: float,
) -> Pending:
    """Work that is still running, to be polled after :func:`poll_delay`."""
    return Pending(
        handle, response.at + poll_delay(request, response.at, first=first, longest=longest), facts
    )


def nearest_ratio(requested: str, offered: Sequence[str]) -> str | None:
    """The vendor's aspect ratio that is closest to the requested one; ``None`` if the vendor may choose."""
    if not requested or requested == "auto":
        return None
    return min(offered, key=lambda ratio: abs(_log_ratio(ratio) - _log_ratio(requested)))


def _log_ratio(ratio: str) -> float:
    width, _, height = ratio.partition(":")
    return math.log(float(width) / float(height))


def _seconds(after: str | None, now: datetime) -> float:
    if not after:
        return math.nan
    number = _number(after)
    if not math.isnan(number):
        return number
    try:
        until = email.utils.parsedate_to_datetime(after)
    except ValueError:
        return math.nan
    return (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds()


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan
