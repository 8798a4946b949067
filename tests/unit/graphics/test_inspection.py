"""What is uploaded is recognised, read to its end and cleaned; orientation and colours stay right."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image, ImageCms

from darkroom.domain.files.file import CleanMedia, Rejection, UnusableFile
from darkroom_graphics.inspection import inspected, work
from tests.unit.core.domain.media.sounds_made import SECRET, tone
from tests.unit.graphics.pictures import Pixels, encoded, photo, pixels, png_announcing, quarters

PNG = encoded(quarters())


def refusal(data: bytes, mime: str) -> tuple[Rejection, str]:
    with pytest.raises(UnusableFile) as refused:
        inspected(data, mime)
    return refused.value.rejection, refused.value.detail


def turned(orientation: int, kind: str) -> bytes:
    """The quarters as a camera held sideways writes them, with its place."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = SECRET
    back = {6: Image.Transpose.ROTATE_90, 3: Image.Transpose.ROTATE_180, 2: Image.Transpose.FLIP_LEFT_RIGHT}
    body = io.BytesIO()
    image = Image.fromarray(quarters()).transpose(back[orientation])
    image.save(body, kind, exif=exif, **({"lossless": True} if kind == "WEBP" else {}))
    return body.getvalue()


def close(data: bytes, to: Pixels, within: float) -> bool:
    seen = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), np.int16)
    return bool(seen.shape == to.shape and np.abs(seen - to).mean() < within)


@pytest.mark.parametrize(
    ("kind", "mime"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")]
)
def test_an_upright_picture_keeps_its_bytes(kind: str, mime: str) -> None:
    data = encoded(photo(), kind)
    clean = inspected(data, mime)
    assert (clean.mime, clean.width, clean.height) == (mime, 256, 256)
    again = inspected(clean.data, mime)
    assert again.data == clean.data
    assert np.array_equal(pixels(clean.data), pixels(data))


@pytest.mark.parametrize("orientation", [2, 3, 6])
@pytest.mark.parametrize(
    ("kind", "mime"), [("JPEG", "image/jpeg"), ("WEBP", "image/webp"), ("PNG", "image/png")]
)
def test_a_turned_picture_becomes_upright_and_loses_its_place(kind: str, mime: str, orientation: int) -> None:
    clean = inspected(turned(orientation, kind), mime)
    assert (clean.mime, clean.width, clean.height) == (mime, 80, 40)
    assert SECRET.encode() not in clean.data
    assert not Image.open(io.BytesIO(clean.data)).getexif()
    assert close(clean.data, quarters(), within=6)


def swapped_profile() -> bytes:
    """A colour profile in which red means blue, and blue red."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"swap").replace(b"bXYZ", b"rXYZ").replace(b"swap", b"bXYZ")


def shown(data: bytes) -> Pixels:
    """A picture's pixels in sRGB, as its profile has them seen."""
    image: Image.Image = Image.open(io.BytesIO(data))
    if profile := image.info.get("icc_profile"):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
        image = ImageCms.profileToProfile(image.convert("RGB"), source, target) or image
    return np.asarray(image.convert("RGB"))


@pytest.mark.parametrize("orientation", [1, 3])
@pytest.mark.parametrize(
    ("kind", "mime"), [("JPEG", "image/jpeg"), ("WEBP", "image/webp"), ("PNG", "image/png")]
)
def test_colours_of_another_profile_stay_what_they_are(kind: str, mime: str, orientation: int) -> None:
    exif, body = Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    image = Image.fromarray(quarters())
    image = image.transpose(Image.Transpose.ROTATE_180) if orientation == 3 else image
    image.save(
        body, kind, exif=exif, icc_profile=swapped_profile(), **({"quality": 95} if kind != "PNG" else {})
    )
    clean = inspected(body.getvalue(), mime).data
    swapped = quarters()[:, :, ::-1].astype(np.int16)
    assert np.abs(shown(clean).astype(np.int16) - swapped).mean() < 8
    assert bool(Image.open(io.BytesIO(clean)).info.get("icc_profile")) == (orientation == 1)


@pytest.mark.parametrize(("kind", "mime"), [("GIF", "image/gif"), ("BMP", "image/bmp")])
def test_what_vendors_do_not_take_becomes_png(kind: str, mime: str) -> None:
    clean = inspected(encoded(quarters(), kind), mime)
    assert (clean.mime, clean.width, clean.height) == ("image/png", 80, 40)
    assert close(clean.data, quarters(), within=2)


def test_transparency_survives_being_turned() -> None:
    rgba = np.dstack([quarters(), np.full((40, 80), 128, np.uint8)])
    exif = Image.Exif()
    exif[0x0112] = 3
    body = io.BytesIO()
    Image.fromarray(rgba).transpose(Image.Transpose.ROTATE_180).save(body, "PNG", exif=exif)
    assert np.array_equal(
        pixels(inspected(body.getvalue(), "image/png").data, "RGBA")[:, :, 3], rgba[:, :, 3]
    )


@pytest.mark.parametrize(
    ("data", "mime", "expected"),
    [
        (b"", "image/png", Rejection.TYPE_MISMATCH),
        (b"hello", "image/png", Rejection.TYPE_MISMATCH),
        (PNG, "image/jpeg", Rejection.TYPE_MISMATCH),
        (PNG, "audio/wav", Rejection.TYPE_MISMATCH),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png", Rejection.TYPE_MISMATCH),
        (b"<html>", "image/webp", Rejection.TYPE_MISMATCH),
        (png_announcing(20_000, 20_000), "image/png", Rejection.TOO_LARGE),
        (png_announcing(2**31 - 1, 1), "image/png", Rejection.TOO_LARGE),
        (PNG[: len(PNG) // 2], "image/png", Rejection.DAMAGED),
        (encoded(photo(), "JPEG")[:-2000], "image/jpeg", Rejection.DAMAGED),
        (encoded(photo(), "WEBP")[:-2000], "image/webp", Rejection.DAMAGED),
        (encoded(photo(), "GIF")[:-2000], "image/gif", Rejection.DAMAGED),
        (encoded(photo(), "BMP")[:-2000], "image/bmp", Rejection.DAMAGED),
        (tone("audio/wav")[:-2000], "audio/wav", Rejection.DAMAGED),
        (b"ID3 a voice", "audio/mpeg", Rejection.DAMAGED),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason(data: bytes, mime: str, expected: Rejection) -> None:
    rejection, detail = refusal(data, mime)
    assert rejection is expected
    assert detail.startswith(("is ", "has "))
    assert "darkroom" not in detail


def test_a_lie_about_the_type_is_told_with_both_types() -> None:
    assert refusal(PNG, "image/jpeg")[1] == "is image/png, not image/jpeg as announced"


def test_a_sound_is_cleaned_and_measured() -> None:
    clean = inspected(tone("audio/mpeg"), "audio/mpeg")
    assert clean.seconds == pytest.approx(1.5, abs=0.08)
    assert (clean.width, clean.height) == (None, None)
    assert SECRET.encode() not in clean.data


def test_the_process_answers_a_line_and_the_file_if_it_changed() -> None:
    head, _, body = work(b"image/png\n" + PNG).partition(b"\n")
    assert json.loads(head) == {"mime": "image/png", "width": 80, "height": 40, "seconds": None}
    assert body == b""
    head, _, body = work(b"image/jpeg\n" + PNG).partition(b"\n")
    assert (json.loads(head)["rejection"], body) == ("type_mismatch", b"")
    assert isinstance(inspected(PNG, "image/png"), CleanMedia)
