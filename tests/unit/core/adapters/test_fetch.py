"""The guarded HTTP client against hostile URLs, hostile DNS and hostile servers. Nothing leaves loopback."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import ssl
import threading
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from darkroom.adapters.fetch import FetchFailed, SafeHttp, UrlRefused, is_public
from tests.harness.hostile_urls import (
    LOOPBACK_ADDRESSES,
    MALFORMED,
    NAMES_ELSEWHERE,
    NOT_EVEN_LOCAL,
    ONLY_LOCAL,
    PRIVATE_ADDRESSES,
    PUBLIC,
)

MESSAGE = "the URL is not allowed"
PUBLIC_V6 = "2606:4700:4700::1111"
NAME = "images.example.com"


class Dns:
    """Answers each question with the next list of addresses, and the last one for ever after."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.questions: list[tuple[str, int]] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.questions.append((host, port))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def short(url: str) -> str:
    return url[:50]


@pytest.fixture
def no_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        pytest.fail("a connection was attempted")

    monkeypatch.setattr(socket, "create_connection", refuse)


def assert_refused(action: Callable[[], object]) -> None:
    with pytest.raises(UrlRefused) as caught:
        action()
    assert str(caught.value) == MESSAGE
    assert caught.value.args == (MESSAGE,)


# --- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_connections")
@pytest.mark.parametrize("url", [*MALFORMED, *ONLY_LOCAL, *NAMES_ELSEWHERE, *NOT_EVEN_LOCAL], ids=short)
def test_a_hostile_url_is_refused_before_dns_is_asked(url: str) -> None:
    dns = Dns([PUBLIC])
    client = SafeHttp(resolver=dns)

    assert_refused(lambda: client.check(url))
    assert_refused(lambda: client.get(url, max_bytes=10))
    assert_refused(lambda: client.post(url, body=b"{}", headers={}))
    assert dns.questions == []


@pytest.mark.usefixtures("no_connections")
@pytest.mark.parametrize("url", [*MALFORMED, *NOT_EVEN_LOCAL], ids=short)
def test_local_development_opens_loopback_and_nothing_else(url: str) -> None:
    client = SafeHttp(allow_loopback=True, resolver=Dns(["127.0.0.1"]))

    assert_refused(lambda: client.check(url))
    assert_refused(lambda: client.get(url, max_bytes=10))


@pytest.mark.usefixtures("no_connections")
@pytest.mark.parametrize("url", NAMES_ELSEWHERE)
def test_local_development_refuses_other_names_as_aws_does(url: str) -> None:
    client = SafeHttp(allow_loopback=True, resolver=Dns([PUBLIC]))

    assert_refused(lambda: client.check(url))
    assert_refused(lambda: client.get(url, max_bytes=10))
    assert_refused(lambda: client.post(url, body=b"{}", headers={}))


@pytest.mark.parametrize(
    "url",
    [
        *(f"https://{NAME}", f"https://{NAME}/a.png?size=2&x=%2F#part", f"HTTPS://{NAME.upper()}:443/"),
        *("https://b\u00fccher.example/\u56fe\u50cf.png", "https://xn--bcher-kva.example/"),
        *("https://my_bucket.s3.eu-west-1.amazonaws.com/k", "https://1.example.com/"),
        *("https://1.1.1.1/", "https://[2606:4700:4700::1111]/", f"https://{NAME}/a@b:c"),
        *(f"https://{NAME}/?next=http://127.0.0.1/", f"https://{NAME}#@127.0.0.1/"),
    ],
)
def test_an_ordinary_url_passes_the_check_without_dns(url: str) -> None:
    dns = Dns([])

    SafeHttp(resolver=dns).check(url)

    assert dns.questions == []


@pytest.mark.parametrize(
    "url", ["http://localhost:3000/x", "http://127.0.0.1:8080/", "https://[::1]:8443/", "http://127.9.9.9"]
)
def test_local_development_accepts_loopback_urls(url: str) -> None:
    SafeHttp(allow_loopback=True).check(url)


