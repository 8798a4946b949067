"""Pictures and sounds as they come in: every spelling that means one, and everything that only looks like one."""

from __future__ import annotations

import base64
import struct
import textwrap
from collections.abc import Callable

import pytest

from darkroom.domain.media.data_urls import data_url_length, decoded
from tests.unit.functions.api_moondraft.client import SOUND, Client, data_url, png

PICTURE = png()
PLAIN = base64.b64encode(PICTURE).decode()
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x04JF\xff\xc0\x00\x11\x08\x00\x02\x00\x02\x03" + bytes(9)
    + b"\xff\xda\x00\x02 scan \xff\xd9"
)  # fmt: skip
WEBP_BODY = b"WEBPVP8L" + struct.pack("<I", 5) + b"\x2f\x01\x40\x00\x00\x00"
WEBP = b"RIFF" + struct.pack("<I", len(WEBP_BODY)) + WEBP_BODY

SPELLINGS: dict[str, str] = {
    "data URL": data_url(PICTURE),
    "bare base64": PLAIN,
    "no padding": PLAIN.rstrip("="),
    "URL-safe": base64.urlsafe_b64encode(PICTURE).decode(),
    "wrapped lines": "\r\n".join(textwrap.wrap(PLAIN, 76)),
    "around it blanks": f"  {data_url(PICTURE)}\n",
    "capitals": "DATA:image/PNG;BASE64," + PLAIN,
    "a parameter": f"data:image/png;name=a.png;base64,{PLAIN}",
    "no type": f"data:;base64,{PLAIN}",
    "another type": data_url(PICTURE, "image/jpeg"),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_a_picture_is_taken(api: Client, spelling: str) -> None:
    assert api.post("/enhance", {"image": SPELLINGS[spelling]}).status == 200
    assert api.input_file("source") == PICTURE


@pytest.mark.parametrize(
    ("data", "mime"), [(PICTURE, "image/png"), (JPEG, "image/jpeg"), (WEBP, "image/webp")]
)
def test_png_jpeg_and_webp_are_taken_and_kept_as_what_they_are(api: Client, data: bytes, mime: str) -> None:
    assert api.post("/enhance", {"image": data_url(data, "image/png")}).status == 200
    (source,) = api.last_job.spec.inputs
    assert source.location.startswith(f"tmp/{api.workspace.id}/")
    assert api.blobs.objects[source.location] == (data, mime)


BROKEN: dict[str, str] = {
    "garbage": "not base64 at all!",
    "one letter": "A",
    "letters of other scripts": "картинка",
    "padding inside": PLAIN[:8] + "=" + PLAIN[8:],
    "empty data URL": "data:image/png;base64,",
    "not base64 by its own word": "data:image/png," + PLAIN,
    "a data URL without data": "data:image/png;base64",
    "text": base64.b64encode(b"hello there, this is no picture").decode(),
    "SVG": data_url(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
    "GIF": data_url(b"GIF89a" + struct.pack("<HH", 2, 2) + b"\0\0\0;", "image/gif"),
    "sound": data_url(SOUND, "audio/mpeg"),
    "cut short in its header": data_url(PICTURE[:20]),
    "cut short in its pixels": data_url(PICTURE[:-16]),
    "cut short by a byte": data_url(PICTURE[:-1]),
    "without pixels": data_url(PICTURE[:33] + PICTURE[-12:]),
    "JPEG cut short": data_url(JPEG[:-2]),
    "JPEG without a scan": data_url(JPEG[:22] + b"\xff\xd9"),
    "WebP cut short": data_url(WEBP[:-1]),
    "a bomb": data_url(png(30_000, 30_000)),
    "no width": data_url(png(0, 5)),
    "PNG and ZIP": data_url(PICTURE + b"PK\x03\x04 archive"),
    "PNG and HTML": data_url(PICTURE + b"<script>alert(1)</script>"),
    "JPEG and ZIP": data_url(JPEG + b"PK\x05\x06" + bytes(18) + b"comment"),
    "WebP and more": data_url(WEBP + b"%PDF-1.7"),
    "http address": "http://cdn.example/a.png",
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_no_usable_picture_is_refused_before_anything_is_stored(api: Client, case: str) -> None:
    before = api.untouched()
    reply = api.post("/edit", {"prompt": "x", "image": BROKEN[case]})
    assert reply.status == 400
    assert reply.error.startswith("image")
    assert api.untouched() == before


def test_if_one_of_two_files_is_unusable_neither_is_stored(api: Client) -> None:
    before = api.untouched()
    body = {"prompt": "x", "style_ref": data_url(PICTURE), "character_ref": BROKEN["a bomb"]}
    assert api.post("/generate", body).status == 400
    assert api.untouched() == before


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_a_form_s_empty_field_is_no_file(api: Client, blank: str | None) -> None:
    assert api.post("/generate", {"prompt": "x", "style_ref": blank, "character_ref": blank}).status == 200
    assert api.last_job.spec.inputs == ()


def test_ten_megabytes_are_taken_and_no_more(api: Client) -> None:
    overhead = len(png(extra=1)) - 1
    largest = png(extra=10 * 1024 * 1024 - overhead)
    assert len(largest) == 10 * 1024 * 1024
    assert api.post("/enhance", {"image": data_url(largest)}).status == 200
    stored = len(api.blobs.objects)
    refused = api.post("/enhance", {"image": data_url(largest + b"\0")})
    assert (refused.status, len(api.blobs.objects)) == (413, stored)


def test_what_cannot_be_doubled_is_refused(api: Client) -> None:
    edge = data_url(png(5000, 2001))
    assert "10 megapixels" in api.post("/enhance", {"image": edge}).error
    assert api.post("/edit", {"prompt": "x", "image": edge}).status == 200


VOICES: list[bytes] = [
    SOUND,
    b"\xff\xfb\x90\x00 frames",
    b"RIFF\x24\x00\x00\x00WAVEfmt ",
    b"OggS\x00\x02",
    b"\x00\x00\x00\x20ftypM4A ",
]


@pytest.mark.parametrize("voice", VOICES)
def test_voices_are_taken_in_the_usual_formats(api: Client, voice: bytes) -> None:
    body = {"image": data_url(PICTURE), "audio": data_url(voice, "audio/mp3")}
    assert api.post("/video", body).status == 200
    assert api.input_file("audio") == voice


def test_a_large_file_can_be_named_by_its_address(api: Client) -> None:
    api.fetcher.pages["https://cdn.example/a.png"] = PICTURE
    assert api.post("/edit", {"prompt": "x", "image": "https://cdn.example/a.png"}).status == 200
    assert api.input_file("source") == PICTURE


def test_an_address_that_cannot_be_fetched_is_refunded(api: Client) -> None:
    reply = api.post("/edit", {"prompt": "x", "image": "https://cdn.example/gone.png"})
    assert (reply.status, api.wallet.available) == (500, 100)
    assert reply.error == (
        "Generation failed: image could not be fetched: it must be a public https URL of a file of at most 10 MB. "
        "Credits were refunded."
    )


def test_an_earlier_result_can_be_named_by_its_id(api: Client) -> None:
    api.post("/generate", {"prompt": "x"})
    asset = api.last_job.tasks[0].asset
    assert asset is not None
    assert api.post("/edit", {"prompt": "y", "image": asset.id}).status == 200
    assert api.input_file("source") == api.studio.picture
    made = api.last_job.tasks[0].asset
    assert made is not None
    assert made.parent_id == asset.id
    assert api.post("/video", {"image": asset.id, "audio": asset.id}).status == 400


def test_somebody_else_s_asset_is_not_found(api: Client) -> None:
    api.post("/generate", {"prompt": "x"})
    asset = api.last_job.tasks[0].asset
    assert asset is not None
    stranger = api.issue(workspace_id=api.core.open_workspace("Bob", credits=5).id)
    reply = api.post("/edit", {"prompt": "y", "image": asset.id}, key=stranger)
    assert (reply.status, reply.error) == (404, "image: no such asset.")


@pytest.mark.parametrize("size", [1, 2, 3, 4, 1000])
def test_the_length_of_a_data_url_is_known_beforehand(size: int) -> None:
    assert data_url_length(size, "image/png") == len(data_url(bytes(size)))


@pytest.mark.parametrize("decode", [lambda text: decoded(text, param="p", max_bytes=10)])
def test_decoding_counts_bytes_not_letters(decode: Callable[[str], bytes]) -> None:
    assert decode(base64.b64encode(bytes(10)).decode()) == bytes(10)
