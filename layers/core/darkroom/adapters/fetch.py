"""The only way out to a URL a stranger wrote: reference images are fetched and webhooks posted through here.

A name is resolved once, every address it has is checked, and the connection goes to a checked address, so
what DNS says a moment later does not matter. Whatever is refused is refused with one and the same words.
"""

from __future__ import annotations

import re
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from queue import Empty, SimpleQueue
from ssl import SSLContext
from types import TracebackType
from typing import IO, Any, Literal, Self

import httpx

type Address = IPv4Address | IPv6Address
type Resolver = Callable[[str, int], Sequence[str]]
type Reason = Literal["timeout", "connection", "too_large", "status", "redirects"]

_MAX_URL_CHARS = 2048
_CONNECT_SECONDS = 5.0
_DNS_SECONDS = 5.0
_ADDRESSES_TRIED = 3
_EXCERPT_BYTES = 1024
_HEADER_CHARS = 256
_KEPT_HEADERS = ("retry-after", "content-type")
# Framing and routing are ours: a caller's Host or length would undo the pin or split the request.
_OWN_HEADERS = ("host", "connection", "content-length", "transfer-encoding", "accept-encoding")

# Nothing but https://host[:port] before the path, so user info, zone ids and %-escapes have no place to hide.
_SHAPE = re.compile(
    r"https?://(?:\[[0-9a-f:.]+\]|[^/?#@:\[\]%]+)(?::[1-9][0-9]{0,4})?(?:[/?#]|$)", re.IGNORECASE
)
_MAX_PORT = 65535
# Two labels or more, the last starting with a letter: no internal short name, no number spelled as a name.
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_MAX_NAME_CHARS = 253
_INTERNAL_ZONES = (".localhost", ".local", ".localdomain", ".internal", ".arpa", ".onion", ".invalid")

# Global by the registry, yet not the public internet: the IETF's own block, 6to4 relays, Azure's host agent.
_CLOSED_V4 = tuple(IPv4Network(net) for net in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32"))
# Only global unicast is open: mapped, compatible, NAT64, local and multicast forms all lie outside it.
_OPEN_V6 = IPv6Network("2000::/3")
# Teredo and the other protocol blocks, documentation (two), 6to4.
_CLOSED_V6 = tuple(IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "3fff::/20", "2002::/16"))
_LOOPBACK_NAME = "localhost"
_LOOPBACK_V4, _LOOPBACK_V6 = IPv4Network("127.0.0.0/8"), IPv6Address("::1")


class UrlRefused(Exception):
    """The URL may not be used. The error never says why: reasons would let a caller map the internal network."""

    def __init__(self) -> None:
        super().__init__("the URL is not allowed")


class FetchFailed(Exception):
    """The server did not respond as needed; ``reason`` is safe to store and to show.

    ``status`` is what it answered where that is the reason, else 0.
    """

    def __init__(self, reason: Reason, status: int = 0) -> None:
        super().__init__(f"the request failed: {reason}")
        self.reason: Reason = reason
        self.status = status


@dataclass(frozen=True, slots=True)
class Fetched:
    """A body and where it finally came from. ``content_type`` is only the server's claim: sniff the bytes."""

    url: str
    status: int
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Posted:
    """What a subscriber answered, cut down to what a delivery log keeps."""

    status: int
    headers: Mapping[str, str]
    body_excerpt: str
    duration_ms: int