@pytest.mark.usefixtures("no_connections")
@pytest.mark.parametrize("address", [*PRIVATE_ADDRESSES, *LOOPBACK_ADDRESSES, f"{PUBLIC_V6}%eth0"])
def test_one_bad_address_among_many_refuses_the_name(address: str) -> None:
    for answer in ([address], [PUBLIC, PUBLIC_V6, address], [address, PUBLIC]):
        assert_refused(partial(SafeHttp(resolver=Dns(answer)).get, f"https://{NAME}/", max_bytes=10))


@pytest.mark.usefixtures("no_connections")
@pytest.mark.parametrize(
    "answer",
    [[], ["127.0.0.1", PUBLIC], ["127.0.0.1", "10.0.0.1"], ["::1%lo"], ["not an address"], [PUBLIC, "127.1"]],
)
def test_local_development_refuses_answers_that_are_not_all_loopback(answer: list[str]) -> None:
    client = SafeHttp(allow_loopback=True, resolver=Dns(answer))

    assert_refused(lambda: client.get(f"https://{NAME}/", max_bytes=10))


@pytest.mark.usefixtures("no_connections")
@pytest.mark.parametrize("url", [f"http://{NAME}/", f"https://{NAME}:8443/", "http://localhost/"])
def test_local_development_opens_plain_http_and_odd_ports_for_loopback_only(url: str) -> None:
    client = SafeHttp(allow_loopback=True, resolver=Dns([PUBLIC]))

    assert_refused(lambda: client.get(url, max_bytes=10))


@pytest.mark.usefixtures("no_connections")
@pytest.mark.parametrize("error", [socket.gaierror(-2, "unknown"), UnicodeError("label"), RuntimeError("?")])
def test_a_failed_look_up_looks_like_a_refusal(error: Exception) -> None:
    def resolver(host: str, port: int) -> Sequence[str]:
        raise error

    client = SafeHttp(resolver=resolver)

    assert_refused(lambda: client.get(f"https://{NAME}/", max_bytes=10))


@pytest.mark.usefixtures("no_connections")
def test_a_look_up_that_hangs_looks_like_a_refusal() -> None:
    over = threading.Event()

    def resolver(host: str, port: int) -> Sequence[str]:
        over.wait(30)
        return [PUBLIC]

    client = SafeHttp(resolver=resolver)

    assert_refused(lambda: client.get(f"https://{NAME}/", max_bytes=10, timeout_seconds=0.2))
    over.set()


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e"])
def test_the_public_internet_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


# --- servers -----------------------------------------------------------------------------------------------

type Script = Callable[[socket.socket, bytes], None]


@dataclass
class Server:
    """A loopback server that plays a script to each connection and keeps what it was sent."""

    port: int
    requests: list[bytes] = field(default_factory=list)
    server_names: list[str | None] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def _read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data and (chunk := connection.recv(65536)):
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    missing = int(lengths[0].split(b":")[1]) - len(body) if lengths else 0
    while missing > 0 and (chunk := connection.recv(65536)):
        data, missing = data + chunk, missing - len(chunk)
    return data


