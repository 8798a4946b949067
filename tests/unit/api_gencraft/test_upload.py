"""Taking pictures over: what is accepted, what it is called, and that no URL reaches inside."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

from api_gencraft.presenters import filename
from darkroom.adapters.fetch import SafeHttp
from darkroom.adapters.inputs import InputFetcher
from darkroom.domain.writes import SaveAsset
from darkroom.services.rehost_image import MAX_BYTES
from darkroom.settings import Settings
from darkroom.wiring import Container
from tests.hostile_urls import MALFORMED, NOT_EVEN_LOCAL, ONLY_LOCAL
from tests.unit.adapters.test_fetch import answer, saying, serving, trusting_nobody
from tests.unit.api_gencraft.desk import Desk, Reply, refusal
from tests.unit.domain import pictures
from tests.unit.domain.test_media import NOT_PICTURES, POLYGLOTS

CAT = "https://example.com/cat.png"
MESSAGE = "source_url could not be fetched: it must be a public https URL of an image of at most 25 MB"


def upload(desk: Desk, data: bytes, url: str = CAT, **options: Any) -> Reply:
    desk.fetcher.pages[url] = data
    return desk.post("/upload", {"source_url": url}, **options)


@pytest.mark.parametrize(
    ("data", "mime", "extension"),
    [
        (pictures.png(), "image/png", "png"),
        (pictures.jpeg(), "image/jpeg", "jpg"),
        (pictures.webp_lossy(), "image/webp", "webp"),
        (pictures.webp_lossless(), "image/webp", "webp"),
        (pictures.webp_extended(), "image/webp", "webp"),
        (pictures.gif(), "image/gif", "gif"),
        (pictures.bmp(), "image/bmp", "bmp"),
    ],
)
def test_the_content_decides_what_it_is_not_its_name(
    desk: Desk, data: bytes, mime: str, extension: str
) -> None:
    shown = upload(desk, data, "https://example.com/a%20cat.txt").json
    assert (shown["content_type"], shown["bytes"]) == (mime, len(data))
    assert shown["filename"] == f"a_cat.{extension}"
    assert shown["url"].endswith(f".{extension}")


def test_an_upload_is_kept_for_good_at_a_stable_address(desk: Desk) -> None:
    first = upload(desk, pictures.png()).json
    desk.clock.advance(100)
    again = upload(desk, pictures.png(), "https://elsewhere.example.com/x").json
    assert again["url"] == first["url"]
    ((key, (data, mime)),) = desk.blobs.objects.items()
    assert (data, mime) == (pictures.png(), "image/png")
    assert key.startswith(f"media/{desk.workspace.id}/live/uploads/")
    assert first["url"] == desk.core.links.file(key)
    ((owner, asset_id),) = desk.memory.assets
    asset = desk.memory.assets[owner, asset_id]
    assert (owner, asset.collection, asset.storage_key, asset.aspect_ratio) == (
        desk.owner,
        "upload",
        key,
        "3:2",
    )
    assert upload(desk, pictures.png(5, 5)).json["url"] != first["url"]


def test_workspaces_and_modes_keep_their_own(desk: Desk) -> None:
    urls = {upload(desk, pictures.png(), key=key).json["url"] for key in ("live", "test")}
    assert len(urls) == 2
    assert upload(Desk(), pictures.png()).json["url"] in urls  # the same ids: the same workspace


def test_uploads_cost_nothing_and_are_in_no_other_list(desk: Desk) -> None:
    before = desk.wallet
    upload(desk, pictures.png())
    assert desk.wallet == before
    assert desk.history()["total"] == 0


# ------------------------------------------------------------------------------ refusals


def assert_refused(desk: Desk, reply: Reply, before: tuple[int, ...]) -> None:
    assert refusal(reply) == (400, "invalid_request")
    assert "source_url" in reply.error["message"]
    assert desk.untouched() == before


@pytest.mark.parametrize("data", NOT_PICTURES.values(), ids=list(NOT_PICTURES))
def test_what_is_no_picture_is_not_kept(desk: Desk, data: bytes) -> None:
    before = desk.untouched()
    reply = upload(desk, data)
    assert_refused(desk, reply, before)
    assert reply.error["message"] == "source_url must be an image: bmp, gif, jpeg, png, webp"


@pytest.mark.parametrize("make", [pictures.png, pictures.jpeg, pictures.gif, pictures.bmp])
def test_a_bomb_is_not_kept(desk: Desk, make: Callable[[int, int], bytes]) -> None:
    before = desk.untouched()
    assert_refused(desk, upload(desk, make(60_000, 60_000)), before)


def test_a_polyglot_is_served_as_what_its_first_bytes_say(desk: Desk) -> None:
    for data, mime in POLYGLOTS.values():
        shown = upload(desk, data, "https://example.com/evil.html").json
        assert shown["content_type"] == mime
        assert shown["url"].rpartition(".")[2] in ("png", "gif", "jpg")


def test_twenty_five_megabytes_are_enough(desk: Desk) -> None:
    whole = pictures.png()
    assert upload(desk, whole + bytes(MAX_BYTES - len(whole))).json["bytes"] == 25 * 1024 * 1024
    before = desk.untouched()
    reply = upload(desk, whole + bytes(MAX_BYTES - len(whole) + 1), "https://example.com/larger.png")
    assert_refused(desk, reply, before)
    assert reply.error["message"] == MESSAGE


@pytest.mark.parametrize(
    "body", [{}, {"source_url": None}, {"source_url": 1}, {"source_url": [CAT]}, {"url": CAT}]
)
def test_a_url_is_needed(desk: Desk, body: dict[str, Any]) -> None:
    assert_refused(desk, desk.post("/upload", body), desk.untouched())


HOSTILE = [
    url for url in (*MALFORMED, *ONLY_LOCAL, *NOT_EVEN_LOCAL) if "\0" not in url and "\ud800" not in url
]


def on_the_web(desk: Desk, **options: Any) -> None:
    """Let the desk fetch through the guarded client itself."""
    desk.core.prompt_fetcher = InputFetcher(SafeHttp(resolver=desk._resolve, **options), 0.2)


@pytest.fixture
def no_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        pytest.fail("a connection was attempted")

    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.mark.usefixtures("no_connections")
def test_every_hostile_url_is_refused_in_the_same_words(desk: Desk) -> None:
    on_the_web(desk)
    before, replies = desk.untouched(), []
    for url in HOSTILE:
        replies.append(desk.post("/upload", {"source_url": url}))
        desk.clock.advance(7)  # within the rate of uploads
    assert len(replies) > 40
    assert {(reply.status, reply.body) for reply in replies} == {(400, replies[0].body)}
    assert replies[0].error == {"type": "invalid_request", "message": MESSAGE}
    assert desk.untouched() == before
    assert desk.dns == []


@pytest.mark.usefixtures("no_connections")
def test_a_name_that_leads_inside_is_refused_in_the_same_words(desk: Desk) -> None:
    told = set()
    for addresses in ([], ["10.0.0.1"], ["127.0.0.1"], ["169.254.169.254"], ["93.184.216.34", "::1"]):
        desk.core.prompt_fetcher = InputFetcher(SafeHttp(resolver=lambda *_, found=addresses: found), 1)
        told.add(desk.post("/upload", {"source_url": CAT}).body)
        vars(desk.core).pop("rehost_image")
    told.add(desk.post("/upload", {"source_url": "https://nobody.example.com/"}).body)
    assert len(told) == 1
    assert MESSAGE in told.pop()


def test_a_picture_comes_through_the_guarded_client(desk: Desk) -> None:
    http = SafeHttp(allow_loopback=True, tls_context=trusting_nobody())
    desk.core.prompt_fetcher = InputFetcher(http, 5)
    with serving(saying(answer(pictures.png(), "200 OK", "Content-Type: text/html"))) as server:
        shown = desk.post("/upload", {"source_url": f"{server.url}/cat.png?size=1"}).json
    http.close()
    assert (shown["content_type"], shown["filename"]) == ("image/png", "cat.png")


@pytest.mark.parametrize("status", ["404 Not Found", "500 Oops", "302 Found"])
def test_an_answer_that_is_none_is_refused_in_the_same_words(desk: Desk, status: str) -> None:
    http = SafeHttp(allow_loopback=True, tls_context=trusting_nobody())
    desk.core.prompt_fetcher = InputFetcher(http, 5)
    away = "Location: http://169.254.169.254/latest/meta-data/"
    with serving(saying(answer(pictures.png(), status, away))) as server:
        reply = desk.post("/upload", {"source_url": f"{server.url}/cat.png"})
    http.close()
    assert reply.status == 400
    assert reply.error == {"type": "invalid_request", "message": MESSAGE}


@pytest.mark.parametrize("url", ["https://\ud800.example.com/", "https://images.example.com/\x00"])
def test_half_characters_and_nul_do_not_even_get_that_far(desk: Desk, url: str) -> None:
    on_the_web(desk)
    assert refusal(desk.post("/upload", {"source_url": url})) == (400, "invalid_request")


def test_a_fetch_gives_up_before_the_gateway_does() -> None:
    fetcher = Container(Settings.from_environment()).prompt_fetcher
    assert isinstance(fetcher, InputFetcher)
    assert fetcher._timeout_seconds <= 20


# ----------------------------------------------------------------------------- once only


def test_a_repeated_upload_gets_its_first_answer(desk: Desk) -> None:
    headers = {"idempotency-key": "cat"}
    first = upload(desk, pictures.png(), headers=headers)
    again = upload(desk, pictures.gif(), headers=headers)
    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert desk.fetcher.fetched == [CAT]
    assert len(desk.memory.assets) == 1


def test_of_two_at_once_the_second_gets_the_firsts_answer(desk: Desk) -> None:
    headers = {"idempotency-key": "cat"}
    first = upload(desk, pictures.png(), headers=headers)
    desk.admit_as_of(remembered=None)
    again = upload(desk, pictures.gif(), headers=headers)
    assert again.json == first.json
    assert len(desk.memory.assets) == 1


def test_bytes_are_kept_before_the_record(desk: Desk) -> None:
    desk.calls.made.clear()
    upload(desk, pictures.png())
    assert desk.calls.made == ["accounts.admit", "blobs.put", "store.commit", "store.commit"]
    assert [type(write) for commit in desk.store.commits[-2:-1] for write in commit] == [SaveAsset]


def test_uploads_have_a_rate_of_their_own(desk: Desk) -> None:
    replies = [upload(desk, pictures.png()) for _ in range(21)]
    assert [reply.status for reply in replies] == [200] * 20 + [429]
    assert refusal(replies[-1]) == (429, "rate_limited")
    assert desk.get("/history").status == 200
    assert desk.generate()


# ---------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("url", "mime", "name"),
    [
        ("https://example.com/cat.png", "image/png", "cat.png"),
        ("https://example.com/a/b/photo.JPEG?w=1#x.gif", "image/jpeg", "photo.JPEG"),
        ("https://example.com/photo.jpeg", "image/png", "photo.png"),
        ("https://example.com/photo", "image/webp", "photo.webp"),
        ("https://example.com/archive.tar.gz", "image/png", "archive.tar.png"),
        ("https://example.com", "image/png", "image.png"),
        ("https://example.com/", "image/gif", "image.gif"),
        ("https://example.com/.htaccess", "image/bmp", "htaccess.bmp"),
        ("https://example.com/%2e%2e%2fetc%2fpasswd", "image/png", "passwd.png"),
        ("https://example.com/..%5C..%5Cboot.ini", "image/png", "boot.png"),
        ('https://example.com/a";filename="b.exe', "image/png", "b.png"),
        ("https://example.com/%0d%0aSet-Cookie:x.png", "image/png", "Set-Cookie_x.png"),
        ("https://example.com/%F0%9F%90%B1.png", "image/png", "png.png"),
        ("https://example.com/貓.png", "image/png", "png.png"),
        ("https://example.com/%00.png", "image/png", "png.png"),
    ],
)
def test_a_filename_is_harmless_and_tells_the_truth(url: str, mime: str, name: str) -> None:
    found = filename(url, mime)
    assert found.rpartition(".")[2] == name.rpartition(".")[2]
    assert not set(found) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
    if "filename=" not in url and "%5C" not in url:
        assert found == name


def test_a_filename_is_not_endless() -> None:
    assert len(filename(f"https://example.com/{'x' * 1500}.png", "image/png")) <= 104
