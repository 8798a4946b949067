"""Taking pictures over: what is accepted, what it is called, and that no URL reaches inside."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from api_gencraft.presenters import filename
from api_platform.app import handler as platform
from darkroom.adapters.fetch import SafeHttp
from darkroom.adapters.input_fetcher import InputFetcher
from darkroom.domain.accounts.budgets import Budget
from darkroom.domain.jobs.assets import COPIES_KEPT
from darkroom.domain.media.sniffing import Media, intact
from darkroom.domain.writes import SaveAsset
from darkroom.services.jobs import rehost_image
from darkroom.services.jobs.rehost_image import MAX_BYTES
from darkroom.settings import Settings
from darkroom.wiring import Container, override
from tests.harness import pictures
from tests.harness.api_client import gateway_event
from tests.harness.hostile_urls import MALFORMED, NAMES_ELSEWHERE, NOT_EVEN_LOCAL, ONLY_LOCAL
from tests.unit.core.adapters.test_fetch import answer, saying, serving, trusting_nobody
from tests.unit.core.domain.media.test_sniffing import NOT_PICTURES, POLYGLOTS
from tests.unit.functions.api_gencraft.client import Client, ClientResponse, refusal

CAT = "https://example.com/cat.png"
MESSAGE = "source_url could not be fetched: it must be a public https URL of an image of at most 25 MB"


def upload(api: Client, data: bytes, url: str = CAT, **options: Any) -> ClientResponse:
    api.fetcher.pages[url] = data
    return api.post("/upload", {"source_url": url}, **options)


@pytest.mark.parametrize(
    ("data", "mime", "extension"),
    [
        (pictures.png(), "image/png", "png"),
        (pictures.jpeg() + b"\xff\xda\0\xff\xd9", "image/jpeg", "jpg"),
        (pictures.webp_lossy(), "image/webp", "webp"),
        (pictures.webp_lossless(), "image/webp", "webp"),
        (pictures.webp_extended(), "image/webp", "webp"),
        (pictures.gif(), "image/gif", "gif"),
        (pictures.bmp(), "image/bmp", "bmp"),
    ],
)
def test_the_content_decides_what_it_is_not_its_name(
    api: Client, data: bytes, mime: str, extension: str
) -> None:
    shown = upload(api, data, "https://example.com/a%20cat.txt").json
    assert (shown["content_type"], shown["bytes"]) == (mime, len(data))
    assert shown["filename"] == f"a_cat.{extension}"
    assert shown["url"].endswith(f".{extension}")


def test_an_upload_is_kept_at_one_address(api: Client) -> None:
    first = upload(api, pictures.png()).json
    api.clock.advance(100)
    again = upload(api, pictures.png(), "https://elsewhere.example.com/x").json
    assert again["url"] == first["url"]
    ((key, (data, mime)),) = api.blobs.objects.items()
    assert (data, mime) == (pictures.png(), "image/png")
    last_day = (api.clock.now() + COPIES_KEPT).date()
    assert key.startswith(f"media/copies/{last_day}/{api.workspace.id}/live/uploads/")
    assert first["url"] == api.core.links.file(key)
    ((owner, asset_id),) = api.memory.assets
    asset = api.memory.assets[owner, asset_id]
    assert (owner, asset.collection, asset.storage_key, asset.aspect_ratio) == (
        api.owner,
        "upload",
        key,
        "3:2",
    )
    assert upload(api, pictures.png(5, 5)).json["url"] != first["url"]


def test_an_upload_is_kept_for_thirty_days_and_then_gone(api: Client) -> None:
    api.clock.set(api.clock.now().replace(hour=12, minute=0, second=0, microsecond=0))
    url = upload(api, pictures.png()).json["url"]
    path = url.removeprefix("https://api.test")

    def opened() -> dict[str, Any]:
        with override(api.core):
            return platform(gateway_event("GET", path, {}), None)

    api.clock.advance(timedelta(days=30, hours=11, minutes=59))
    answer = opened()
    assert (answer["statusCode"], answer["headers"]["Cache-Control"]) == (200, "public, max-age=60")
    api.generate(mode="edit", imageUrls=[url])
    api.clock.advance(timedelta(minutes=1))
    answer = opened()  # whether or not the bucket has dropped it by now
    assert (answer["statusCode"], answer["headers"]["Cache-Control"]) == (404, "no-store")
    reply = api.post("/generate", {"prompt": "x", "mode": "edit", "imageUrls": [url]})
    assert (reply.status, reply.json["error"]["message"]) == (400, "imageUrls.0: no such file")


def test_an_upload_of_another_day_is_kept_longer(api: Client) -> None:
    first = upload(api, pictures.png()).json["url"]
    api.clock.advance(timedelta(days=1))
    again = upload(api, pictures.png()).json["url"]
    assert again != first
    assert len(api.memory.assets) == len(api.blobs.objects) == 2


def test_workspaces_and_modes_keep_their_own(api: Client) -> None:
    urls = {upload(api, pictures.png(), key=key).json["url"] for key in ("live", "test")}
    assert len(urls) == 2
    assert upload(Client(), pictures.png()).json["url"] in urls  # the same ids: the same workspace


def test_uploads_cost_nothing_and_are_in_no_other_list(api: Client) -> None:
    before = api.wallet
    upload(api, pictures.png())
    assert api.wallet == before
    assert api.history()["total"] == 0


# ------------------------------------------------------------------------------ refusals


def assert_refused(api: Client, reply: ClientResponse, before: tuple[int, ...]) -> None:
    assert refusal(reply) == (400, "invalid_request")
    assert "source_url" in reply.error["message"]
    assert api.untouched() == before


@pytest.mark.parametrize("data", NOT_PICTURES.values(), ids=list(NOT_PICTURES))
def test_what_is_no_picture_is_not_kept(api: Client, data: bytes) -> None:
    before = api.untouched()
    reply = upload(api, data)
    assert_refused(api, reply, before)
    assert reply.error["message"] == "source_url must be an image: bmp, gif, jpeg, png, webp"


@pytest.mark.parametrize("make", [pictures.png, pictures.jpeg, pictures.gif, pictures.bmp])
def test_a_bomb_is_not_kept(api: Client, make: Callable[[int, int], bytes]) -> None:
    before = api.untouched()
    assert_refused(api, upload(api, make(60_000, 60_000)), before)


def test_a_polyglot_is_served_as_what_its_first_bytes_say(api: Client) -> None:
    for data, mime in POLYGLOTS.values():
        reply = upload(api, data, "https://example.com/evil.html")
        assert (reply.status == 200) == intact(data, Media(mime, 1, 1))
        if reply.status == 200:
            assert reply.json["content_type"] == mime
            assert reply.json["url"].rpartition(".")[2] in ("png", "gif", "jpg")


@pytest.mark.parametrize("data", [pictures.png() + b"any payload", pictures.png()[:-4], pictures.jpeg()])
def test_a_header_with_any_payload_is_no_picture(api: Client, data: bytes) -> None:
    reply = upload(api, data)
    assert reply.status == 400
    assert reply.error["message"] == "source_url is a damaged image, or more than an image"
    assert not api.blobs.objects


def test_a_workspace_copies_so_many_a_day(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehost_image, "COPIES", Budget("copies", 2))
    replies = [upload(api, pictures.png()) for _ in range(3)]
    assert [reply.status for reply in replies[:2]] == [200, 200]
    assert refusal(replies[2])[1] != "rate_limited"
    assert replies[2].status in (402, 403, 429)
    api.clock.advance(86_400)
    assert upload(api, pictures.png()).status == 200


def png_of(size: int) -> bytes:
    """A whole PNG of so many bytes, most of them in a chunk that decoders skip."""
    whole = pictures.png()
    filling = bytes(size - len(whole) - 12)
    chunk = len(filling).to_bytes(4) + b"teSt" + filling + bytes(4)
    return whole[:-12] + chunk + whole[-12:]


def test_twenty_five_megabytes_are_enough(api: Client) -> None:
    assert upload(api, png_of(MAX_BYTES)).json["bytes"] == 25 * 1024 * 1024
    before = api.untouched()
    reply = upload(api, png_of(MAX_BYTES + 1), "https://example.com/larger.png")
    assert_refused(api, reply, before)
    assert reply.error["message"] == MESSAGE


@pytest.mark.parametrize(
    "body", [{}, {"source_url": None}, {"source_url": 1}, {"source_url": [CAT]}, {"url": CAT}]
)
def test_a_url_is_needed(api: Client, body: dict[str, Any]) -> None:
    assert_refused(api, api.post("/upload", body), api.untouched())


HOSTILE = [
    url
    for url in (*MALFORMED, *ONLY_LOCAL, *NAMES_ELSEWHERE, *NOT_EVEN_LOCAL)
    if "\0" not in url and "\ud800" not in url
]


def on_the_web(api: Client, **options: Any) -> None:
    """Let the API fetch through the guarded client itself."""
    api.core.prompt_fetcher = InputFetcher(SafeHttp(resolver=api._resolve, **options), 0.2)


@pytest.fixture
def no_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        pytest.fail("a connection was attempted")

    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.mark.usefixtures("no_connections")
def test_every_hostile_url_is_refused_in_the_same_words(api: Client) -> None:
    on_the_web(api)
    before, replies = api.untouched(), []
    for url in HOSTILE:
        replies.append(api.post("/upload", {"source_url": url}))
        api.clock.advance(7)  # within the rate of uploads
    assert len(replies) > 40
    assert {(reply.status, reply.body) for reply in replies} == {(400, replies[0].body)}
    assert replies[0].error == {"type": "invalid_request", "message": MESSAGE}
    assert api.untouched() == before
    assert api.dns == []


@pytest.mark.usefixtures("no_connections")
def test_a_name_that_leads_inside_is_refused_in_the_same_words(api: Client) -> None:
    bodies = set()
    for addresses in ([], ["10.0.0.1"], ["127.0.0.1"], ["169.254.169.254"], ["93.184.216.34", "::1"]):
        api.core.prompt_fetcher = InputFetcher(SafeHttp(resolver=lambda *_, found=addresses: found), 1)
        bodies.add(api.post("/upload", {"source_url": CAT}).body)
        vars(api.core).pop("rehost_image")
    bodies.add(api.post("/upload", {"source_url": "https://nobody.example.com/"}).body)
    assert len(bodies) == 1
    assert MESSAGE in bodies.pop()


def test_a_picture_comes_through_the_guarded_client(api: Client) -> None:
    http = SafeHttp(allow_loopback=True, tls_context=trusting_nobody())
    api.core.prompt_fetcher = InputFetcher(http, 5)
    with serving(saying(answer(pictures.png(), "200 OK", "Content-Type: text/html"))) as server:
        shown = api.post("/upload", {"source_url": f"{server.url}/cat.png?size=1"}).json
    http.close()
    assert (shown["content_type"], shown["filename"]) == ("image/png", "cat.png")


@pytest.mark.parametrize("status", ["404 Not Found", "500 Oops", "302 Found"])
def test_an_answer_that_is_none_is_refused_in_the_same_words(api: Client, status: str) -> None:
    http = SafeHttp(allow_loopback=True, tls_context=trusting_nobody())
    api.core.prompt_fetcher = InputFetcher(http, 5)
    away = "Location: http://169.254.169.254/latest/meta-data/"
    with serving(saying(answer(pictures.png(), status, away))) as server:
        reply = api.post("/upload", {"source_url": f"{server.url}/cat.png"})
    http.close()
    assert reply.status == 400
    assert reply.error == {"type": "invalid_request", "message": MESSAGE}


@pytest.mark.parametrize("url", ["https://\ud800.example.com/", "https://images.example.com/\x00"])
def test_half_characters_and_nul_do_not_even_get_that_far(api: Client, url: str) -> None:
    on_the_web(api)
    assert refusal(api.post("/upload", {"source_url": url})) == (400, "invalid_request")


def test_a_fetch_gives_up_before_the_gateway_does() -> None:
    fetcher = Container(Settings.from_environment()).prompt_fetcher
    assert isinstance(fetcher, InputFetcher)
    assert fetcher._timeout_seconds <= 20


# ----------------------------------------------------------------------------- once only


def test_a_repeated_upload_gets_its_first_answer(api: Client) -> None:
    headers = {"idempotency-key": "cat"}
    first = upload(api, pictures.png(), headers=headers)
    again = upload(api, pictures.gif(), headers=headers)
    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert api.fetcher.fetched == [CAT]
    assert len(api.memory.assets) == 1


def test_of_two_at_once_the_second_gets_the_firsts_answer(api: Client) -> None:
    headers = {"idempotency-key": "cat"}
    first = upload(api, pictures.png(), headers=headers)
    api.admit_as_of(idempotency_record=None)
    again = upload(api, pictures.gif(), headers=headers)
    assert again.json == first.json
    assert len(api.memory.assets) == 1


def test_bytes_are_kept_before_the_record(api: Client) -> None:
    api.calls.made.clear()
    upload(api, pictures.png())
    assert api.calls.made == ["accounts.admit", "store.commit", "store.commit", "blobs.put", "store.commit"]
    assert [type(write) for write in api.store.commits[-1]] == [SaveAsset]


def test_uploads_have_a_rate_of_their_own(api: Client) -> None:
    replies = [upload(api, pictures.png()) for _ in range(21)]
    assert [reply.status for reply in replies] == [200] * 20 + [429]
    assert refusal(replies[-1]) == (429, "rate_limited")
    assert api.get("/history").status == 200
    assert api.generate()


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