@contextmanager
def serving(
    script: Script, tls: ssl.SSLContext | None = None, address: str = "127.0.0.1"
) -> Iterator[Server]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, 0), family=family) as listener:
        server = Server(listener.getsockname()[1])

        def play(connection: socket.socket) -> None:
            with suppress(OSError):
                if tls:
                    connection = tls.wrap_socket(connection, server_side=True)
                with connection:
                    server.requests.append(_read_request(connection))
                    script(connection, server.requests[-1])

        def accept() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=play, args=(listener.accept()[0],), daemon=True).start()

        if tls:
            tls.sni_callback = lambda _connection, name, _context: server.server_names.append(name)
        threading.Thread(target=accept, daemon=True).start()
        yield server
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def answer(body: bytes = b"", status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {size}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def saying(*answers: bytes) -> Script:
    """Each connection gets the next answer, the last one for ever after."""
    left = list(answers)

    def script(connection: socket.socket, request: bytes) -> None:
        connection.sendall(left.pop(0) if len(left) > 1 else left[0])

    return script


def dripping(start: bytes, drop: bytes) -> Script:
    """For as long as the client stays, so that only cutting the connection ends it."""

    def script(connection: socket.socket, request: bytes) -> None:
        connection.sendall(start)
        pause = threading.Event()
        while True:
            pause.wait(0.05)
            connection.sendall(drop)

    return script


def silence(connection: socket.socket, request: bytes) -> None:
    connection.recv(1)


def trusting_nobody() -> ssl.SSLContext:
    """For tests that never finish a handshake: loading the real authorities takes longer than they do."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@pytest.fixture
def local() -> Iterator[SafeHttp]:
    client = SafeHttp(allow_loopback=True, tls_context=trusting_nobody())
    yield client
    client.close()


def assert_fails(reason: str, action: Callable[[], object]) -> None:
    with pytest.raises(FetchFailed) as caught:
        action()
    assert caught.value.reason == reason
    assert str(caught.value) == f"the request failed: {reason}"


# --- get ---------------------------------------------------------------------------------------------------


def test_get_returns_the_body_and_its_declared_type(local: SafeHttp) -> None:
    with serving(saying(answer(b"pixels", "200 OK", "Content-Type: image/png"))) as server:
        fetched = local.get(f"{server.url}/a.png?x=1#part", max_bytes=6)

    assert (fetched.url, fetched.status) == (f"{server.url}/a.png?x=1", 200)
    assert (fetched.content_type, fetched.data) == ("image/png", b"pixels")
    assert server.requests[0].startswith(b"GET /a.png?x=1 HTTP/1.1\r\n")
    sent = server.requests[0].lower()
    assert b"\r\naccept-encoding: identity\r\n" in sent
    assert b"authorization" not in sent
    assert b"cookie" not in sent


def test_cookies_are_not_carried_from_one_request_to_the_next(local: SafeHttp) -> None:
    with serving(saying(answer(b"", "200 OK", "Set-Cookie: who=them; Path=/"))) as server:
        for _ in range(2):
            local.get(server.url, max_bytes=1)

    assert len(server.requests) == 2
    assert all(b"who=them" not in request for request in server.requests)


def test_proxies_and_netrc_in_the_environment_are_ignored(
    local: SafeHttp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    with serving(saying(answer(b"direct"))) as server:
        assert local.get(server.url, max_bytes=10).data == b"direct"
    assert b"authorization" not in server.requests[0].lower()


def redirect(location: str, status: str = "302 Found") -> bytes:
    return answer(b"elsewhere", status, f"Location: {location}")


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
def test_get_follows_three_redirects(local: SafeHttp, status: str) -> None:
    with serving(saying(answer(b"there"))) as end:
        away = redirect(f"//localhost:{end.port}/three", status)
        with serving(saying(redirect("/one", status), redirect("two?x=1#part", status), away)) as start:
            fetched = local.get(f"{start.url}/", max_bytes=10)

    assert (fetched.url, fetched.data) == (f"http://localhost:{end.port}/three", b"there")
    paths = [request.split(b" ")[1] for request in [*start.requests, *end.requests]]
    assert paths == [b"/", b"/one", b"/two?x=1", b"/three"]


def test_a_fourth_redirect_is_one_too_many(local: SafeHttp) -> None:
    with serving(saying(redirect("/again"))) as server:
        assert_fails("redirects", lambda: local.get(server.url, max_bytes=10))
        assert len(server.requests) == 4
        assert_fails("redirects", lambda: local.get(server.url, max_bytes=10, max_redirects=0))


HOSTILE_LOCATIONS = [
    url for url in [*MALFORMED, *NOT_EVEN_LOCAL] if url.startswith(("http://", "https://")) and url.isascii()
]


@pytest.mark.parametrize(
    "location",
    [
        *(url for url in HOSTILE_LOCATIONS if url.isprintable() and url == url.strip() and len(url) < 60_000),
        *("file:///etc/passwd", "//169.254.169.254/", "//user@127.0.0.1/", "\\\\127.0.0.1\\", "/\\127.0.0.1"),
        *("ftp://127.0.0.1/", "javascript:alert(1)", "https://images.example.com:8443:1/", "/a b"),
    ],
)
def test_a_redirect_is_checked_like_a_first_request(location: str) -> None:
    client = SafeHttp(allow_loopback=True, resolver=Dns(["10.0.0.1"]), tls_context=trusting_nobody())
    with serving(saying(redirect(location))) as server:
        assert_refused(lambda: client.get(f"{server.url}/", max_bytes=10))
        assert len(server.requests) == 1


def test_a_redirect_to_a_name_with_a_private_address_is_refused() -> None:
    dns = Dns(["10.0.0.1"])
    client = SafeHttp(allow_loopback=True, resolver=dns)
    with serving(saying(redirect(f"https://{NAME}/"))) as server:
        assert_refused(lambda: client.get(server.url, max_bytes=10))
    assert dns.questions == [(NAME, 443)]


@pytest.mark.parametrize("status", ["204 No Content", "206 Partial Content"])
def test_other_successes_are_successes(local: SafeHttp, status: str) -> None:
    with serving(saying(answer(b"", status))) as server:
        assert local.get(server.url, max_bytes=10).status == int(status[:3])


@pytest.mark.parametrize(
    "status", ["300 Choices", "302 Found", "304 Not Modified", "404 No", "500 Oh", "600 ?"]
)
def test_any_other_status_fails(local: SafeHttp, status: str) -> None:
    with serving(saying(answer(b"", status))) as server:
        assert_fails("status", lambda: local.get(server.url, max_bytes=10))


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        answer(b"x" * 11),
        answer(b"x", length=10**12),
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 11,
        CHUNKED + b"6\r\nxxxxxx\r\n" * 2 + b"0\r\n\r\n",
        answer(gzip.compress(b"\0" * 50_000_000), "200 OK", "Content-Encoding: gzip"),
        answer(gzip.compress(gzip.compress(b"\0" * 50_000_000)), "200 OK", "Content-Encoding: gzip, gzip"),
    ],
    ids=["declared", "declared-huge", "until-close", "chunked", "bomb", "nested-bomb"],
)
def test_a_body_over_the_cap_is_dropped(local: SafeHttp, sent: bytes) -> None:
    with serving(saying(sent)) as server:
        assert_fails("too_large", lambda: local.get(server.url, max_bytes=10))


def test_a_gzip_bomb_that_fits_the_cap_as_sent_is_still_dropped(local: SafeHttp) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    with serving(saying(answer(bomb, "200 OK", "Content-Encoding: gzip"))) as server:
        tracemalloc.start()
        assert_fails("too_large", lambda: local.get(server.url, max_bytes=len(bomb)))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 5_000_000


def test_a_nested_gzip_bomb_is_never_unpacked(local: SafeHttp) -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * 50_000_000))
    with serving(saying(answer(bomb, "200 OK", "Content-Encoding: gzip, gzip"))) as server:
        assert_fails("connection", lambda: local.get(server.url, max_bytes=len(bomb)))


@pytest.mark.parametrize("name", ["gzip", "x-gzip", "GZIP"])
def test_plain_gzip_is_tolerated(local: SafeHttp, name: str) -> None:
    packed = gzip.compress(b"a page" * 100)
    with serving(saying(answer(packed, "200 OK", f"Content-Encoding: {name}"))) as server:
        assert local.get(server.url, max_bytes=600).data == b"a page" * 100


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        *(("br", b"\x0b\x02\x80page\x03"), ("zstd", b"x"), ("deflate", b"x"), ("gzip", b"not gzip")),
        ("gzip", gzip.compress(b"page" * 100)[:-4]),
        ("gzip", gzip.compress(b"page") + b"tail"),
    ],
    ids=["brotli", "zstd", "deflate", "not-gzip", "cut-short", "with-a-tail"],
)
def test_other_compressions_and_damage_fail(local: SafeHttp, encoding: str, body: bytes) -> None:
    with serving(saying(answer(body, "200 OK", f"Content-Encoding: {encoding}"))) as server:
        assert_fails("connection", lambda: local.get(server.url, max_bytes=1000))


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\0" * 100,
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/1.1 99999 Huge\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nbroken header\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"1" * 5000 + b"\r\n\r\nxx",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 40_000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nA: " + b"b" * 200_000 + b"\r\n\r\n",
        answer(b"half", length=8),
        CHUNKED + b"6\r\nxxx",
        CHUNKED + b"zz\r\nxxx",
    ],
    ids=[
        *("nothing", "zeros", "ssh", "status", "header", "length", "two-lengths"),
        *("huge-length", "many-headers", "long-header", "half", "half-chunk", "bad-chunk"),
    ],
)
def test_a_server_that_speaks_nonsense_is_a_failed_connection(local: SafeHttp, sent: bytes) -> None:
    with serving(saying(sent)) as server:
        assert_fails("connection", lambda: local.get(server.url, max_bytes=1000))
        assert_fails("connection", lambda: local.post(server.url, body=b"{}", headers={}))


def test_a_closed_port_is_a_failed_connection(local: SafeHttp) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody else can take it meanwhile
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        assert_fails("connection", lambda: local.get(url, max_bytes=10))


@pytest.mark.parametrize(
    "script",
    [
        dripping(b"", b"H"),
        dripping(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"),
        dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        dripping(answer(length=1000), b"x"),
        dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        dripping(CHUNKED, b"1\r\nx\r\n"),
        silence,
    ],
    ids=["status-line", "headers", "informational", "body", "until-close", "chunks", "silence"],
)
def test_a_dripping_server_meets_the_total_deadline(local: SafeHttp, script: Script) -> None:
    with serving(script) as server:
        assert_fails("timeout", lambda: local.get(server.url, max_bytes=5000, timeout_seconds=0.3))
        assert_fails("timeout", lambda: local.post(server.url, body=b"", headers={}, timeout_seconds=0.3))


def test_a_silent_tls_handshake_meets_the_total_deadline(local: SafeHttp) -> None:
    with serving(silence) as server:
        url = f"https://127.0.0.1:{server.port}/"
        assert_fails("timeout", lambda: local.get(url, max_bytes=10, timeout_seconds=0.3))


def test_the_deadline_covers_all_redirects_together(local: SafeHttp) -> None:
    def slow(connection: socket.socket, request: bytes) -> None:
        threading.Event().wait(0.2)
        connection.sendall(redirect("/again"))

    with serving(slow) as server:
        assert_fails("timeout", lambda: local.get(server.url, max_bytes=10, timeout_seconds=0.5))


def test_the_deadline_follows_the_injected_clock() -> None:
    ticks = iter([0.0, *[100.0] * 20])
    client = SafeHttp(allow_loopback=True, clock=lambda: next(ticks))
    with serving(saying(answer(b"late"))) as server:
        assert_fails("timeout", lambda: client.get(server.url, max_bytes=10))
    assert server.requests == []


# --- post --------------------------------------------------------------------------------------------------


def test_post_sends_the_body_and_reports_the_answer(local: SafeHttp) -> None:
    headers = ("Content-Type: text/plain", "Retry-After: 120", "Set-Cookie: a=b", "Server: x")
    with serving(saying(answer(b"thanks", "202 Accepted", *headers))) as server:
        posted = local.post(f"{server.url}/hook", body=b'{"a":1}', headers={"webhook-id": "msg_1"})

    assert (posted.status, posted.body_excerpt) == (202, "thanks")
    assert posted.headers == {"retry-after": "120", "content-type": "text/plain"}
    assert posted.duration_ms >= 0
    assert server.requests[0].startswith(b"POST /hook HTTP/1.1\r\n")
    assert b"\r\nwebhook-id: msg_1\r\n" in server.requests[0].lower()
    assert server.requests[0].endswith(b'\r\n\r\n{"a":1}')


@pytest.mark.parametrize("status", ["301 Moved", "307 Temporary", "308 Permanent"])
def test_post_returns_a_redirect_as_the_status(local: SafeHttp, status: str) -> None:
    with serving(saying(redirect("/elsewhere", status))) as server:
        assert local.post(server.url, body=b"{}", headers={}).status == int(status[:3])
        assert len(server.requests) == 1


@pytest.mark.parametrize("status", ["400 Bad", "410 Gone", "429 Slow down", "500 Oh", "503 Not now"])
def test_post_returns_failures_as_statuses(local: SafeHttp, status: str) -> None:
    with serving(saying(answer(b"why", status))) as server:
        posted = local.post(server.url, body=b"{}", headers={})
    assert (posted.status, posted.body_excerpt) == (int(status[:3]), "why")


def test_the_excerpt_is_short_decoded_and_free_of_control_characters(local: SafeHttp) -> None:
    body = b"ok\r\n\x1b[31mred\x00\x9f \xff " + "\x85\u202eé".encode() + b"x" * 5000
    with serving(saying(answer(body))) as server:
        excerpt = local.post(server.url, body=b"{}", headers={}).body_excerpt

    cut = 1024 - (len(body) - 5000)
    assert excerpt == "ok[31mred\ufffd \ufffd é" + "x" * cut


def test_post_leaves_an_endless_answer_after_the_excerpt(local: SafeHttp) -> None:
    def endless(connection: socket.socket, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with serving(endless) as server:
        assert local.post(server.url, body=b"{}", headers={}).body_excerpt == "x" * 1024


def test_a_compressed_answer_is_not_unpacked(local: SafeHttp) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    with serving(saying(answer(bomb, "200 OK", "Content-Encoding: gzip"))) as server:
        assert local.post(server.url, body=b"{}", headers={}).body_excerpt == ""


def test_headers_that_route_or_frame_are_not_the_callers_to_set(local: SafeHttp) -> None:
    mine = {"Host": "10.0.0.1", "Content-Length": "0", "Transfer-Encoding": "chunked", "User-Agent": "Hooks"}
    with serving(saying(answer())) as server:
        local.post(server.url, body=b"{}", headers=mine)

    sent = server.requests[0].lower()
    assert f"\r\nhost: 127.0.0.1:{server.port}\r\n".encode() in sent
    assert b"\r\ncontent-length: 2\r\n" in sent
    assert b"\r\nuser-agent: hooks\r\n" in sent
    assert b"transfer-encoding" not in sent


def test_a_header_that_would_split_the_request_is_never_sent(local: SafeHttp) -> None:
    with serving(saying(answer())) as server:
        assert_fails("connection", lambda: local.post(server.url, body=b"", headers={"x-a": "1\r\nx-b: 2"}))
        assert all(b"x-b" not in request for request in server.requests)


# --- pinning, names and certificates -----------------------------------------------------------------------


@dataclass(frozen=True)
class Tls:
    server: ssl.SSLContext
    client: ssl.SSLContext


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    """A self-signed certificate for ``NAME``, and a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(secret + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return Tls(server, ssl.create_default_context(cadata=pem.decode()))


def test_the_name_is_asked_once_and_the_first_answer_is_used(tls: Tls) -> None:
    dns = Dns(["127.0.0.1"], ["10.0.0.1"])
    client = SafeHttp(allow_loopback=True, resolver=dns, tls_context=tls.client)
    with serving(saying(answer(b"pinned")), tls.server) as server:
        fetched = client.get(f"https://{NAME}:{server.port}/a", max_bytes=10)

    assert (fetched.url, fetched.data) == (f"https://{NAME}:{server.port}/a", b"pinned")
    assert dns.questions == [(NAME, server.port)]
    assert server.server_names == [NAME]
    assert f"\r\nhost: {NAME}:{server.port}\r\n".encode() in server.requests[0].lower()


def test_each_hop_and_each_request_is_resolved_and_checked_anew(tls: Tls) -> None:
    dns = Dns(["127.0.0.1"], ["10.0.0.1"])
    client = SafeHttp(allow_loopback=True, resolver=dns, tls_context=tls.client)
    with serving(saying(redirect("/next")), tls.server) as server:
        assert_refused(lambda: client.get(f"https://{NAME}:{server.port}/", max_bytes=10))
        assert_refused(lambda: client.get(f"https://{NAME}:{server.port}/", max_bytes=10))
        assert len(server.requests) == 1
    assert len(dns.questions) == 3


def test_a_public_name_is_reached_at_its_checked_address_on_port_443(
    tls: Tls, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, reached = socket.create_connection, []
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    client = SafeHttp(resolver=Dns([PUBLIC], ["127.0.0.1"]), tls_context=tls.client)
    with serving(saying(answer(b"ok")), tls.server) as server:

        def divert(address: tuple[str, int], *args: object, **kwargs: object) -> socket.socket:
            reached.append(address)
            return connect(("127.0.0.1", server.port), timeout=5)

        monkeypatch.setattr(socket, "create_connection", divert)
        posted = client.post(f"https://{NAME}/hook", body=b"{}", headers={})

    assert posted.body_excerpt == "ok"
    assert reached == [(PUBLIC, 443)]
    assert server.server_names == [NAME]
    assert f"\r\nhost: {NAME}\r\n".encode() in server.requests[0].lower()


def test_a_certificate_for_another_name_is_a_failed_connection(tls: Tls) -> None:
    client = SafeHttp(allow_loopback=True, resolver=Dns(["127.0.0.1"]), tls_context=tls.client)
    with serving(saying(answer()), tls.server) as server:
        for host in ("other.example.com", "127.0.0.1"):
            assert_fails("connection", partial(client.get, f"https://{host}:{server.port}/", max_bytes=1))
    assert server.requests == []


def test_an_unknown_issuer_is_a_failed_connection_by_default(
    tls: Tls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
    client = SafeHttp(allow_loopback=True, resolver=Dns(["127.0.0.1"]))
    with serving(saying(answer()), tls.server) as server:
        assert_fails("connection", lambda: client.get(f"https://{NAME}:{server.port}/", max_bytes=1))


def test_a_dripping_server_behind_tls_meets_the_total_deadline(tls: Tls) -> None:
    client = SafeHttp(allow_loopback=True, resolver=Dns(["127.0.0.1"]), tls_context=tls.client)
    with serving(dripping(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"), tls.server) as server:
        url = f"https://{NAME}:{server.port}/"
        assert_fails("timeout", lambda: client.get(url, max_bytes=5000, timeout_seconds=0.4))


def test_the_next_checked_address_is_tried_when_one_does_not_connect() -> None:
    client = SafeHttp(allow_loopback=True, resolver=Dns(["127.0.0.2", "127.0.0.1"]))
    with serving(saying(answer(b"second"))) as server:
        assert client.get(f"http://{NAME}:{server.port}/", max_bytes=10).data == b"second"
    assert len(server.requests) == 1


def test_the_default_resolver_finds_localhost_and_ipv6_works(local: SafeHttp) -> None:
    with serving(saying(answer(b"v4"))) as server:
        assert local.get(f"http://localhost:{server.port}/", max_bytes=10).data == b"v4"
    if not socket.has_ipv6:
        return
    try:
        with serving(saying(answer(b"v6")), address="::1") as server:
            assert local.get(f"http://[::1]:{server.port}/", max_bytes=10).data == b"v6"
    except OSError:
        pytest.skip("no IPv6 loopback here")


def test_no_watchdog_outlives_its_call(local: SafeHttp) -> None:
    with serving(saying(answer(b"x" * 5000))) as server:
        local.get(server.url, max_bytes=5000)
        local.post(server.url, body=b"", headers={})
        assert_fails("too_large", lambda: local.get(server.url, max_bytes=10))
    for watchdog in [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]:
        watchdog.join(10)
        assert not watchdog.is_alive()


def test_a_closed_client_may_be_used_again(local: SafeHttp) -> None:
    with serving(saying(answer(b"again"))) as server:
        for _ in range(2):
            assert local.get(server.url, max_bytes=5).data == b"again"
            local.close()


def test_threads_share_a_client_without_sharing_answers(local: SafeHttp) -> None:
    def echo(connection: socket.socket, request: bytes) -> None:
        connection.sendall(answer(request.split(b" ")[1]))

    def fetch(number: int) -> bytes:
        return local.get(f"{server.url}/{number}", max_bytes=10).data

    with serving(echo) as server, ThreadPoolExecutor(8) as pool:
        assert list(pool.map(fetch, range(40))) == [f"/{number}".encode() for number in range(40)]
