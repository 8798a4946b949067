"""The base of every double: an HTTP server on the loopback address, routes, coming faults, a record of requests.

A double checks what its vendor checks (keys, required fields, methods) and answers in its vendor's shapes. Tests
and tools queue what goes wrong next: ``double.next(Fault(429, headers={"Retry-After": "7"}))``.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request as the double received it, ``at`` seconds on the machine's monotonic clock.

    ``params`` are the groups of the route's pattern; header names are in lower case.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    params: Mapping[str, str] = field(default_factory=dict)
    at: float = field(default_factory=time.monotonic)

    def json(self) -> Any:
        """The body as JSON, or ``None`` if it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def parts(self) -> list[tuple[str, str | None, bytes]]:
        """The parts of a multipart form: name, file name, bytes."""
        head = f"Content-Type: {self.headers.get('content-type', '')}\r\n\r\n".encode()
        message: Message = BytesParser(policy=HTTP).parsebytes(head + self.body)
        return [
            (
                str(part.get_param("name", header="content-disposition")),
                part.get_filename(),
                bytes(part.get_payload(decode=True) or b""),
            )
            for part in message.walk()
            if not part.is_multipart()
        ]


@dataclass(frozen=True, slots=True)
class CannedResponse:
    """A double's response. ``body`` is sent as it is if it is bytes or text, else as JSON."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with a coming request instead of, or after, its being served.

    ``serve`` lets the request take effect and still sends this response. ``drop`` closes the connection without a
    response; ``stall`` waits that many seconds first. The request's method and path must match the pattern ``on``.
    """

    status: int = 500
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    serve: bool = False
    drop: bool = False
    stall: float = 0.0
    on: str = ""


type Route = Callable[[RecordedRequest], CannedResponse]


class Double(ABC):
    """A vendor's double. ``routes`` holds what it serves: ``("POST", "/v1/things/(?P<id>[^/]+)", method)``.

    ``received`` records every request in order. Use it as a context manager, or ``start`` and ``stop`` it.
    """

    name = ""

    def __init__(self) -> None:
        self.received: list[RecordedRequest] = []
        self._faults: deque[Fault] = deque()
        self._lock = threading.RLock()
        self._server: ThreadingHTTPServer | None = None

    @abstractmethod
    def routes(self) -> list[tuple[str, str, Route]]:
        """The vendor's endpoints."""

    @abstractmethod
    def refuse(self, request: RecordedRequest) -> CannedResponse | None:
        """The vendor's refusal before it reads the request, for a missing key for example; ``None`` to serve it."""

    def missing(self, request: RecordedRequest) -> CannedResponse:
        """The vendor's response for an unknown path."""
        return CannedResponse(404, {"error": f"no {request.method} {request.path}"})

    def next(self, *faults: Fault) -> None:
        """Make the next requests fail, one fault each."""
        with self._lock:
            self._faults.extend(faults)

    def submissions(self, pattern: str) -> list[RecordedRequest]:
        """The requests whose method and path match ``pattern``."""
        return [
            request for request in self.received if re.search(pattern, f"{request.method} {request.path}")
        ]

    def answer(self, request: RecordedRequest) -> tuple[CannedResponse, Fault | None]:
        """Serve one request. Returns the response, and the fault that says how to spoil it."""
        with self._lock:
            self.received.append(request)
            fault = self._fault_for(request)
            response = self._served(request) if fault is None or fault.serve else CannedResponse()
        return (response if fault is None else CannedResponse(fault.status, fault.body, fault.headers)), fault

    def start(self, port: int = 0) -> str:
        """Listen, on any free port by default. Returns the base URL."""
        handler = type("Handler", (_Handler,), {"double": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self.url

    @property
    def url(self) -> str:
        """The base URL."""
        if self._server is None:
            raise RuntimeError("the double is not started")
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _fault_for(self, request: RecordedRequest) -> Fault | None:
        for fault in self._faults:
            if re.search(fault.on, f"{request.method} {request.path}"):
                self._faults.remove(fault)
                return fault
        return None

    def _served(self, request: RecordedRequest) -> CannedResponse:
        refused = self.refuse(request)
        if refused is not None:
            return refused
        for method, pattern, route in self.routes():
            match = re.fullmatch(pattern, request.path) if method == request.method else None
            if match:
                params = {
                    name: unquote(value) for name, value in match.groupdict().items() if value is not None
                }
                return route(replace(request, params=params))
        return self.missing(request)


class _Handler(BaseHTTPRequestHandler):
    double: Double
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = (
        True  # a response goes out in two writes, and the second must not wait for an ACK
    )

    def _handle(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        split = urlsplit(self.path)
        request = RecordedRequest(
            self.command,
            split.path,
            {name: values[-1] for name, values in parse_qs(split.query, keep_blank_values=True).items()},
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length),
        )
        response, fault = self.double.answer(request)
        if fault is not None and fault.stall:
            time.sleep(fault.stall)
        if fault is not None and fault.drop:
            self.close_connection = True
            return
        with contextlib.suppress(ConnectionError):  # the client may have stopped waiting
            self._send(response)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = _handle  # noqa: N815

    def _send(self, response: CannedResponse) -> None:
        data, headers = encoded(response)
        self.send_response(response.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: ``received`` is the record."""


def encoded(response: CannedResponse) -> tuple[bytes, dict[str, str]]:
    """A response's bytes and all its headers."""
    raw = response.body if isinstance(response.body, bytes) else None
    data = raw if raw is not None else _text(response.body).encode()
    return data, {"Content-Type": "application/json", **response.headers, "Content-Length": str(len(data))}


def _text(body: Any) -> str:
    return body if isinstance(body, str) else "" if body is None else json.dumps(body)
