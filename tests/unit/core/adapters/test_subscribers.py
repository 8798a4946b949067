"""The adapter, against servers on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from darkroom.adapters.fetch import SafeHttp
from darkroom.adapters.subscribers import HttpSubscribers
from darkroom.domain.errors import InvalidParam
from darkroom.domain.webhooks.deliveries import AttemptError
from darkroom.domain.webhooks.responses import NoWebhookResponse, WebhookResponse

HANGUP = threading.Event()


class Handler(BaseHTTPRequestHandler):
    received: list[tuple[str, bytes, str | None]] = []  # noqa: RUF012

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.received.append((self.path, body, self.headers["svix-id"]))
        if self.path == "/slow":
            HANGUP.wait(5)
            return
        status = int(self.path.removeprefix("/"))
        self.send_response(status)
        if status == 302:
            self.send_header("location", "/200")
        if status == 429:
            self.send_header("retry-after", "120")
        self.end_headers()
        self.wfile.write(b"x" * 5000)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    HANGUP.set()
    server.shutdown()
    server.server_close()


def post(url: str, *, allow_loopback: bool = True, timeout: float = 5.0) -> WebhookResponse:
    subscribers = HttpSubscribers(SafeHttp(allow_loopback=allow_loopback))
    return subscribers.post(
        url, body='{"a":"é"}'.encode(), headers={"svix-id": "msg"}, timeout_seconds=timeout
    )


def test_the_exact_bytes_and_headers_arrive(base: str) -> None:
    answer = post(f"{base}/200")
    assert (answer.status, answer.retry_after) == (200, None)
    assert Handler.received[-1] == ("/200", '{"a":"é"}'.encode(), "msg")
    assert len(answer.excerpt) <= 1024


def test_retry_after_comes_through(base: str) -> None:
    assert post(f"{base}/429").retry_after == "120"


def test_a_redirect_is_an_answer_and_not_followed(base: str) -> None:
    before = len(Handler.received)
    assert post(f"{base}/302").status == 302
    assert len(Handler.received) == before + 1


def test_a_slow_subscriber_is_a_timeout(base: str) -> None:
    with pytest.raises(NoWebhookResponse) as failure:
        post(f"{base}/slow", timeout=0.2)
    assert failure.value.error is AttemptError.TIMEOUT


def test_nobody_listening_is_a_connection_error() -> None:
    with pytest.raises(NoWebhookResponse) as failure:
        post("http://127.0.0.1:1/200")
    assert failure.value.error is AttemptError.CONNECTION


def test_loopback_is_refused_unless_the_stack_allows_it(base: str) -> None:
    before = len(Handler.received)
    with pytest.raises(NoWebhookResponse) as failure:
        post(f"{base}/200", allow_loopback=False)
    assert failure.value.error is AttemptError.URL_REFUSED
    assert len(Handler.received) == before
    HttpSubscribers(SafeHttp(allow_loopback=True)).check(f"{base}/200")
    with pytest.raises(InvalidParam):
        HttpSubscribers(SafeHttp()).check(f"{base}/200")
