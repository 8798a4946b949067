"""What every element looks like, held by pictures that somebody has looked at."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from darkroom.domain.errors import InvalidParam
from darkroom.domain.renders.rendered import RenderRefused
from darkroom_renderer.renderer import PngRenderer
from tests.harness.goldens import assert_looks_like
from tests.unit.graphics.pictures import encoded, photo, pixels
from tests.unit.renderer.drawing import URL, element, rendered, template

PHOTO = encoded(photo(320), "JPEG", quality=90)
GRADIENT = {
    "type": "linear",
    "angle": 90,
    "stops": [{"offset": 0, "color": "#f97316"}, {"offset": 1, "color": "#7c3aed"}],
}
RADIAL = {
    "type": "radial",
    "cx": 0.3,
    "cy": 0.3,
    "radius": 0.8,
    "stops": [{"offset": 0, "color": "#fef3c7"}, {"offset": 1, "color": "#0f766e"}],
}
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><defs><linearGradient id="g" x2="0" y2="1">'
    '<stop stop-color="#f43f5e"/><stop offset="1" stop-color="#fb923c"/></linearGradient></defs>'
    '<path fill="url(#g)" d="M12 21 3 12a6 6 0 0 1 9-8 6 6 0 0 1 9 8z"/>'
    '<circle cx="9" cy="9" r="2" fill="#fff" opacity=".6"/></svg>'
)

LOOKS: dict[str, dict[str, Any]] = {
    "image-cover": element("image", src=URL),
    "image-cover-focal": element("image", src=URL, width=60, focalX=0.9),
    "image-contain": element("image", src=URL, fit="contain", background="#1f2937", focalX=0.0),
    "image-fill": element("image", src=URL, fit="fill"),
    "image-radius": element("image", src=URL, radius=24, border={"color": "#111827", "width": 5}),
    "image-circle": element("image", src=URL, circle=True, border={"color": "#ffffff", "width": 6}),
    "image-contain-radius": element("image", src=URL, fit="contain", radius=30, background="#fde68a"),
    "image-turned": element("image", src=URL, rotation=-15, opacity=0.6, radius=12),
    "svg-contain": element("svg", svg=ICON),
    "svg-cover": element("svg", svg=ICON, fit="cover"),
    "svg-tint": element("svg", svg=ICON, color="#2563eb", rotation=20),
    "qr": element("qr", text="https://darkroom.example", color="#1e1b4b", background="#ede9fe", margin=2),
    "qr-turned": element("qr", text="https://darkroom.example", rotation=12, background="transparent"),
    "barcode-ean13": element("barcode", text="4006381333931", format="ean13"),
    "barcode-code128": element("barcode", text="Rev-2026/07", color="#7f1d1d", background="#fff7ed"),
    "barcode-plain": element("barcode", text="Rev-2026/07", showText=False, height=50),
    "rating": element("rating", value=3.5),
    "rating-fractions": element("rating", value=7.25, max=10, gap=0, color="#dc2626", emptyColor="#fecaca"),
    "rating-full": element("rating", value=5, gap=12, height=30),
    "shape-rect": element("shape", fill=GRADIENT, radius=28, stroke="#111827", strokeWidth=4),
    "shape-ellipse": element("shape", shape="ellipse", fill=RADIAL),
    "shape-line": element("shape", shape="line", stroke="#2563eb", strokeWidth=6, strokeDash=[18, 10]),
    "shape-polygon": element(
        "shape", shape="polygon", sides=6, fill="#22c55e80", stroke="#14532d", strokeWidth=3
    ),
    "shape-star": element("shape", shape="star", sides=5, fill="#fbbf24", rotation=10),
    "shape-shadow": element(
        "shape", fill="#ffffff", radius=16, shadow={"color": "#00000066", "x": 6, "y": 10, "blur": 24}
    ),
    "shape-line-shadow": element(
        "shape",
        shape="line",
        stroke="#111827",
        strokeWidth=8,
        strokeDash=[30, 14],
        shadow={"y": 12, "blur": 6},
    ),
    "shape-translucent": element("shape", fill="#ef4444", stroke="#1d4ed8", strokeWidth=30, opacity=0.5),
}


@pytest.mark.parametrize("look", LOOKS)
def test_an_element_looks_as_it_did(look: str) -> None:
    assert_looks_like(
        rendered(template(LOOKS[look], background="#f1f5f9"), {}, {URL: PHOTO}), f"element-{look}"
    )


BACKGROUNDS: dict[str, Any] = {
    "linear": GRADIENT | {"angle": 135},
    "radial": RADIAL,
    "cover": {"type": "image", "src": URL},
    "contain": {"type": "image", "src": URL, "fit": "contain", "color": "#0f172a"},
}


@pytest.mark.parametrize("kind", BACKGROUNDS)
def test_a_background_looks_as_it_did(kind: str) -> None:
    drawn = template(background=BACKGROUNDS[kind])
    assert_looks_like(rendered(drawn, {}, {URL: PHOTO}), f"background-{kind}")


def test_the_mark_of_test_mode_looks_as_it_did() -> None:
    drawn = template(element("rating", value=4), background=GRADIENT, width=480, height=252)
    assert_looks_like(rendered(drawn, watermark=True), "watermark")


def test_a_higher_ratio_is_the_same_picture_with_more_pixels() -> None:
    drawn = template(
        *(LOOKS[look] | {"id": look} for look in ("shape-shadow", "image-circle", "svg-contain", "rating"))
    )
    assert_looks_like(rendered(drawn, {}, {URL: PHOTO}, ratio=2.5), "ratio")


@pytest.mark.parametrize(
    ("ratio", "size"), [(1, (240, 160)), (1.5, (360, 240)), (2, (480, 320)), (3, (720, 480))]
)
def test_pictures_have_the_size_asked_for(ratio: float, size: tuple[int, int]) -> None:
    assert pixels(rendered(template(), ratio=ratio)).shape[1::-1] == size


@pytest.mark.parametrize("ratio", [0.0, 3.5])
def test_a_ratio_out_of_range_is_refused(ratio: float) -> None:
    with pytest.raises(InvalidParam, match="pixelRatio"):
        rendered(template(), ratio=ratio)


def test_too_many_pixels_are_refused() -> None:
    with pytest.raises(InvalidParam, match="megapixels"):
        rendered(template(width=4096, height=4096), ratio=2)


def test_z_decides_what_is_in_front_and_position_among_equals() -> None:
    def square(name: str, colour: str, z: int = 0) -> dict[str, Any]:
        return element("shape", id=name, fill=colour, z=z)

    drawn = template(square("a", "#ff0000", 1), square("b", "#00ff00"), square("c", "#0000ff", 1))
    assert pixels(rendered(drawn))[80, 120].tolist() == [0, 0, 255]


def test_what_is_not_visible_is_not_drawn() -> None:
    drawn = template(element("shape", fill="#000000", visible=False), element("qr", text="x", opacity=0))
    assert (pixels(rendered(drawn)) == 255).all()


def test_opacity_is_of_the_element_as_a_whole() -> None:
    """Where stroke and fill overlap nothing shines through."""
    fields = element("shape", fill="#ff0000", stroke="#ff0000", strokeWidth=20, opacity=0.5)
    seen = pixels(rendered(template(fields)))
    assert len({tuple(seen[80, x]) for x in (22, 28, 60, 120)}) == 1


def test_a_clear_canvas_gives_a_translucent_picture() -> None:
    seen = pixels(rendered(template(element("shape", fill="#ff000080"), background="transparent")), "RGBA")
    assert seen[0, 0, 3] == 0
    assert seen[80, 120].tolist() == [255, 0, 0, 128]


def test_stars_are_filled_exactly_as_far_as_the_value_says() -> None:
    drawn = template(element("rating", max=4, gap=0, height=50, color="#000000", emptyColor="#ff0000"))
    for value in (0, 0.5, 1.25, 2.9, 4):
        row = pixels(rendered(drawn, {"rating": {"value": value}}, ratio=2)).astype(int)
        dark = (row.sum(axis=2) < 60).any(axis=0)
        edge = int(np.flatnonzero(dark)[-1]) + 1 if dark.any() else 40
        assert abs(edge - (40 + 100 * value)) <= 7


@pytest.mark.parametrize("side", [1e-300, 1e-9, 0.002])
@pytest.mark.parametrize("look", [look for look in LOOKS if not look.startswith(("qr", "barcode"))])
def test_no_size_is_too_small_to_be_drawn(look: str, side: float) -> None:
    for sides in ({"width": side}, {"height": side}, {"width": side, "height": side}):
        png = rendered(template(LOOKS[look] | sides), {}, {URL: PHOTO})
        assert pixels(png).shape == (160, 240, 3)


@pytest.mark.parametrize(
    "look", ["image-cover", "image-contain", "rating", "shape-star", "shape-shadow", "qr"]
)
def test_no_size_is_too_large_to_be_drawn(look: str) -> None:
    drawn = template(LOOKS[look] | {"x": -4000, "y": -4000, "width": 8192, "height": 8192})
    assert pixels(rendered(drawn, {}, {URL: PHOTO}, ratio=2)).shape == (320, 480, 3)


def test_a_picture_that_takes_too_long_is_given_up_between_two_elements() -> None:
    ticks = itertools.count(0, 4)  # seconds: the third element would begin after twelve
    renderer = PngRenderer(monotonic=lambda: next(ticks))
    heavy = template(*(element("shape", id=f"s{number}", shape="rect") for number in range(5)))
    with pytest.raises(RenderRefused) as refused:
        rendered(heavy, renderer=renderer)
    assert (refused.value.element_id, refused.value.field) == ("s2", "")
    patient = PngRenderer(monotonic=lambda: 0.0)
    assert rendered(heavy, renderer=patient)