def system_resolver(host: str, port: int) -> Sequence[str]:
    """Every address the system knows for ``host``, in the order it would try them."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(address: Address) -> bool:
    """Whether an address is on the public internet; one that embeds or stands for another is not."""
    if isinstance(address, IPv6Address):
        closed = address not in _OPEN_V6 or any(address in net for net in _CLOSED_V6)
    else:
        closed = any(address in net for net in _CLOSED_V4)
    return not closed and address.is_global and not address.is_multicast and not address.is_reserved


class SafeHttp:
    """Fetches and posts to URLs from outside without ever reaching inside.

    https on port 443 only. ``allow_loopback`` is for a stack on the developer's own machine: it opens
    loopback addresses, and nothing else, over http or https on any port. ``resolver`` maps a name and port to
    addresses; ``clock`` counts monotonic seconds; ``tls_context`` replaces the default verification.
    Threads may share one instance. Cookies, credentials, proxies and connections are never carried over.
    """

    def __init__(
        self,
        *,
        allow_loopback: bool = False,
        resolver: Resolver = system_resolver,
        clock: Callable[[], float] = time.monotonic,
        tls_context: SSLContext | None = None,
    ) -> None:
        self._allow_loopback = allow_loopback
        self._resolver = resolver
        self._clock = clock
        self._tls_context = tls_context

    def check(self, url: str) -> None:
        """Refuse at registration what could never be used, without asking DNS. Raises ``UrlRefused``.

        Passing says nothing about the addresses behind a name; those are checked at every use. Of names, only
        ``localhost`` says by itself that it is this machine.
        """
        parsed = self._parse(url)
        is_name = _address(_host(parsed)) is None
        if is_name and _host(parsed) != _LOOPBACK_NAME and not _is_ordinary(parsed):
            raise UrlRefused

    def get(
        self, url: str, *, max_bytes: int, timeout_seconds: float = 30.0, max_redirects: int = 3
    ) -> Fetched:
        """Fetch a URL; each redirect is checked like a first request.

        ``max_bytes`` bounds the body both as sent and as decoded; ``timeout_seconds`` bounds the whole call.
        Raises ``UrlRefused``, and ``FetchFailed`` for anything but a complete 2xx answer within the bounds.
        """
        with _Deadline(timeout_seconds, self._clock) as deadline:
            target = self._parse(url)
            for _ in range(max_redirects + 1):
                with self._exchange("GET", target, {}, None, deadline) as response:
                    if not response.has_redirect_location:
                        return _fetched(target, response, max_bytes, deadline)
                    location = response.headers["location"]
                target = self._parse(_joined(target, location))
        raise FetchFailed("redirects")

    def download(
        self,
        url: str,
        into: IO[bytes],
        *,
        max_bytes: int,
        headers: Mapping[str, str],
        timeout_seconds: float = 120.0,
        max_redirects: int = 3,
    ) -> None:
        """Stream a URL's body into a file, byte for byte.

        ``headers`` go with the first request only: a redirect is checked like a first request and gets none.
        What was written when it fails is worth nothing. Bounds and failures are those of :meth:`get`.
        """
        with _Deadline(timeout_seconds, self._clock) as deadline:
            target = self._parse(url)
            for _ in range(max_redirects + 1):
                with self._exchange("GET", target, headers, None, deadline) as response:
                    if not response.has_redirect_location:
                        _streamed(response, into, max_bytes, deadline)
                        return
                    location = response.headers["location"]
                target, headers = self._parse(_joined(target, location)), {}
        raise FetchFailed("redirects")

    def post(
        self, url: str, *, body: bytes, headers: Mapping[str, str], timeout_seconds: float = 15.0
    ) -> Posted:
        """Post ``body`` and report whatever status comes back; a redirect is a response and is not followed.

        ``timeout_seconds`` bounds the whole call. Raises ``UrlRefused``, and ``FetchFailed`` for no answer or
        one that breaks off.
        """
        started = self._clock()
        with _Deadline(timeout_seconds, self._clock) as deadline:
            target = self._parse(url)
            with self._exchange("POST", target, headers, body, deadline) as response:
                excerpt = _excerpt(response, deadline)
        kept = {name: _clean(response.headers[name]) for name in _KEPT_HEADERS if name in response.headers}
        return Posted(
            status=response.status_code,
            headers=kept,
            body_excerpt=excerpt,
            duration_ms=round((self._clock() - started) * 1000),
        )

    def close(self) -> None:
        """Let go of sockets. The instance may be used again."""
        if "_transport" in self.__dict__:
            self._transport.close()

    @cached_property
    def _transport(self) -> httpx.HTTPTransport:
        # The pool knows addresses, not names: a connection kept alive could serve another name behind it.
        return httpx.HTTPTransport(
            verify=self._tls_context or httpx.create_ssl_context(trust_env=False),
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def _parse(self, url: str) -> httpx.URL:
        if not _is_plain(url) or not _SHAPE.match(url):
            raise UrlRefused
        try:
            parsed = httpx.URL(url).copy_with(fragment=None)
        except (httpx.InvalidURL, ValueError):
            raise UrlRefused from None
        if not (self._allow_loopback or _is_ordinary(parsed)) or (parsed.port or 443) > _MAX_PORT:
            raise UrlRefused
        host = _host(parsed)
        literal = _address(host)
        if literal is not None:
            fine = self._may_reach(parsed, [literal])
        else:
            fine = _is_public_name(host) or (self._allow_loopback and host == _LOOPBACK_NAME)
        if not fine:
            raise UrlRefused
        return parsed

    def _may_reach(self, url: httpx.URL, addresses: Sequence[Address | None]) -> bool:
        """One bad address condemns them all: which one gets used is not ours to choose."""
        known = [address for address in addresses if address is not None]
        if not known or len(known) != len(addresses):
            return False
        if _is_ordinary(url) and all(map(is_public, known)):
            return True
        return self._allow_loopback and all(map(_is_loopback, known))

    def _pins(self, url: httpx.URL, deadline: _Deadline) -> list[str]:
        host = _host(url)
        answers = [host] if _address(host) is not None else self._resolve(host, url.port or 443, deadline)
        addresses = [_address(answer) for answer in answers]
        if not self._may_reach(url, addresses):
            raise UrlRefused
        return list(dict.fromkeys(map(str, addresses)))[:_ADDRESSES_TRIED]

    def _resolve(self, host: str, port: int, deadline: _Deadline) -> Sequence[str]:
        """Ask in a thread, for the system's resolver knows no timeout. Every failure looks like a refusal."""
        answers: SimpleQueue[Sequence[str]] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolver(host, port))
            except Exception:  # noqa: BLE001 - whatever goes wrong must look the same from outside
                answers.put(())

        wait = min(_DNS_SECONDS, deadline.remaining())
        threading.Thread(target=ask, daemon=True).start()
        try:
            return answers.get(timeout=wait)
        except Empty:
            return ()

    @contextmanager
    def _exchange(
        self, method: str, url: httpx.URL, headers: Mapping[str, str], body: bytes | None, deadline: _Deadline
    ) -> Iterator[httpx.Response]:
        try:
            response = self._send(method, url, headers, body, deadline)
            try:
                yield response
            finally:
                response.close()
        except httpx.TimeoutException as error:
            raise FetchFailed("timeout") from error
        except (httpx.RequestError, OSError) as error:
            raise FetchFailed("timeout" if deadline.expired else "connection") from error

    def _send(
        self, method: str, url: httpx.URL, headers: Mapping[str, str], body: bytes | None, deadline: _Deadline
    ) -> httpx.Response:
        """Try the checked addresses in turn: until one connects, nothing has been sent."""
        failure: httpx.TransportError | None = None
        for pin in self._pins(url, deadline):
            left = deadline.remaining()
            timeout = httpx.Timeout(left, connect=min(_CONNECT_SECONDS, left))
            request = httpx.Request(method, url, headers=_outgoing(headers), content=body)
            request.url = url.copy_with(host=pin)  # the Host header keeps the name
            request.extensions = {
                "timeout": timeout.as_dict(),
                "sni_hostname": _host(url),
                "trace": deadline.watch,
            }
            try:
                return self._transport.handle_request(request)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
        raise failure or UrlRefused()


