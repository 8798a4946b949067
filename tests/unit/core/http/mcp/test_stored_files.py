"""Which files of an answer a model sees, and which it is only told the address of."""

from __future__ import annotations

import base64

from darkroom.domain.master_secret import MasterSecret
from darkroom.http.links import Links
from darkroom.http.mcp.stored_files import MAX_INLINE_BYTES, StoredFiles
from tests.fakes import FakeClock
from tests.fakes.blobs import FakeBlobs

LINKS = Links("https://api.test", lambda: MasterSecret.only(b"master"), FakeClock().now)


def files(**sizes: int) -> tuple[StoredFiles, list[str]]:
    blobs = FakeBlobs()
    keys = [f"media/w/live/j/{name.replace('_', '.')}" for name in sizes]
    for key, size in zip(keys, sizes.values(), strict=True):
        blobs.put(key, b"x" * size, "any/thing")
    return StoredFiles(LINKS, blobs), [LINKS.file(key) for key in keys]


def test_a_small_picture_comes_before_its_address() -> None:
    stored, (url,) = files(a_png=3)
    picture, link = stored.blocks({"output": [{"url": url}], "again": url})
    assert picture == {"type": "image", "data": base64.b64encode(b"xxx").decode(), "mimeType": "image/png"}
    assert (link["uri"], link["name"], link["mimeType"]) == (url, "a.png", "image/png")


def test_pictures_have_room_for_so_many_bytes_together() -> None:
    most = MAX_INLINE_BYTES
    stored, urls = files(a_png=most - 10, b_jpg=11, c_webp=10, d_png=1)
    blocks = stored.blocks(urls)
    assert [block["type"] for block in blocks] == [
        *("image", "resource_link"),
        "resource_link",
        *("image", "resource_link"),
        "resource_link",
    ]
    assert [block["uri"] for block in blocks if "uri" in block] == urls


def test_what_is_no_picture_is_an_address() -> None:
    stored, urls = files(a_mp4=3, b_svg=3)
    assert [block["type"] for block in stored.blocks(urls)] == ["resource_link"] * 2


def test_a_file_that_is_gone_is_an_address() -> None:
    stored, _ = files()
    url = LINKS.file("media/w/live/j/gone.png")
    assert [block["type"] for block in stored.blocks([url])] == ["resource_link"]


def test_what_is_not_ours_is_not_shown() -> None:
    stored, _ = files()
    forged = "https://api.test/files/00000000000000000000000000000000/w/live/j/a.png"
    assert stored.blocks({"a": "https://elsewhere.test/a.png", "b": forged, "c": [1, None, "x"]}) == ()
