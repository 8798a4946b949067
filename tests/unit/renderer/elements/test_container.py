"""Groups and stacks as they look, and what is drawn of what is in them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from darkroom.domain.renders.rendered import RenderRefused
from darkroom_renderer.renderer import PngRenderer
from tests.harness.goldens import assert_looks_like
from tests.unit.graphics.pictures import encoded, photo, pixels
from tests.unit.renderer.drawing import URL, element, rendered, template

PHOTO = encoded(photo(320), "JPEG", quality=90)
PLUM = {
    "type": "linear",
    "angle": 120,
    "stops": [{"offset": 0, "color": "#1e1b4b"}, {"offset": 1, "color": "#7c3aed"}],
}


def text(element_id: str, words: str, size: float = 16, **fields: Any) -> dict[str, Any]:
    return {"id": element_id, "type": "text", "text": words, "fontSize": size, **fields}


def stack(element_id: str, *children: object, **fields: Any) -> dict[str, Any]:
    return {"id": element_id, "type": "stack", "children": list(children), **fields}


PILL = stack(
    "pill",
    {"id": "dot", "type": "shape", "shape": "ellipse", "width": 8, "height": 8, "fill": "#fde68a"},
    text("tag", "NEW", 12, fontWeight=700, color="#ffffff"),
    direction="row",
    padding=6,
    gap=6,
    align="center",
    alignSelf="start",
    background=PLUM,
    radius=14,
    border={"color": "#ffffff80", "width": 2},
    shadow={"color": "#1e1b4b66", "y": 3, "blur": 8},
)
CARD = stack(
    "card",
    PILL,
    text("headline", "What stands below follows", 24, fontWeight=800, color="#1e1b4b"),
    text("words", "However long it is.", 14, color="#475569"),
    {"id": "space", "type": "shape", "grow": 1},
    stack(
        "foot",
        {"id": "photo", "type": "image", "src": URL, "circle": True, "width": 36, "height": 36},
        stack(
            "who",
            text("name", "Ada Lovelace", 13, fontWeight=600),
            text("role", "Countess", 11, visibleWhen={"given": "role"}),
            grow=1,
        ),
        {
            "id": "code",
            "type": "qr",
            "text": "https://darkroom.example",
            "width": 37,
            "height": 37,
            "margin": 1,
        },
        direction="row",
        gap=8,
        align="center",
    ),
    x=0,
    y=0,
    width=240,
    height=240,
    padding=16,
    gap=8,
)
SQUARES = [
    {"id": "back", "type": "shape", "x": 10, "y": 10, "width": 60, "height": 60, "fill": "#f97316"},
    {"id": "front", "type": "shape", "x": 40, "y": 40, "width": 90, "height": 90, "fill": "#2563eb"},
    {"id": "code", "type": "qr", "x": 70, "y": 10, "width": 50, "height": 50, "text": "turned", "margin": 1},
]


def group(**fields: Any) -> dict[str, Any]:
    return element("group", x=50, y=20, width=120, height=120, children=SQUARES, **fields)


LOOKS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "stack": (CARD, {}),
    "stack-longer": (
        CARD,
        {
            "headline": {"text": "What stands below a headline of three lines follows it"},
            "role": {"text": "Countess"},
        },
    ),
    "stack-shrunk": (
        CARD
        | {
            "children": [
                child | {"minFontSize": 8} if child["id"] == "headline" else child
                for child in CARD["children"]
            ]
        },
        {"headline": {"text": "What stands below a headline of three lines follows it, " * 3}},
    ),
    "group": (group(), {}),
    "group-turned": (group(rotation=20, background="#ffffff", shadow={"blur": 12}), {}),
    "group-translucent": (group(opacity=0.5), {}),
    "group-clipped": (group(clip=True, radius=40, background="#fde68a"), {}),
    "group-in-group": (
        element("group", id="outer", rotation=-10, children=[group(rotation=30, opacity=0.8)]),
        {},
    ),
}


@pytest.mark.parametrize("look", LOOKS)
def test_a_container_looks_as_it_did(look: str) -> None:
    fields, payload = LOOKS[look]
    drawn = template(fields, background="#f1f5f9", height=240)
    assert_looks_like(rendered(drawn, payload, {URL: PHOTO}, ratio=1.5), f"container-{look}")


def test_what_is_translucent_is_so_as_one_thing() -> None:
    seen = pixels(rendered(template(group(opacity=0.5))))
    assert seen[85, 115].tolist() == seen[110, 160].tolist()  # above the back one and beside it


@pytest.mark.parametrize("turn", [0, 20, 90, -45])
def test_codes_in_what_is_turned_are_still_read(turn: float) -> None:
    outer = element("group", id="outer", rotation=turn, children=[group(rotation=turn / 2)])
    seen = pixels(rendered(template(outer, height=240), ratio=3))
    assert [found.text for found in zxingcpp.read_barcodes(Image.fromarray(seen))] == ["turned"]


def test_what_is_kept_makes_no_difference() -> None:
    square = group(opacity=0.5) | {"children": SQUARES[:2]}
    renderer, drawn = PngRenderer(), template(CARD, square, height=240)
    for payload in (
        {},
        {"headline": {"text": "Short"}},
        {"role": {"text": "given"}},
        {"role": {"text": ""}},
        {"photo": {"src": URL}},
        {},
    ):
        kept = rendered(drawn, payload, {URL: PHOTO}, renderer=renderer)
        assert (pixels(kept) == pixels(rendered(drawn, payload, {URL: PHOTO}))).all()


def test_what_is_hidden_needs_no_picture() -> None:
    hidden = element("image", src=URL, visibleWhen={"given": "text"})
    drawn = template(element("group", children=[hidden]), element("text"))
    assert rendered(drawn, {}, {})
    with pytest.raises(RenderRefused):
        rendered(drawn, {"text": {"text": "now"}}, {})


def test_an_element_in_a_group_is_filled_in_by_its_id() -> None:
    drawn = template(element("group", children=[element("rating", max=1, color="#000000")]))
    empty, full = (pixels(rendered(drawn, {"rating": {"value": value}})) for value in (0, 1))
    assert (full == 0).all(axis=2).sum() > 1000 > (empty == 0).all(axis=2).sum()


def nested(count: int) -> dict[str, Any]:
    inner = element("shape", fill="#ff0000")
    for number in range(count):
        inner = element(
            "group", id=f"g{number}", x=0, y=0, width=4000, height=4000, opacity=0.9, children=[inner]
        )
    return inner


def test_translucent_groups_within_each_other_have_a_bound_of_pixels() -> None:
    assert rendered(template(nested(8)))
    with pytest.raises(RenderRefused) as refused:
        rendered(template(nested(8), width=4000, height=4000))
    assert (refused.value.element_id, refused.value.field) == ("g0", "")


def test_a_picture_of_many_stacks_is_given_up_in_time() -> None:
    ticks = iter(np.arange(0, 1000, 0.5))
    renderer = PngRenderer(monotonic=lambda: float(next(ticks)))
    many = [stack(f"s{number}", text(f"t{number}", "words"), x=0, y=0, width=50) for number in range(90)]
    with pytest.raises(RenderRefused, match="too long"):
        rendered(template(*many), renderer=renderer)
