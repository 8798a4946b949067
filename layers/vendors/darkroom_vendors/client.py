"""The HTTP client of vendors, which sends what the adapters prepare.

Network errors are distinguished by what they may have cost: a request that was never sent is harmless, but if a
response was lost the work may be running. Keys go to the vendor's own hosts and into no log.
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
MAX_RESPONSE_BYTES = 64 * 1024 * 1024  # four images of 4K, base64
USER_AGENT = "darkroom/1.0"
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class VendorClient:
    """Sends requests to one vendor and reads each response whole, up to a size."""

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
        """Close open connections."""
        self._http.close()

    def run[T](self, flow: Flow[T]) -> T:
        """Run ``flow`` to its end, sending the requests that it yields.

        Raises
        ------
        EngineError
        """
        try:
            request = next(flow)
            while True:
                try:
                    response = self._send(request)
                except EngineError as error:
                    request = flow.throw(error)
                else:
                    request = flow.send(response)
        except StopIteration as done:
            value: T = done.value
            return value

    def _send(self, request: VendorRequest) -> VendorResponse:
        try:
            return self._exchange(request)
        except _NEVER_SENT as error:
            raise VendorUnavailable(f"{self._vendor.name} was not reached: {type(error).__name__}") from error
        except httpx.HTTPError as error:
            lost = f"{self._vendor.name} did not respond: {type(error).__name__}"
            raise OutcomeUnknown(lost) if request.commits else VendorUnavailable(lost) from error

    def _exchange(self, request: VendorRequest) -> VendorResponse:
        timeout = httpx.Timeout(request.timeout_seconds, connect=CONNECT_SECONDS)
        sent = {**self.authorization(), **request.headers}
        with self._http.stream(
            request.method, self._url(request), timeout=timeout, headers=sent, **_content(request)
        ) as streamed:
            body = bytearray()
            for chunk in streamed.iter_bytes():
                body += chunk
                if len(body) > MAX_RESPONSE_BYTES:
                    raise RouteFailed(f"{self._vendor.name} answered more than {MAX_RESPONSE_BYTES} bytes")
        headers = {name.lower(): value for name, value in streamed.headers.items()}
        return VendorResponse(streamed.status_code, headers, bytes(body), self._clock.now())

    def authorization(self) -> Mapping[str, str]:
        """The headers that authenticate a request.

        Raises
        ------
        AccountTrouble
            There is no key for the vendor.
        """
        key = self._key()
        if not key:
            raise AccountTrouble(f"no key for {self._vendor.name}", code="no_key")
        return self._vendor.authorize(key)

    def _url(self, request: VendorRequest) -> str:
        if not request.path.startswith("http"):
            return f"{self._base_url}{request.path}"
        base, address = urlsplit(self._base_url), urlsplit(request.path)
        ours = (address.scheme, address.netloc) == (base.scheme, base.netloc)
        known = address.scheme == "https" and is_within(address.hostname or "", self._vendor.hosts)
        if not ours and not known:
            raise RouteFailed(f"{self._vendor.name} named an address that is not its own")
        return request.path


@dataclass(frozen=True, slots=True)
class VendorEngine:
    """A vendor as an engine: see :class:`darkroom.ports.jobs.Engine`.

    ``callback_url`` makes the address for a request's callback; ``None`` on a stack that vendors cannot reach.
    """

    vendor: Vendor
    client: VendorClient
    callback_url: Callable[[TaskRequest], str | None] = field(default=lambda _: None)
    resubmit_safe: bool = False

    @property
    def name(self) -> str:
        """The vendor's name."""
        return self.vendor.name

    def start(self, request: TaskRequest) -> Finished | Pending:
        """See :meth:`darkroom.ports.jobs.Engine.start`."""
        return self._opened(self.client.run(self.vendor.start(request, self.callback_url(request))))

    def poll(self, request: TaskRequest, handle: str) -> Finished | Pending:
        """See :meth:`darkroom.ports.jobs.Engine.poll`."""
        return self._opened(self.client.run(self.vendor.poll(request, handle)))

    def cancel(self, handle: str) -> None:
        """See :meth:`darkroom.ports.jobs.Engine.cancel`."""
        self.client.run(self.vendor.cancel(handle))

    def _opened(self, outcome: Finished | Pending) -> Finished | Pending:
        """The outcome, with our key for a file that is fetched only with it."""
        if (
            isinstance(outcome, Finished)
            and isinstance(outcome.output, Download)
            and outcome.output.authorized
        ):
            return replace(outcome, output=replace(outcome.output, headers=self.client.authorization()))
        return outcome


def _content(request: VendorRequest) -> dict[str, Any]:
    if request.files or request.fields:
        return {"data": dict(request.fields), "files": list(request.files) or None}
    return {} if request.body is None else {"json": request.body}