class _Deadline:
    """Ends a whole call on time by cutting its connection.

    A socket's timeout starts anew with every packet, so a peer that drips bytes would never meet one.
    """

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self.expired = False
        self._clock = clock
        self._end = clock() + seconds
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(max(0.0, seconds), self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._release()

    def remaining(self) -> float:
        """Seconds left. Raises ``FetchFailed`` when there are none."""
        left = self._end - self._clock()
        if self.expired or left <= 0:
            raise FetchFailed("timeout")
        return left

    def watch(self, event: str, info: Mapping[str, Any]) -> None:
        """Take hold of each connection as it is made; this is the trace hook httpx calls."""
        if event != "connection.connect_tcp.complete":
            return
        # A duplicate, because wrapping a socket in TLS takes the descriptor away from the original.
        duplicate = info["return_value"].get_extra_info("socket").dup()
        with self._lock:
            self._release()
            self._socket = duplicate
            if self.expired:
                _shut(duplicate)

    def _cut(self) -> None:
        with self._lock:
            self.expired = True
            if self._socket is not None:
                _shut(self._socket)

    def _release(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):  # the peer may have been faster
        connection.shutdown(socket.SHUT_RDWR)


def _is_plain(text: str) -> bool:
    """No spaces, control or invisible characters, nor the backslash that parsers disagree about."""
    return len(text) <= _MAX_URL_CHARS and all(
        char.isprintable() and not char.isspace() and char != "\\" for char in text
    )


def _is_ordinary(url: httpx.URL) -> bool:
    return url.scheme == "https" and url.port is None  # httpx drops the scheme's own port


def _host(url: httpx.URL) -> str:
    return url.raw_host.decode("ascii")


def _is_public_name(host: str) -> bool:
    fits = len(host) <= _MAX_NAME_CHARS and _NAME.fullmatch(host) is not None
    return fits and not host.endswith(_INTERNAL_ZONES)


def _address(text: str) -> Address | None:
    """The address in its one canonical spelling; a zone id is not one."""
    try:
        return None if "%" in text else ip_address(text)
    except ValueError:
        return None


def _is_loopback(address: Address) -> bool:
    # Not .is_loopback, which also says yes to ::ffff:127.0.0.1.
    return address in _LOOPBACK_V4 if isinstance(address, IPv4Address) else address == _LOOPBACK_V6


def _joined(base: httpx.URL, location: str) -> str:
    # Before joining, which would escape or drop the very characters that are refused.
    if not _is_plain(location):
        raise UrlRefused
    try:
        return str(base.join(location))
    except (httpx.InvalidURL, ValueError):
        raise UrlRefused from None


def _outgoing(headers: Mapping[str, str]) -> httpx.Headers:
    outgoing = httpx.Headers({"user-agent": "Darkroom", "accept": "*/*"})
    outgoing.update({name: value for name, value in headers.items() if name.lower() not in _OWN_HEADERS})
    outgoing.update({"accept-encoding": "identity", "connection": "close"})
    return outgoing


def _promising(response: httpx.Response, max_bytes: int) -> None:
    if not response.is_success:
        raise FetchFailed("status", response.status_code)
    if int(response.headers.get("content-length", "0")) > max_bytes:
        raise FetchFailed("too_large")


def _streamed(response: httpx.Response, into: IO[bytes], max_bytes: int, deadline: _Deadline) -> None:
    _promising(response, max_bytes)
    if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise FetchFailed("connection")  # what was asked for is the file as it is
    written = 0
    for chunk in response.iter_raw():
        deadline.remaining()
        written += len(chunk)
        if written > max_bytes:
            raise FetchFailed("too_large")
        into.write(chunk)
    deadline.remaining()  # a cut connection can pass for the end of a body without a length


def _fetched(url: httpx.URL, response: httpx.Response, max_bytes: int, deadline: _Deadline) -> Fetched:
    _promising(response, max_bytes)
    return Fetched(
        url=str(url),
        status=response.status_code,
        content_type=_clean(response.headers.get("content-type", "")),
        data=_body(response, max_bytes, deadline),
    )


def _body(response: httpx.Response, max_bytes: int, deadline: _Deadline) -> bytes:
    """Read to the end under the cap.

    httpx would decode without a bound, and as many times over as the server likes: its decoders stay unused.
    """
    data = bytearray()
    for chunk in response.iter_raw():
        deadline.remaining()
        data += chunk
        if len(data) > max_bytes:
            raise FetchFailed("too_large")
    deadline.remaining()  # a cut connection can pass for the end of a body without a length
    match response.headers.get("content-encoding", "identity").strip().lower():
        case "identity":
            return bytes(data)
        case "gzip" | "x-gzip":
            return _unzipped(data, max_bytes)
        case _:
            raise FetchFailed("connection")


def _unzipped(data: bytes | bytearray, max_bytes: int) -> bytes:
    """We ask for no compression, but some stores keep a file gzipped and send it so to everyone."""
    gzip = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        decoded = gzip.decompress(data, max_bytes + 1)
    except zlib.error as error:
        raise FetchFailed("connection") from error
    if len(decoded) > max_bytes:
        raise FetchFailed("too_large")
    if not gzip.eof or gzip.unused_data:
        raise FetchFailed("connection")
    return decoded


def _excerpt(response: httpx.Response, deadline: _Deadline) -> str:
    data = bytearray()
    for chunk in response.iter_raw():
        deadline.remaining()
        data += chunk[: _EXCERPT_BYTES - len(data)]
        if len(data) >= _EXCERPT_BYTES:
            break
    deadline.remaining()
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        return ""  # compressed bytes would only be noise in a log
    return _clean(data.decode("utf-8", "replace"), _EXCERPT_BYTES)


def _clean(text: str, limit: int = _HEADER_CHARS) -> str:
    return "".join(char for char in text if char.isprintable())[:limit]
