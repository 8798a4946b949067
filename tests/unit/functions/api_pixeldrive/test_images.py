"""Images: public for good, signed for a while, and signed only for whose they are."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.domain.errors import Unavailable
from darkroom.http.serving import MAX_INLINE_BYTES
from tests.unit.functions.api_pixeldrive.client import IMAGES, Client, unknown_id


@pytest.fixture
def url(api: Client) -> str:
    address: str = api.render(api.template()).json["url"]
    return address


def test_an_image_is_public_and_immutable(api: Client, url: str) -> None:
    answer = api.open(url)
    assert answer["status"] == 200
    assert answer["data"].startswith(b"\x89PNG")
    assert answer["headers"]["Content-Type"] == "image/png"
    assert answer["headers"]["Cache-Control"] == "public, max-age=31536000, immutable"
    etag = answer["headers"]["ETag"]
    assert api.open(url, if_none_match=etag)["status"] == 304
    part = api.open(url, range="bytes=1-3")
    assert (part["status"], part["data"]) == (206, b"PNG")
    assert api.open(url, "HEAD")["headers"]["Content-Length"] == str(len(answer["data"]))


def test_what_is_not_there_is_a_404_nobody_keeps(api: Client, url: str) -> None:
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
        answer = api.open(other)
        assert (answer["status"], answer["headers"]["Cache-Control"]) == (404, "no-store"), other
    assert api.open(others[0], if_none_match="*")["status"] == 404
    assert api.open(url, "POST")["status"] == 405
    assert api.open(url, "DELETE")["headers"]["Allow"] == "GET, HEAD"


def test_an_image_no_answer_can_hold_is_elsewhere_for_a_while(api: Client, url: str) -> None:
    (key,) = api.blobs.objects.keys() - {key for key in api.blobs.objects if not key.startswith("img/")}
    api.blobs.objects[key] = (b"x" * (MAX_INLINE_BYTES + 1), "image/png")
    answer = api.open(url)
    assert (answer["status"], answer["headers"]["Cache-Control"]) == (302, "no-store")
    assert answer["headers"]["Location"].startswith("https://blobs.test/img/t/")


def test_trouble_with_the_bucket_is_ours_and_told_briefly(
    api: Client, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: Any) -> None:
        raise Unavailable("busy", retry_after=7)

    def broken(*_: Any) -> None:
        raise RuntimeError("secret detail of our insides")

    monkeypatch.setattr(api.blobs, "get_within", busy)
    assert (api.open(url)["status"], api.open(url)["headers"]["Retry-After"]) == (503, "7")
    monkeypatch.setattr(api.blobs, "get_within", broken)
    answer = api.open(url)
    assert (answer["status"], answer["data"]) == (500, b"")


# ------------------------------------------------------------------- signing


@pytest.mark.parametrize(
    ("seconds", "expected"), [(None, 3600), (60, 60), (604_800, 604_800), (7200.0, 7200)]
)
def test_a_signed_address_lasts_as_long_as_it_says(
    api: Client, url: str, seconds: Any, expected: int
) -> None:
    body = {"url": url} if seconds is None else {"url": url, "expiresIn": seconds}
    signature = api.post("/sign", body).json
    assert signature["expiresIn"] == expected
    assert signature["key"] == url.removeprefix(f"{IMAGES}/")
    answer = api.open(signature["url"])
    assert answer["data"] == api.open(url)["data"]
    assert answer["headers"]["Cache-Control"].startswith("private, max-age=")
    api.clock.advance(expected - 1)
    assert api.open(signature["url"])["status"] == 200
    assert api.open(signature["url"], range="bytes=0-0")["status"] == 206
    api.clock.advance(2)
    expired = api.open(signature["url"])
    assert (expired["status"], expired["headers"]["Cache-Control"]) == (403, "no-store")


def test_a_key_and_an_address_are_the_same_image(api: Client, url: str) -> None:
    name = url.removeprefix(f"{IMAGES}/")
    assert api.post("/sign", {"key": name}).json == api.post("/sign", {"url": url}).json


def test_a_signed_address_cannot_be_altered(api: Client, url: str) -> None:
    signed = api.post("/sign", {"url": url, "expiresIn": 60}).json["url"]
    _, _, rest = signed.partition("/s/")
    expiry, signature, name = rest.split("/", 2)
    for other in (
        f"{IMAGES}/s/{int(expiry) + 1}/{signature}/{name}",
        f"{IMAGES}/s/{expiry}/{'0' * len(signature)}/{name}",
        f"{IMAGES}/s/{expiry}/{signature}/previews/x.png",
        f"{IMAGES}/s/{expiry}/{signature}",
        f"{IMAGES}/s/",
    ):
        assert api.open(other)["status"] == 403, other


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
def test_what_cannot_be_signed_is_a_400(api: Client, body: dict[str, Any]) -> None:
    assert api.post("/sign", body).status == 400


@pytest.mark.parametrize("seconds", [59, 604_801, 60.5, "3600", True, -1])
def test_how_long_is_bounded(api: Client, url: str, seconds: Any) -> None:
    reply = api.post("/sign", {"url": url, "expiresIn": seconds})
    assert reply.status == 400
    assert reply.details[0][0] == "expiresIn"


def test_only_ones_own_existing_images_are_signed(api: Client, url: str) -> None:
    name = url.removeprefix(f"{IMAGES}/")
    template = name.split("/")[1]
    for key in (api.another_workspace(), "test"):
        refused = api.post("/sign", {"url": url}, key=key)
        assert refused.refusal == (404, "not_found")
        assert refused.json["error"] == "No such image."  # the words for one that is not there
    for other in (
        f"t/{template}/aaaaaaaaaaaaaaaa.png",
        f"t/{unknown_id()}/aaaaaaaaaaaaaaaa.png",
        "x",
        "../x",
        "\u00e9",
    ):
        assert api.post("/sign", {"key": other}).refusal == (404, "not_found")


def test_a_preview_cannot_be_signed_again(api: Client) -> None:
    preview = api.render(api.template(), preview=True).json["url"]
    assert api.post("/sign", {"url": preview}).status == 400
    assert api.post("/sign", {"key": preview.partition("/img/")[2]}).status == 404
