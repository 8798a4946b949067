"""Talking to a vendor: the one place that sends what the adapters prepare.

What goes wrong on the wire is told apart by what it may have cost: a request that never left is harmless, one
whose answer was lost may be running. Keys go to the vendor's own hosts and into no log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import httpx

from darkroom.domain.jobs.engine import Download, Finished, Pending, TaskRequest, is_within
from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    EngineError,
    OutcomeUnknown,
    RouteFailed,
    VendorUnavailable,
)
from darkroom.ports.system import Clock
from darkroom_vendors.base import Flow, Vendor, VendorRequest, VendorResponse

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 5.0
MAX_REPLY_BYTES = 64 * 1024 * 1024  # four images of 4K, base64
USER_AGENT = "darkroom/1.0"
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class VendorClient:
    """Sends calls to one vendor and reads the whole answer, within a size."""

    def __init__(
        self,
        vendor: Vendor,
        key: Callable[[], str],
        clock: Clock,
        *,
        base_url: str = "",
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._vendor = vendor
        self._key = key
        self._clock = clock
        self._base_url = (base_url or vendor.base_url).rstrip("/")
        # trust_env off: a proxy in the environment must not see the keys.
        self._http = httpx.Client(
            follow_redirects=False, trust_env=False, transport=transport, headers={"User-Agent": USER_AGENT}
        )

    def close(self) -> None:
        """Let go of open connections."""
        self._http.close()

    def run[T](self, steps: Flow[T]) -> T:
        """Drive ``steps`` to their end, sending what they ask for.

        Raises
        ------
        EngineError
        """
        try:
            call = next(steps)
            while True:
                try:
                    reply = self._send(call)
                except EngineError as error:
                    call = steps.throw(error)
                else:
                    call = steps.send(reply)
        except StopIteration as done:
            value: T = done.value
            return value

    def _send(self, call: VendorRequest) -> VendorResponse:
        try:
            return self._exchange(call)
        except _NEVER_SENT as error:
            raise VendorUnavailable(f"{self._vendor.name} was not reached: {type(error).__name__}") from error
        except httpx.HTTPError as error:
            lost = f"{self._vendor.name} did not answer: {type(error).__name__}"
            raise OutcomeUnknown(lost) if call.commits else VendorUnavailable(lost) from error

    def _exchange(self, call: VendorRequest) -> VendorResponse:
        timeout = httpx.Timeout(call.timeout_seconds, connect=CONNECT_SECONDS)
        sent = {**self.authorization(), **call.headers}
        with self._http.stream(
            call.method, self._url(call), timeout=timeout, headers=sent, **_content(call)
        ) as response:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > MAX_REPLY_BYTES:
                    raise RouteFailed(f"{self._vendor.name} answered more than {MAX_REPLY_BYTES} bytes")
        headers = {name.lower(): value for name, value in response.headers.items()}
        return VendorResponse(response.status_code, headers, bytes(body), self._clock.now())

    def authorization(self) -> Mapping[str, str]:
        """The headers that prove who we are.

        Raises
        ------
        AccountTrouble
            There is no key for the vendor.
        """
        key = self._key()
        if not key:
            raise AccountTrouble(f"no key for {self._vendor.name}", code="no_key")
        return self._vendor.authorize(key)

    def _url(self, call: VendorRequest) -> str:
        if not call.path.startswith("http"):
            return f"{self._base_url}{call.path}"
        base, asked = urlsplit(self._base_url), urlsplit(call.path)
        ours = (asked.scheme, asked.netloc) == (base.scheme, base.netloc)
        known = asked.scheme == "https" and is_within(asked.hostname or "", self._vendor.hosts)
        if not ours and not known:
            raise RouteFailed(f"{self._vendor.name} named an address that is not its own")
        return call.path


@dataclass(frozen=True, slots=True)
class VendorEngine:
    """A vendor as an engine: see :class:`darkroom.ports.jobs.Engine`.

    ``callback_url`` answers where the vendor may tell of an order's end, ``None`` on a stack it cannot reach.
    """

    vendor: Vendor
    client: VendorClient
    callback_url: Callable[[TaskRequest], str | None] = field(default=lambda _: None)
    resubmit_safe: bool = False

    @property
    def name(self) -> str:
        """The vendor's name."""
        return self.vendor.name

    def start(self, order: TaskRequest) -> Finished | Pending:
        """See :meth:`darkroom.ports.jobs.Engine.start`."""
        return self._opened(self.client.run(self.vendor.start(order, self.callback_url(order))))

    def poll(self, order: TaskRequest, handle: str) -> Finished | Pending:
        """See :meth:`darkroom.ports.jobs.Engine.poll`."""
        return self._opened(self.client.run(self.vendor.poll(order, handle)))

    def cancel(self, handle: str) -> None:
        """See :meth:`darkroom.ports.jobs.Engine.cancel`."""
        self.client.run(self.vendor.cancel(handle))

    def _opened(self, outcome: Finished | Pending) -> Finished | Pending:
        """The outcome with our key for a file that cannot be fetched without."""
        if (
            isinstance(outcome, Finished)
            and isinstance(outcome.output, Download)
            and outcome.output.authorized
        ):
            return replace(outcome, output=replace(outcome.output, headers=self.client.authorization()))
        return outcome


def _content(call: VendorRequest) -> dict[str, Any]:
    if call.files or call.fields:
        return {"data": dict(call.fields), "files": list(call.files) or None}
    return {} if call.body is None else {"json": call.body}
