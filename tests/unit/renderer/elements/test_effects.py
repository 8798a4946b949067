"""Blending, blur, two colours and masks: as they look, and what they may take."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest

from darkroom.domain.renders.rendered import RenderRefused
from darkroom.domain.templates.elements import BlendMode
from darkroom_renderer.elements.effects import LEAST_SIGMA, shrinking
from darkroom_renderer.renderer import PngRenderer
from tests.harness.goldens import assert_looks_like
from tests.unit.graphics.pictures import encoded, photo, pixels
from tests.unit.renderer.drawing import URL, element, rendered, template

PHOTO = encoded(photo(320), "JPEG", quality=90)
FLOWER = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-12 -12 24 24">'
    '<g fill="#000"><ellipse cy="-6" rx="4" ry="6"/><ellipse cy="6" rx="4" ry="6"/><ellipse cx="-6" rx="6" ry="4"/>'
    '<ellipse cx="6" rx="6" ry="4"/></g><circle r="3" fill="#000" opacity=".4"/></svg>'
)
MASK = {"type": "svg", "svg": FLOWER}
BLENDED = [
    {
        "id": f"b{number}",
        "type": "shape",
        "x": 10 + number % 4 * 56,
        "y": 4 + number // 4 * 39,
        "width": 50,
        "height": 34,
        "fill": "#f9731699",
        "blendMode": mode,
    }
    for number, mode in enumerate(get_args(BlendMode.__value__))
]
GROUP = [
    {"id": "back", "type": "shape", "x": 0, "y": 0, "width": 130, "height": 80, "fill": "#2563eb"},
    {
        "id": "words",
        "type": "text",
        "x": 10,
        "y": 10,
        "width": 180,
        "height": 100,
        "text": "Through a mask",
        "fontSize": 40,
        "fontWeight": 800,
        "color": "#fde68a",
    },
]

LOOKS: dict[str, list[dict[str, Any]]] = {
    "blend-modes": [element("image", x=0, y=0, width=240, height=160, src=URL), *BLENDED],
    "blur-image": [element("image", src=URL, blur=24, radius=20, border={"color": "#ffffff", "width": 4})],
    "blur-image-little": [element("image", src=URL, blur=3, rotation=8)],
    "blur-image-contain": [element("image", src=URL, blur=12, fit="contain", background="#fde68a")],
    "blur-shape": [element("shape", shape="star", fill="#7c3aed", blur=16)],
    "blur-shape-wide": [element("shape", shape="ellipse", fill="#7c3aed", blur=80, rotation=20)],
    "blur-text": [element("text", text="Blurred", fontSize=48, fontWeight=800, blur=6, opacity=0.8)],
    "duotone": [element("image", src=URL, duotone={"dark": "#1e1b4b", "light": "#fde68a"})],
    "duotone-blur": [
        element("image", src=URL, blur=20, circle=True, duotone={"dark": "#000000", "light": "#ffffff"})
    ],
    "mask-shape": [
        element("image", src=URL, mask={"type": "shape", "shape": "star", "sides": 8}, rotation=10)
    ],
    "mask-rect": [element("image", src=URL, mask={"type": "shape", "radius": 50}, opacity=0.6)],
    "mask-svg": [element("image", src=URL, mask=MASK)],
    "mask-svg-fill": [element("image", src=URL, mask=MASK | {"fit": "fill"}, blur=20)],
    "mask-group": [element("group", children=GROUP, mask={"type": "shape", "shape": "ellipse"}, rotation=-8)],
    "mask-blurred": [element("shape", fill="#f97316", radius=20, blur=30, mask=MASK | {"fit": "cover"})],
}


@pytest.mark.parametrize("look", LOOKS)
def test_an_effect_looks_as_it_did(look: str) -> None:
    drawn = template(*LOOKS[look], background="#f1f5f9")
    assert_looks_like(rendered(drawn, {}, {URL: PHOTO}, ratio=1.5), f"effect-{look}")


@pytest.mark.parametrize(
    ("mode", "seen"),
    [
        ("normal", [204, 51, 0]),
        ("multiply", [82, 41, 0]),
        ("screen", [224, 214, 153]),
        ("darken", [102, 51, 0]),
        ("lighten", [204, 204, 153]),
        ("difference", [102, 153, 153]),
    ],
)
def test_colours_blend_as_they_are_defined_to(mode: str, seen: list[int]) -> None:
    drawn = template(element("shape", fill="#cc3300", blendMode=mode), background="#66cc99")
    assert np.abs(pixels(rendered(drawn))[80, 120].astype(int) - seen).max() <= 1


def test_two_colours_are_black_s_and_white_s() -> None:
    halves = np.zeros((8, 8, 3), np.uint8)
    halves[:, 4:] = 255
    drawn = template(element("image", src=URL, duotone={"dark": "#102030", "light": "#f0e0d0"}))
    seen = pixels(rendered(drawn, {}, {URL: encoded(halves)}))
    assert seen[80, 40].tolist() == [0x10, 0x20, 0x30]
    assert seen[80, 200].tolist() == [0xF0, 0xE0, 0xD0]


def test_what_blends_does_so_with_what_is_there_also_when_parts_are_kept() -> None:
    renderer = PngRenderer()
    drawn = template(
        element("image", src=URL),
        element("shape", id="under", fill="#7c3aed", blendMode="screen", width=90),
        element("rating", height=30),
        element("group", id="over", children=[element("shape", fill="#22c55e", x=60, blendMode="multiply")]),
        element("text", text="plain"),
    )
    for payload in ({}, {"rating": {"value": 3}}, {"rating": {"value": 1}}, {"text": {"text": "x"}}):
        kept = pixels(rendered(drawn, payload, {URL: PHOTO}, renderer=renderer)).astype(int)
        alone = PngRenderer(kept_bytes=1000)
        assert np.abs(kept - pixels(rendered(drawn, payload, {URL: PHOTO}, renderer=alone))).max() <= 3


def test_nothing_is_seen_outside_of_a_mask() -> None:
    mask = {"type": "shape", "shape": "ellipse"}
    seen = pixels(
        rendered(template(element("shape", fill="#000000", stroke="#000000", strokeWidth=40, mask=mask)))
    )
    assert (seen[:20] == 255).all()
    assert (seen[20:30, 20:40] == 255).all()
    assert (seen[75:85, 110:130] == 0).all()


@pytest.mark.parametrize(
    ("sigma", "times"), [(0, 1), (LEAST_SIGMA * 1.9, 1), (LEAST_SIGMA * 2, 2), (100, 16)]
)
def test_what_is_blurred_widely_is_blurred_small(sigma: float, times: int) -> None:
    assert shrinking(sigma) == times


def test_a_drawing_that_cannot_be_drawn_is_no_mask() -> None:
    drawn = template(element("image", src=URL, mask={"type": "svg", "svg": "<svg"}))
    with pytest.raises(RenderRefused) as refused:
        rendered(drawn, {}, {URL: PHOTO})
    assert (refused.value.element_id, refused.value.field) == ("image", "mask.svg")


@pytest.mark.parametrize("look", [look for look in LOOKS if look not in {"blend-modes", "mask-group"}])
@pytest.mark.parametrize("sides", [(0.002, 100), (100, 0.002), (8192, 8192)])
def test_no_size_is_too_small_or_too_large(look: str, sides: tuple[float, float]) -> None:
    (fields,) = LOOKS[look]
    drawn = template(fields | {"width": sides[0], "height": sides[1]})
    assert pixels(rendered(drawn, {}, {URL: PHOTO})).shape == (160, 240, 3)


def nested(count: int, **fields: Any) -> dict[str, Any]:
    inner = element("shape", fill="#ff0000")
    for number in range(count):
        box = {"x": 0, "y": 0, "width": 300, "height": 300}
        inner = element("group", id=f"g{number}", children=[inner], **box, **fields)
    return inner


@pytest.mark.parametrize(
    "fields", [{"blur": 100}, {"mask": MASK}, {"blendMode": "hue"}, {"opacity": 0.5}], ids=str
)
def test_layers_within_each_other_have_a_bound_of_pixels(fields: dict[str, Any]) -> None:
    assert rendered(template(nested(8, **fields)))
    with pytest.raises(RenderRefused, match="within each other") as refused:
        rendered(template(nested(8, **fields), width=4096, height=4096))
    assert refused.value.element_id.startswith("g")
