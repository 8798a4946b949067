"""Pictures lose their metadata and keep their pixels and their colours."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from darkroom.domain.media.metadata import BrokenFile, png_orientation, without_metadata
from darkroom.domain.media.sniffing import Media, intact, sniff

SECRET = b"Jane Doe at 52.5163 N"
KINDS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
each_kind = pytest.mark.parametrize("mime", KINDS)


def picture() -> Image.Image:
    y, x = np.mgrid[0:60, 0:90]
    return Image.fromarray(np.stack([x * 2, y * 4, x + y], axis=-1).astype(np.uint8))


def with_metadata(mime: str, **options: Any) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = exif[0x013B] = SECRET.decode()  # description and artist
    exif.get_ifd(0x8825)[0x001D] = SECRET.decode()  # the place's date
    given: dict[str, Any] = {"exif": exif, "icc_profile": PROFILE, **options}
    if mime == "image/png":
        text = PngInfo()
        text.add_text("Author", SECRET.decode())
        text.add_itxt("XML:com.adobe.xmp", SECRET.decode(), zip=False)
        given["pnginfo"] = text
    else:
        given["xmp"] = b"<x:xmpmeta>" + SECRET
    if mime == "image/jpeg":
        given["comment"] = SECRET
    body = io.BytesIO()
    picture().save(body, KINDS[mime], **given)
    return body.getvalue()


def pixels(data: bytes) -> bytes:
    return Image.open(io.BytesIO(data)).convert("RGB").tobytes()


@each_kind
def test_metadata_goes_and_pixels_and_profile_stay(mime: str) -> None:
    data = with_metadata(mime)
    assert SECRET in data
    clean = without_metadata(data, mime)
    assert SECRET not in clean
    assert pixels(clean) == pixels(data)
    opened = Image.open(io.BytesIO(clean))
    assert opened.info["icc_profile"] == PROFILE
    assert not opened.getexif()
    assert sniff(clean) == Media(mime, 90, 60)
    assert intact(clean, Media(mime, 90, 60))


@each_kind
def test_what_is_clean_stays_as_it_is(mime: str) -> None:
    clean = without_metadata(with_metadata(mime), mime)
    assert without_metadata(clean, mime) == clean


@pytest.mark.parametrize("options", [{"progressive": True}, {"optimize": True}, {"restart_marker_rows": 1}])
def test_every_way_to_write_a_jpeg_is_walked(options: dict[str, Any]) -> None:
    data = with_metadata("image/jpeg", **options)
    clean = without_metadata(data, "image/jpeg")
    assert SECRET not in clean
    assert pixels(clean) == pixels(data)


def test_cmyk_keeps_how_its_colours_are_to_be_read() -> None:
    body = io.BytesIO()
    picture().convert("CMYK").save(body, "JPEG", comment=SECRET)
    clean = without_metadata(body.getvalue(), "image/jpeg")
    assert SECRET not in clean
    assert b"Adobe" in clean
    assert pixels(clean) == pixels(body.getvalue())


@pytest.mark.parametrize("lossless", [False, True])
def test_webp_keeps_its_transparency(lossless: bool) -> None:
    image = picture().convert("RGBA")
    image.putalpha(Image.fromarray(np.tile(np.arange(90, dtype=np.uint8), (60, 1))))
    body = io.BytesIO()
    image.save(body, "WEBP", lossless=lossless, exif=b"Exif\0\0" + SECRET)
    clean = without_metadata(body.getvalue(), "image/webp")
    assert SECRET not in clean
    seen = [Image.open(io.BytesIO(data)).convert("RGBA").tobytes() for data in (clean, body.getvalue())]
    assert seen[0] == seen[1]


@pytest.mark.parametrize("mime", ["image/jpeg", "image/png", "image/webp"])
def test_what_stands_behind_a_picture_goes(mime: str) -> None:
    data = with_metadata(mime)
    assert without_metadata(data + b"PK\x03\x04" + SECRET, mime) == without_metadata(data, mime)


def test_animation_of_a_png_is_dropped_with_all_unknown_chunks() -> None:
    frames, body = [picture(), picture().rotate(90, expand=False)], io.BytesIO()
    frames[0].save(body, "PNG", save_all=True, append_images=frames[1:])
    data = body.getvalue()
    private = b"prVt" + SECRET
    chunk = struct.pack(">I", len(SECRET)) + private + struct.pack(">I", zlib.crc32(private))
    clean = without_metadata(data[:33] + chunk + data[33:], "image/png")
    assert [name in clean for name in (b"acTL", b"fdAT", b"prVt")] == [False] * 3
    assert pixels(clean) == pixels(data)


@pytest.mark.parametrize("turned", range(1, 9))
def test_a_png_says_how_it_is_turned(turned: int) -> None:
    exif, body = Image.Exif(), io.BytesIO()
    exif[0x013B] = "someone"
    exif[0x0112] = turned
    picture().save(body, "PNG", exif=exif)
    assert png_orientation(body.getvalue()) == turned


@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"II*",
        b"XX*\0" + bytes(40),
        b"II*\0\xff\xff\xff\xff",
        b"II*\0\x08\0\0\0\xff\xff",
        b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x63\0\0",
    ],
)
def test_nonsense_turns_no_png(exif: bytes) -> None:
    chunk = struct.pack(">I", len(exif)) + b"eXIf" + exif + struct.pack(">I", zlib.crc32(b"eXIf" + exif))
    data = without_metadata(with_metadata("image/png"), "image/png")
    assert png_orientation(data[:33] + chunk + data[33:]) == 1


@each_kind
def test_a_picture_that_is_cut_short_is_refused(mime: str) -> None:
    data = with_metadata(mime)
    for share in (0.05, 0.5, 0.95):
        with pytest.raises(BrokenFile):
            without_metadata(data[: int(len(data) * share)], mime)


@each_kind
def test_any_bytes_are_judged_without_another_error(mime: str) -> None:
    chance, data = random.Random(7), with_metadata(mime)
    for _ in range(500):
        changed = bytearray(data[: chance.randrange(len(data))])
        for _ in range(chance.randrange(6)):
            if changed:
                changed[chance.randrange(len(changed))] = chance.randrange(256)
        try:
            without_metadata(bytes(changed), mime)
        except BrokenFile:
            continue
