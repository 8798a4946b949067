"""Vendors' files over real HTTP on the loopback address."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from darkroom.adapters.downloads import MEMORY_BYTES, HttpDownloads
from darkroom.adapters.fetch import SafeHttp
from darkroom.domain.jobs.engine import Download
from darkroom.domain.jobs.engine_failures import FileGone, RouteFailed, VendorUnavailable

FILE = bytes(range(256)) * 50_000  # more than is kept in memory


class Server(ThreadingHTTPServer):
    """Serves a file, and what is asked for instead by its path; ``seen`` keeps paths and keys."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[str, str | None]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.seen.append((self.path, self.headers.get("x-key")))
        match self.path:
            case "/moved":
                self._answer(302, b"", Location=f"{self.server.url}/file")
            case "/inside":
                self._answer(302, b"", Location="http://169.254.169.254/latest")
            case "/zipped":
                self._answer(200, b"x", **{"Content-Encoding": "gzip"})
            case "/short":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(b"only this")
            case "/file":
                self._answer(200, FILE)
            case path:
                self._answer(int(path[1:]), b"no")

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


LOCAL = HttpDownloads(SafeHttp(allow_loopback=True), allow_loopback=True)
STRICT = HttpDownloads(SafeHttp())


def test_a_large_file_comes_whole_and_is_gone_when_closed(server: Server) -> None:
    assert len(FILE) > MEMORY_BYTES
    with LOCAL.open(Download(f"{server.url}/file"), max_bytes=len(FILE)) as file:
        assert file.read() == FILE
    assert file.closed


def test_a_key_goes_to_the_address_it_is_for_and_no_further(server: Server) -> None:
    download = Download(f"{server.url}/moved", headers={"x-key": "secret"})
    LOCAL.open(download, max_bytes=len(FILE)).close()
    assert server.seen == [("/moved", "secret"), ("/file", None)]


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/404", FileGone),
        ("/403", FileGone),
        ("/410", FileGone),
        ("/500", VendorUnavailable),
        ("/short", VendorUnavailable),
        ("/zipped", VendorUnavailable),
        ("/inside", RouteFailed),
    ],
)
def test_what_goes_wrong_is_told_apart(server: Server, path: str, error: type[Exception]) -> None:
    with pytest.raises(error) as raised:
        LOCAL.open(Download(f"{server.url}{path}"), max_bytes=len(FILE))
    assert type(raised.value) is error


def test_a_file_that_is_too_large_is_not_taken(server: Server) -> None:
    with pytest.raises(RouteFailed, match="too large"):
        LOCAL.open(Download(f"{server.url}/file"), max_bytes=len(FILE) - 1)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/x.png",
        "https://fal.media.evil.example/x.png",
        "https://notfal.media/x.png",
        "https://fal.media@evil.example/x.png",
        "not a url",
        "",
    ],
)
def test_a_file_elsewhere_than_the_vendors_is_not_asked_for(url: str) -> None:
    with pytest.raises(RouteFailed):
        STRICT.open(Download(url, hosts=("fal.media",)), max_bytes=10)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x", "https://169.254.169.254/x", "http://fal.media/x", "file:///etc/passwd"]
)
def test_no_address_a_vendor_names_reaches_inside(url: str) -> None:
    with pytest.raises(RouteFailed):
        STRICT.open(Download(url), max_bytes=10)
