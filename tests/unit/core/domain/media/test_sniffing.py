"""Recognising files by their bytes: what is too large or not what it seems is refused before it is decoded."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkroom.domain.errors import InvalidParam
from darkroom.domain.media.sniffing import MAX_PIXELS, Media, picture, sniff, sniff_film
from tests.harness import pictures
from tests.harness.pictures import jpeg, png, segment
from tests.unit.graphics.pictures import encoded, flat

ALL = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp"})

type Maker = Callable[[int, int], bytes]

MAKERS: dict[str, tuple[Maker, str]] = {
    "png": (pictures.png, "image/png"),
    "jpeg": (pictures.jpeg, "image/jpeg"),
    "lossy webp": (pictures.webp_lossy, "image/webp"),
    "lossless webp": (pictures.webp_lossless, "image/webp"),
    "extended webp": (pictures.webp_extended, "image/webp"),
    "gif": (pictures.gif, "image/gif"),
    "bmp": (pictures.bmp, "image/bmp"),
}
makers = pytest.mark.parametrize(("make", "mime"), MAKERS.values(), ids=list(MAKERS))


# --------------------------------------------------------------- what is recognised


@makers
@pytest.mark.parametrize("size", [(1, 1), (3, 2), (640, 480), (8000, 5000)])
def test_a_picture_is_known_by_its_header(make: Maker, mime: str, size: tuple[int, int]) -> None:
    assert sniff(make(*size)) == Media(mime, *size)
    assert picture(make(*size), accepted=ALL, param="image") == Media(mime, *size)


@pytest.mark.parametrize(("kind", "mime"), [("PNG", "png"), ("JPEG", "jpeg"), ("WEBP", "webp")])
def test_an_encoders_own_pictures_are_known(kind: str, mime: str) -> None:
    assert sniff(encoded(flat(37, 21, 200, 30, 60), kind)) == Media(f"image/{mime}", 37, 21)
    assert sniff(encoded(flat(37, 21, 200, 30, 60, 90), kind)) == Media(f"image/{mime}", 37, 21)


@pytest.mark.parametrize("frame", [0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC9, 0xCA, 0xCF])
def test_every_kind_of_jpeg_frame_tells_its_size(frame: int) -> None:
    assert sniff(jpeg(40, 30, frame=frame)) == Media("image/jpeg", 40, 30)


def test_what_comes_before_a_jpegs_frame_says_nothing_about_its_size() -> None:
    thumbnail = segment(0xE1, b"Exif\0\0" + jpeg(1, 1))
    tables = segment(0xC4, b"\0" * 30) + segment(0xDB, b"\0" * 65) + segment(0xFE, b"a comment")
    assert sniff(jpeg(4000, 3000, before=thumbnail + tables)) == Media("image/jpeg", 4000, 3000)


def test_a_bitmap_may_be_upside_down_and_a_gif_old() -> None:
    assert sniff(pictures.bmp(4, -3)) == Media("image/bmp", 4, 3)
    assert sniff(pictures.gif(4, 3, version=b"87a")) == Media("image/gif", 4, 3)


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (b"ID3\x04" + b"\0" * 20, "audio/mpeg"),
        (b"\xff\xfb\x90\x64" + b"\0" * 20, "audio/mpeg"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
        (b"OggS\0\x02" + b"\0" * 20, "audio/ogg"),
        (b"\0\0\0\x20ftypM4A \0\0", "audio/mp4"),
    ],
)
def test_sound_is_known_but_is_no_picture(data: bytes, mime: str) -> None:
    assert sniff(data) == Media(mime)
    with pytest.raises(InvalidParam):
        picture(data, accepted=ALL | {mime}, param="image")


# ------------------------------------------------------------------- what is refused


@makers
def test_a_header_that_is_cut_short_is_no_picture(make: Maker, mime: str) -> None:
    whole = make(640, 480)
    known = [length for length in range(len(whole)) if sniff(whole[:length])]
    assert known == list(range(min(known), len(whole)))
    assert min(known) >= 10
    for length in range(min(known)):
        with pytest.raises(InvalidParam):
            picture(whole[:length], accepted=ALL, param="image")


@makers
@pytest.mark.parametrize("size", [(16_383, 16_383), (8001, 5000)])
def test_a_bomb_is_refused_by_what_its_header_claims(make: Maker, mime: str, size: tuple[int, int]) -> None:
    bomb = make(*size)
    assert len(bomb) < 200
    assert size[0] * size[1] > MAX_PIXELS
    with pytest.raises(InvalidParam) as refused:
        picture(bomb, accepted=ALL, param="source_url")
    assert refused.value.param == "source_url"
    assert refused.value.detail == "source_url has more than 40 megapixels."


@pytest.mark.parametrize(
    ("make", "most"),
    [(pictures.png, 2**31 - 1), (pictures.jpeg, 65_535), (pictures.gif, 65_535), (pictures.bmp, 2**31 - 1)],
)
def test_the_largest_claim_of_each_format_is_refused(make: Maker, most: int) -> None:
    with pytest.raises(InvalidParam, match="megapixels"):
        picture(make(most, most), accepted=ALL, param="image")


def test_exactly_forty_megapixels_are_not_too_many() -> None:
    assert picture(png(8000, 5000), accepted=ALL, param="image").width == 8000


@pytest.mark.parametrize(
    "data",
    [
        *(png(0, 5), png(5, 0), jpeg(0, 5), jpeg(5, 0), pictures.gif(0, 5), pictures.bmp(0, 5)),
        *(pictures.bmp(-5, 5), pictures.bmp(5, 0), pictures.webp_lossy(0, 5), pictures.webp_lossy(5, 0)),
    ],
)
def test_a_picture_without_pixels_is_none(data: bytes) -> None:
    assert sniff(data) is None


NOT_PICTURES = {
    "nothing": b"",
    "one byte": b"\x89",
    "text": b"a red kite",
    "a page": b"<!doctype html><title>404</title>",
    "a drawing that is a program": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "a drawing in other words": b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>',
    "a document": b"%PDF-1.7\n",
    "an archive": b"PK\x03\x04" + b"\0" * 60,
    "a program": b"\x7fELF\x02\x01\x01" + b"\0" * 60,
    "a program for Windows": b"MZ" + b"\0" * 60,
    "TIFF": b"II*\0" + b"\0" * 60,
    "an icon": b"\0\0\1\0\1\0" + b"\0" * 60,
    "AVIF": b"\0\0\0\x20ftypavif" + b"\0" * 60,
    "HEIC": b"\0\0\0\x20ftypheic" + b"\0" * 60,
    "a film": b"\0\0\0\x20ftypisom" + b"\0" * 60,
    "JPEG XL": b"\xff\x0a" + b"\0" * 60,
    "JPEG 2000": b"\0\0\0\x0cjP  \r\n\x87\n" + b"\0" * 60,
    "a bitmap of OS/2": b"BM" + b"\0" * 12 + b"\x0c\0\0\0\x04\0\x04\0\x01\0\x18\0",
    "RIFF of something else": b"RIFF\x24\0\0\0AVI LIST" + b"\0" * 60,
    "WebP of something else": b"RIFF\x24\0\0\0WEBPALPH" + b"\0" * 60,
    "a PNG without its header": b"\x89PNG\r\n\x1a\n\0\0\0\rIDAT" + b"\0" * 60,
    "a PNG mangled on its way": b"\x89PNG\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1",
    "a GIF of no version": b"GIF88a\1\0\1\0",
    "a JPEG of tables only": b"\xff\xd8" + segment(0xDB, b"\0" * 65) + b"\xff\xd9" + b"\0" * 60,
    "a JPEG with a segment of no length": b"\xff\xd8\xff\xe0\0\0" + b"\0" * 60,
    "a JPEG with rubbish between segments": b"\xff\xd8" + segment(0xE0, b"x") + b"\0" * 60,
    "a JPEG whose segment ends nowhere": b"\xff\xd8\xff\xe0\xff\xff" + b"\0" * 60,
}


@pytest.mark.parametrize("data", NOT_PICTURES.values(), ids=list(NOT_PICTURES))
def test_what_is_no_picture_is_refused_with_what_would_be(data: bytes) -> None:
    assert sniff(data) is None
    with pytest.raises(InvalidParam) as refused:
        picture(data, accepted=ALL, param="image")
    assert refused.value.detail == "image must be an image: bmp, gif, jpeg, png, webp."


@makers
def test_a_format_nobody_asked_for_is_refused(make: Maker, mime: str) -> None:
    with pytest.raises(InvalidParam):
        picture(make(3, 2), accepted=ALL - {mime}, param="image")


POLYGLOTS = {
    "a picture with an archive behind it": (png() + b"PK\x03\x04" + b"\0" * 60, "image/png"),
    "a picture with a page behind it": (pictures.gif() + b"<script>alert(1)</script>", "image/gif"),
    "a picture with another behind it": (jpeg() + png(), "image/jpeg"),
    "a page in a picture's comment": (
        jpeg(before=segment(0xFE, b"<script>alert(1)</script>")),
        "image/jpeg",
    ),
    "a script that starts like a picture": (b"GIF89a=1 \0;alert(1)", "image/gif"),
}


@pytest.mark.parametrize(("data", "mime"), POLYGLOTS.values(), ids=list(POLYGLOTS))
def test_what_is_two_things_at_once_is_only_what_its_first_bytes_say(data: bytes, mime: str) -> None:
    media = sniff(data)
    assert media is not None
    assert media.mime == mime


@pytest.mark.parametrize(
    "front", [b"\0", b" ", b"\n", b"<script>", b"%PDF-1.7\n", b"PK\x03\x04", b"\xef\xbb\xbf"]
)
@makers
def test_a_picture_that_does_not_come_first_is_none(make: Maker, mime: str, front: bytes) -> None:
    assert sniff(front + make(3, 2)) is None


def test_a_jpegs_markers_may_be_padded() -> None:
    padded = b"\xff" * 20 + segment(0xFE, b"x") + b"\xff" * 20
    assert sniff(jpeg(40, 30, before=padded)) == Media("image/jpeg", 40, 30)


@pytest.mark.parametrize("step", [segment(0xFE, b""), b"\xff"])
def test_nobody_walks_through_a_jpegs_header_for_ever(step: bytes) -> None:
    assert sniff(jpeg(40, 30, before=step * 1_000)) == Media("image/jpeg", 40, 30)
    assert sniff(jpeg(40, 30, before=step * 1_000_000)) is None


@given(
    st.binary(max_size=64), st.sampled_from([make(3, 2) for make, _ in MAKERS.values()]), st.integers(0, 40)
)
def test_no_bytes_whatever_make_it_stumble(noise: bytes, start: bytes, kept: int) -> None:
    found = sniff(start[:kept] + noise)
    assert found is None or not found.mime.startswith("image/") or min(found.width, found.height) > 0


def test_judging_a_picture_needs_no_decoder() -> None:
    module = sys.modules["darkroom.domain.media.sniffing"]
    assert {"PIL", "skia", "numpy", "av"}.isdisjoint(vars(module))


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (b"\0\0\0\x18ftypmp42" + bytes(60), "video/mp4"),
        (b"\0\0\0\x20ftypisom" + bytes(60), "video/mp4"),
        (b"\0\0\0\x20ftypavc1" + bytes(60), "video/mp4"),
        (b"\0\0\0\x14ftypqt  " + bytes(60), "video/quicktime"),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm" + bytes(60), "video/webm"),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska" + bytes(60), None),
        (b"\0\0\0\x20ftypavif" + bytes(60), None),
        (b"<!doctype html>", None),
        (b"", None),
    ],
)
def test_films_are_known_by_their_headers(data: bytes, mime: str | None) -> None:
    found = sniff_film(data)
    assert (found.mime if found else None) == mime
