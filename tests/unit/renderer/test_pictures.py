"""Pictures from outside: whatever they are, they are drawn right or refused with a word that helps."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from darkroom.domain.renders.rendered import RenderRefused
from tests.unit.graphics.pictures import encoded, photo, pixels, png_announcing, quarters
from tests.unit.renderer.drawing import URL, element, rendered, template

FULL = element("image", x=0, y=0, width=80, height=40)


def shown(data: bytes, **fields: Any) -> Any:
    drawn = template(FULL | fields, width=80, height=40, background="#808080")
    return pixels(rendered(drawn, {"image": {"src": URL}}, {URL: data})).astype(int)


def refused(data: bytes) -> RenderRefused:
    with pytest.raises(RenderRefused) as caught:
        shown(data)
    return caught.value


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_every_kind_of_picture_is_drawn(kind: str) -> None:
    options = {"quality": 95} if kind in {"JPEG", "WEBP"} else {}
    seen = shown(encoded(quarters(), kind, **options))
    expected = quarters().astype(int)
    for y, x in ((10, 20), (10, 60), (30, 20), (30, 60)):
        assert np.abs(seen[y, x] - expected[y, x]).max() < 12


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photographs_stand_upright(orientation: int) -> None:
    """A camera held sideways writes its rows sideways and says so."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = Image.fromarray(quarters())
    image = image.transpose(undo[orientation]) if orientation in undo else image
    exif = Image.Exif()
    exif[0x0112] = orientation
    body = io.BytesIO()
    image.save(body, "JPEG", quality=95, exif=exif)
    seen, expected = shown(body.getvalue()), quarters().astype(int)
    for y, x in ((10, 20), (10, 60), (30, 20), (30, 60)):
        assert np.abs(seen[y, x] - expected[y, x]).max() < 14


def test_of_an_animation_the_first_frame_is_drawn() -> None:
    body = io.BytesIO()
    frames = [
        Image.fromarray(np.full((40, 80, 3), colour, np.uint8)) for colour in ((200, 0, 0), (0, 0, 200))
    ]
    frames[0].save(body, "GIF", save_all=True, append_images=frames[1:], duration=100)
    assert np.abs(shown(body.getvalue())[20, 40] - (200, 0, 0)).max() < 8


def test_a_large_photograph_is_shrunk_smoothly() -> None:
    """One pixel lines of black and white become an even grey, not a pattern."""
    lines = np.zeros((1600, 3200, 3), np.uint8)
    lines[::2] = 255
    seen = shown(encoded(lines))
    assert np.abs(seen - 128).max() < 12


def test_focal_point_decides_what_is_cut_off() -> None:
    wide = encoded(quarters(400, 40))
    left = shown(wide, focalX=0.0)
    right = shown(wide, focalX=1.0)
    assert (left[10, :, 0] > 200).all()
    assert (right[10, :, 1] > 150).all()


def test_translucent_pictures_show_what_is_behind() -> None:
    half = np.zeros((40, 80, 4), np.uint8)
    half[:, :, 0], half[:, :, 3] = 255, 128
    assert np.abs(shown(encoded(half))[20, 40] - (192, 64, 64)).max() <= 2


def test_without_a_source_nothing_is_drawn() -> None:
    drawn = template(FULL | {"background": "#ff0000", "border": {"color": "#00ff00", "width": 4}})
    assert (pixels(rendered(drawn)) == 255).all()


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"<svg/>", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff\xe0" + bytes(40)]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    problem = refused(data)
    assert (problem.element_id, problem.field) == ("image", "src")
    assert "not a picture" in problem.message or "damaged" in problem.message


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_that_ends_too_early_is_refused(kind: str) -> None:
    data = encoded(photo(), kind)
    assert "damaged" in refused(data[: len(data) // 2]).message


@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (40_000, 1001), (2**31 - 1, 2**31 - 1)])
def test_a_decompression_bomb_is_refused_by_its_header(width: int, height: int) -> None:
    assert "megapixels" in refused(png_announcing(width, height)).message


def test_a_picture_nobody_fetched_is_refused() -> None:
    with pytest.raises(RenderRefused) as caught:
        rendered(template(FULL), {"image": {"src": URL}}, {})
    assert (caught.value.element_id, caught.value.field) == ("image", "src")


def test_a_backgrounds_picture_is_named_as_the_canvas() -> None:
    drawn = template(background={"type": "image", "src": URL})
    with pytest.raises(RenderRefused) as caught:
        rendered(drawn, {}, {URL: b"nothing"})
    assert (caught.value.element_id, caught.value.field) == ("canvas", "background.src")
