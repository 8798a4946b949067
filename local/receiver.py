"""A webhook subscriber on this machine, for the demo and the end-to-end tests."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Received:
    """One request as it came: what a signature is checked over."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Where it listens, what came, and what it answers (`statuses` first, then 200)."""

    url: str
    received: list[Received] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, count: int, seconds: float) -> list[Received]:
        """What has come once there are `count`, or after `seconds`."""
        with self.arrived:
            self.arrived.wait_for(lambda: len(self.received) >= count, timeout=seconds)
            return list(self.received)


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Listen on a free loopback port for as long as the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    subscriber = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
    server.daemon_threads = True
    _Handler.of[server.server_port] = subscriber
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield subscriber
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    of: dict[int, Receiver] = {}  # noqa: RUF012 - one per listening port, for the life of the process

    def do_POST(self) -> None:
        target = self.of[self.connection.getsockname()[1]]
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        with target.arrived:
            status = target.statuses.pop(0) if target.statuses else 200
            target.received.append(Received(self.path, headers, body))
            target.arrived.notify_all()
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal for the demo."""
