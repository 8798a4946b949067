"""What every double is made of: a real HTTP server on the loopback address, routes, faults to come, a record.

A double checks what its vendor checks (keys, required fields, methods) and answers in its vendor's shapes. Tests
and tools tell it what goes wrong next: ``double.next(Fault(429, headers={"Retry-After": "7"}))``.
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
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived, ``at`` seconds on the machine's monotonic clock.

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
        """The body as JSON, ``None`` if it is none."""
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
class Told:
    """An answer. ``body`` is sent as it is if it is bytes or text, else as JSON."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with a coming request instead of, or after, its being served.

    ``serve`` has the request take effect although its answer is this one. ``drop`` closes the connection without
    an answer; ``stall`` waits so many seconds first. ``on`` is a pattern the request's method and path must match.
    """

    status: int = 500
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    serve: bool = False
    drop: bool = False
    stall: float = 0.0
    on: str = ""


type Route = Callable[[Asked], Told]


class Double(ABC):
    """A vendor's double. ``routes`` holds what it serves: ``("POST", "/v1/things/(?P<id>[^/]+)", method)``.

    ``asked`` records every request in order. Use it as a context manager, or ``start`` and ``stop`` it.
    """

    name = ""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._faults: deque[Fault] = deque()
        self._lock = threading.RLock()
        self._server: ThreadingHTTPServer | None = None

    @abstractmethod
    def routes(self) -> list[tuple[str, str, Route]]:
        """The vendor's endpoints."""

    @abstractmethod
    def refuse(self, asked: Asked) -> Told | None:
        """What the vendor answers before it looks at a request: a missing key, for example."""

    def missing(self, asked: Asked) -> Told:
        """What the vendor answers where it has nothing."""
        return Told(404, {"error": f"no {asked.method} {asked.path}"})

    def next(self, *faults: Fault) -> None:
        """Have the coming requests go wrong, one fault each."""
        with self._lock:
            self._faults.extend(faults)

    def submissions(self, pattern: str) -> list[Asked]:
        """The requests whose method and path match ``pattern``."""
        return [asked for asked in self.asked if re.search(pattern, f"{asked.method} {asked.path}")]

    def answer(self, asked: Asked) -> tuple[Told, Fault | None]:
        """Serve one request; the fault says how the answer is to be spoilt."""
        with self._lock:
            self.asked.append(asked)
            fault = self._fault_for(asked)
            told = self._served(asked) if fault is None or fault.serve else Told()
        return (told if fault is None else Told(fault.status, fault.body, fault.headers)), fault

    def start(self, port: int = 0) -> str:
        """Listen, on any free port by default, and answer the base URL."""
        handler = type("Handler", (_Handler,), {"double": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self.url

    @property
    def url(self) -> str:
        """Where it listens."""
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

    def _fault_for(self, asked: Asked) -> Fault | None:
        for fault in self._faults:
            if re.search(fault.on, f"{asked.method} {asked.path}"):
                self._faults.remove(fault)
                return fault
        return None

    def _served(self, asked: Asked) -> Told:
        refused = self.refuse(asked)
        if refused is not None:
            return refused
        for method, pattern, route in self.routes():
            found = re.fullmatch(pattern, asked.path) if method == asked.method else None
            if found:
                params = {
                    name: unquote(value) for name, value in found.groupdict().items() if value is not None
                }
                return route(Asked(asked.method, asked.path, asked.query, asked.headers, asked.body, params))
        return self.missing(asked)


class _Handler(BaseHTTPRequestHandler):
    double: Double
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = (
        True  # an answer goes out in two writes, and the second must not wait for an ACK
    )

    def _handle(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        split = urlsplit(self.path)
        asked = Asked(
            self.command,
            split.path,
            {name: values[-1] for name, values in parse_qs(split.query, keep_blank_values=True).items()},
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length),
        )
        told, fault = self.double.answer(asked)
        if fault is not None and fault.stall:
            time.sleep(fault.stall)
        if fault is not None and fault.drop:
            self.close_connection = True
            return
        with contextlib.suppress(ConnectionError):  # whoever asked may have given up waiting
            self._tell(told)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = _handle  # noqa: N815

    def _tell(self, told: Told) -> None:
        raw = told.body if isinstance(told.body, bytes) else None
        data = raw if raw is not None else _text(told.body).encode()
        headers = {"Content-Type": "application/json", **told.headers, "Content-Length": str(len(data))}
        self.send_response(told.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the record is in ``asked``."""


def _text(body: Any) -> str:
    return body if isinstance(body, str) else "" if body is None else json.dumps(body)
