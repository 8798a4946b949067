"""What is kept from one picture to the next saves work and changes nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from darkroom.domain.templates.payload import parse_payload
from darkroom.domain.templates.template import Template
from darkroom_renderer.renderer import PngRenderer
from tests.unit.graphics.pictures import encoded, photo, pixels
from tests.unit.renderer.drawing import URL, element, rendered, template

PHOTO = encoded(photo(), "JPEG", quality=85)
OTHER = "https://pictures.example/other"


def card(**canvas: Any) -> Template:
    """Things that a payload fills in between things that it does not."""
    gradient = {
        "type": "linear",
        "angle": 135,
        "stops": [{"offset": 0, "color": "#1e1b4b"}, {"offset": 1, "color": "#db2777"}],
    }
    return template(
        element("shape", shape="ellipse", fill="#ffffff30", x=150, y=-40),
        element("text", x=10, y=10, width=220, height=40, color="#ffffff", fontSize=24),
        element("shape", id="ribbon", fill="#00000060", x=0, y=50, height=20, rotation=10),
        element("image", src=URL, x=10, y=90, width=60, height=60, circle=True),
        element("rating", x=80, y=110, width=100, height=20),
        element(
            "text",
            id="small",
            text="Always here",
            x=80,
            y=130,
            width=150,
            height=20,
            fontSize=12,
            opacity=0.7,
        ),
        **{"background": gradient} | canvas,
    )


ROWS = [{"text": {"text": f"Row {i}"}, "rating": {"value": i % 6 / 2 + 1}} for i in range(12)]


@pytest.mark.parametrize(
    "canvas", [{}, {"background": "transparent"}, {"background": {"type": "image", "src": OTHER}}]
)
@pytest.mark.parametrize("ratio", [1, 1.5])
@pytest.mark.parametrize("watermark", [False, True])
def test_a_batch_is_the_same_bytes_as_single_renders(
    canvas: dict[str, Any], ratio: float, watermark: bool
) -> None:
    drawn, fetched, renderer = card(**canvas), {URL: PHOTO, OTHER: PHOTO}, PngRenderer()
    for row in ROWS[:4]:
        kept = rendered(drawn, row, fetched, ratio=ratio, watermark=watermark, renderer=renderer)
        assert kept == rendered(drawn, row, fetched, ratio=ratio, watermark=watermark)


def test_which_elements_are_filled_in_makes_no_difference_to_the_order() -> None:
    drawn, renderer = card(), PngRenderer()
    for row in (
        ROWS[0],
        {},
        {"rating": {"value": 2}},
        {"text": {"text": "x"}},
        {"image": {"src": OTHER}},
        ROWS[0],
    ):
        fetched = {URL: PHOTO, OTHER: PHOTO}
        kept = pixels(rendered(drawn, row, fetched, renderer=renderer))
        assert (kept == pixels(rendered(drawn, row, fetched))).all()


def test_a_batch_decodes_its_pictures_and_opens_its_fonts_once() -> None:
    renderer, drawn = PngRenderer(), card()
    for row in ROWS:
        rendered(drawn, row | {"image": {"src": OTHER}}, {OTHER: PHOTO}, renderer=renderer)
    assert renderer.tools.pictures.decoded == 1
    assert renderer.tools.fonts.faces.opened == ["Inter.ttf"]


def test_a_drawing_is_drawn_once() -> None:
    markup = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
    renderer, drawn = PngRenderer(), template(element("rating"), element("svg"))
    for row in ROWS:
        filled = {"svg": {"src": URL}, "rating": row["rating"]}
        rendered(drawn, filled, {URL: markup.encode()}, renderer=renderer)
    assert renderer.tools.vectors.drawn_count == 1


def test_the_next_version_is_drawn_anew() -> None:
    renderer = PngRenderer()
    first = rendered(template(background="#ff0000"), renderer=renderer)
    second = rendered(template(background="#0000ff", version=2), renderer=renderer)
    assert pixels(first)[0, 0].tolist() == [255, 0, 0]
    assert pixels(second)[0, 0].tolist() == [0, 0, 255]


def test_an_address_that_shows_something_else_now_is_drawn_anew() -> None:
    renderer, drawn = PngRenderer(), template(element("image", src=URL))
    for colour in ((255, 0, 0), (0, 0, 255)):
        data = encoded(np.full((8, 8, 3), colour, np.uint8))
        assert pixels(rendered(drawn, {}, {URL: data}, renderer=renderer))[80, 120].tolist() == list(colour)


def test_a_picture_too_large_to_keep_is_drawn_all_the_same() -> None:
    small = PngRenderer(kept_bytes=1000)
    for row in ROWS[:2]:
        kept = pixels(rendered(card(), row, {URL: PHOTO}, watermark=True)).astype(int)
        direct = pixels(rendered(card(), row, {URL: PHOTO}, watermark=True, renderer=small)).astype(int)
        assert np.abs(kept - direct).max() <= 3


def test_warnings_come_with_every_picture_whether_it_was_drawn_or_kept() -> None:
    strange = "\U00012000"
    drawn = template(
        element("text", id="below", text=strange),
        element("text", id="filled", text="fine"),
        element("text", id="above", text=strange),
        element("text", id="hidden", text=strange, visible=False),
        element("barcode", id="code", text="CODE 128"),
    )
    renderer = PngRenderer()
    for text, warned in (("fine", []), (strange, ["filled"]), ("fine again", []), (strange, ["filled"])):
        filled = parse_payload(drawn.document, {"filled": {"text": text}})
        picture = renderer.render(drawn, filled, {}, 1, watermark=False)
        assert {it.element_id for it in picture.warnings} == {"below", "above", *warned}
        assert {it.characters for it in picture.warnings} == {strange}
