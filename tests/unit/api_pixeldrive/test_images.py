"""Images: public for good, signed for a while, and signed only for whose they are."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.domain.errors import Unavailable
from darkroom.http.serving import MAX_INLINE_BYTES
from tests.unit.api_pixeldrive.desk import IMAGES, Desk, unknown_id


@pytest.fixture
def url(desk: Desk) -> str:
    found: str = desk.render(desk.template()).json["url"]
    return found


def test_an_image_is_public_and_immutable(desk: Desk, url: str) -> None:
    answer = desk.open(url)
    assert answer["status"] == 200
    assert answer["data"].startswith(b"\x89PNG")
    assert answer["headers"]["Content-Type"] == "image/png"
    assert answer["headers"]["Cache-Control"] == "public, max-age=31536000, immutable"
    etag = answer["headers"]["ETag"]
    assert desk.open(url, if_none_match=etag)["status"] == 304
    part = desk.open(url, range="bytes=1-3")
    assert (part["status"], part["data"]) == (206, b"PNG")
    assert desk.open(url, "HEAD")["headers"]["Content-Length"] == str(len(answer["data"]))


def test_what_is_not_there_is_a_404_nobody_keeps(desk: Desk, url: str) -> None:
    others = (
        url[:-8] + ("0" if url[-8] != "0" else "1") + url[-7:],
        f"{IMAGES}/",
        f"{IMAGES}/t/{unknown_id()}/aaaaaaaaaaaaaaaa.png",
        f"{IMAGES}/t/../../tmp/previews/x.png",
        f"{IMAGES}/previews/x.png",
        url + "/",
        url.replace(".png", ".jpg"),
    )
    for other in others:
        answer = desk.open(other)
        assert (answer["status"], answer["headers"]["Cache-Control"]) == (404, "no-store"), other
    assert desk.open(others[0], if_none_match="*")["status"] == 404
    assert desk.open(url, "POST")["status"] == 405
    assert desk.open(url, "DELETE")["headers"]["Allow"] == "GET, HEAD"


def test_an_image_no_answer_can_hold_is_elsewhere_for_a_while(desk: Desk, url: str) -> None:
    (key,) = desk.blobs.objects.keys() - {key for key in desk.blobs.objects if not key.startswith("img/")}
    desk.blobs.objects[key] = (b"x" * (MAX_INLINE_BYTES + 1), "image/png")
    answer = desk.open(url)
    assert (answer["status"], answer["headers"]["Cache-Control"]) == (302, "no-store")
    assert answer["headers"]["Location"].startswith("https://blobs.test/img/t/")


def test_trouble_with_the_bucket_is_ours_and_told_briefly(
    desk: Desk, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: Any) -> None:
        raise Unavailable("busy", retry_after=7)

    def broken(*_: Any) -> None:
        raise RuntimeError("secret detail of our insides")

    monkeypatch.setattr(desk.blobs, "get_within", busy)
    assert (desk.open(url)["status"], desk.open(url)["headers"]["Retry-After"]) == (503, "7")
    monkeypatch.setattr(desk.blobs, "get_within", broken)
    answer = desk.open(url)
    assert (answer["status"], answer["data"]) == (500, b"")


# ------------------------------------------------------------------- signing


@pytest.mark.parametrize(
    ("seconds", "expected"), [(None, 3600), (60, 60), (604_800, 604_800), (7200.0, 7200)]
)
def test_a_signed_address_lasts_as_long_as_it_says(desk: Desk, url: str, seconds: Any, expected: int) -> None:
    body = {"url": url} if seconds is None else {"url": url, "expiresIn": seconds}
    told = desk.post("/sign", body).json
    assert told["expiresIn"] == expected
    assert told["key"] == url.removeprefix(f"{IMAGES}/")
    answer = desk.open(told["url"])
    assert answer["data"] == desk.open(url)["data"]
    assert answer["headers"]["Cache-Control"].startswith("private, max-age=")
    desk.clock.advance(expected - 1)
    assert desk.open(told["url"])["status"] == 200
    assert desk.open(told["url"], range="bytes=0-0")["status"] == 206
    desk.clock.advance(2)
    expired = desk.open(told["url"])
    assert (expired["status"], expired["headers"]["Cache-Control"]) == (403, "no-store")


def test_a_key_and_an_address_are_the_same_image(desk: Desk, url: str) -> None:
    name = url.removeprefix(f"{IMAGES}/")
    assert desk.post("/sign", {"key": name}).json == desk.post("/sign", {"url": url}).json


def test_a_signed_address_cannot_be_altered(desk: Desk, url: str) -> None:
    signed = desk.post("/sign", {"url": url, "expiresIn": 60}).json["url"]
    _, _, rest = signed.partition("/s/")
    expiry, signature, name = rest.split("/", 2)
    for other in (
        f"{IMAGES}/s/{int(expiry) + 1}/{signature}/{name}",
        f"{IMAGES}/s/{expiry}/{'0' * len(signature)}/{name}",
        f"{IMAGES}/s/{expiry}/{signature}/previews/x.png",
        f"{IMAGES}/s/{expiry}/{signature}",
        f"{IMAGES}/s/",
    ):
        assert desk.open(other)["status"] == 403, other


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"key": "x", "url": "y"},
        {"key": 7},
        {"url": []},
        {"url": "https://evil.test/x.png"},
        {"url": ""},
    ],
)
def test_what_cannot_be_signed_is_a_400(desk: Desk, body: dict[str, Any]) -> None:
    assert desk.post("/sign", body).status == 400


@pytest.mark.parametrize("seconds", [59, 604_801, 60.5, "3600", True, -1])
def test_how_long_is_bounded(desk: Desk, url: str, seconds: Any) -> None:
    reply = desk.post("/sign", {"url": url, "expiresIn": seconds})
    assert reply.status == 400
    assert reply.details[0][0] == "expiresIn"


def test_only_ones_own_existing_images_are_signed(desk: Desk, url: str) -> None:
    name = url.removeprefix(f"{IMAGES}/")
    template = name.split("/")[1]
    for key in (desk.another_workspace(), "test"):
        refused = desk.post("/sign", {"url": url}, key=key)
        assert refused.refusal == (404, "not_found")
        assert refused.json["error"] == "No such image."  # the words for one that is not there
    for other in (
        f"t/{template}/aaaaaaaaaaaaaaaa.png",
        f"t/{unknown_id()}/aaaaaaaaaaaaaaaa.png",
        "x",
        "../x",
        "\u00e9",
    ):
        assert desk.post("/sign", {"key": other}).refusal == (404, "not_found")


def test_a_preview_cannot_be_signed_again(desk: Desk) -> None:
    preview = desk.render(desk.template(), preview=True).json["url"]
    assert desk.post("/sign", {"url": preview}).status == 400
    assert desk.post("/sign", {"key": preview.partition("/img/")[2]}).status == 404
