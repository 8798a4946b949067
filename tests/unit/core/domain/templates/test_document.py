"""Documents: what is accepted, what is refused and how that is told."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkroom.domain.errors import InvalidParam
from darkroom.domain.templates.definition import (
    MAX_DEFINITION_BYTES,
    MAX_ELEMENTS,
    TemplateDefinition,
    definition_json,
    output_size,
    parse_definition,
)
from darkroom.domain.templates.elements import TextElement
from darkroom.domain.templates.parts import rgba
from tests.harness.template_making import document, element

STOPS = [{"offset": 0, "color": "#fff"}, {"offset": 1, "color": "#123456"}]
TYPES = ["text", "image", "svg", "qr", "barcode", "rating", "shape"]


def refused(data: object) -> InvalidParam:
    with pytest.raises(InvalidParam) as refusal:
        parse_definition(data)
    assert refusal.value.param is not None
    assert refusal.value.detail.startswith(f"{refusal.value.param}: ")
    refusal.value.detail.encode()
    return refusal.value


def nested(depth: int) -> Any:
    data: Any = []
    for _ in range(depth):
        data = {"stops": data}
    return data


@pytest.mark.parametrize("kind", TYPES)
def test_an_element_needs_only_its_type_name_and_box(kind: str) -> None:
    parsed = parse_definition(document(element(kind)))
    assert parsed.elements[0].type == kind
    assert parse_definition(definition_json(parsed)) == parsed


def test_what_is_answered_names_every_default_in_camel_case() -> None:
    answered = definition_json(parse_definition(document(element("text", fontSize=20))))
    text = answered["elements"][0]
    assert text["fontSize"] == 20
    assert text["lineHeight"] == 1.2
    assert "maxLines" not in text
    assert not any("_" in name for name in text)
    json.dumps(answered, allow_nan=False)


@pytest.mark.parametrize(
    "background",
    [
        "#fff",
        "#ffff",
        "#a1b2c3",
        "#A1B2C3D4",
        "transparent",
        {"type": "linear", "stops": STOPS, "angle": 45},
        {"type": "radial", "stops": STOPS, "cx": 0.2, "radius": 0.9},
        {"type": "image", "src": "https://example.com/a.png", "fit": "contain"},
    ],
)
def test_a_canvas_has_a_colour_a_gradient_or_a_picture(background: object) -> None:
    parsed = parse_definition(document(background=background))
    assert parse_definition(definition_json(parsed)) == parsed


def test_elements_are_drawn_by_z_then_by_place_and_hidden_ones_not_at_all() -> None:
    parsed = parse_definition(
        document(
            element(element_id="b", z=1),
            element(element_id="a"),
            element(element_id="gone", visible=False),
            element(element_id="c", z=1),
            element(element_id="back", z=-1),
        )
    )
    assert [it.id for it in parsed.in_order()] == ["back", "a", "b", "c"]
    assert parsed.element("gone") is not None
    assert parsed.element("no") is None


@pytest.mark.parametrize(
    ("data", "param", "words"),
    [
        (None, "document", "an object"),
        ([], "document", "an object"),
        ({}, "canvas", "is required"),
        ({"canvas": {"width": 10}}, "canvas.height", "is required"),
        ({"canvas": {"width": 0, "height": 10}}, "canvas.width", "at least 1"),
        ({"canvas": {"width": 4097, "height": 10}}, "canvas.width", "at most 4096"),
        ({"canvas": {"width": 10.5, "height": 10}}, "canvas.width", "whole number"),
        ({"canvas": {"width": 10, "height": 10, "colour": "#fff"}}, "canvas.colour", "not a known field"),
        ({**document(), "elements": {}}, "elements", "an array"),
        (document(3), "elements.0", "an object"),
        (document({"type": "text"}), "elements.0.id", "is required"),
        (document({"id": "a"}), "elements.a.type", "one of text, image"),
        (document(element("video", "a")), "elements.a.type", "one of text, image"),
        (document(element(["text"], "a")), "elements.a.type", "one of text, image"),  # type: ignore[arg-type]
        (document(element(), element("qr")), "elements.1.id", "used twice"),
        (document(element(element_id="1st")), "elements.0.id", "begin with a letter"),
        (document(element(element_id="a\u202eb")), "elements.0.id", "begin with a letter"),
        (document(element(element_id="a\n")), "elements.0.id", "begin with a letter"),
        (document(element(element_id="a" * 65)), "elements.0.id", "begin with a letter"),
        (document(element(fontSize="20")), "elements.it.fontSize", "a number"),
        (document(element(fontSize=True)), "elements.it.fontSize", "a number"),
        (document(element(fontSize=0)), "elements.it.fontSize", "at least 1"),
        (document(element(font_size=20)), "elements.it.font_size", "not a known field"),
        (document(element(x=math.nan)), "elements.it.x", "finite"),
        (document(element(x=math.inf)), "elements.it.x", "finite"),
        (document(element(x=10**400)), "elements.it.x", "a number"),
        (document(element(z=10**400)), "elements.it.z", "at most 1000"),
        (document(element(z=1.5)), "elements.it.z", "whole number"),
        (document(element(width=0)), "elements.it.width", "more than 0"),
        (document(element(visible="no")), "elements.it.visible", "true or false"),
        (document(element(text="\ud800")), "elements.it.text", "valid Unicode"),
        (document({**element(), "\ud800\u202e": 1}), "elements.it", "valid Unicode"),
        (document({**element(), "\u202eevil": 1}), "elements.it.?evil", "not a known field"),
        (document(element(text="x" * 10_001)), "elements.it.text", "at most 10000 characters"),
        (document(element(fontFamily="Comic Sans")), "elements.it.fontFamily", "'Inter'"),
        (document(element(fontWeight=50)), "elements.it.fontWeight", "at least 100"),
        (document(element(color="red")), "elements.it.color", "a colour"),
        (document(element(color="#fff\n")), "elements.it.color", "a colour"),
        (document(element(color=None)), "elements.it.color", "a string"),
        (document(element(shadow={"blur": -1})), "elements.it.shadow.blur", "at least 0"),
        (document(element(shadow=nested(50_000))), "elements.it.shadow.stops", "not a known field"),
        (document(element(minFontSize=33)), "elements.it.minFontSize", "not be larger than fontSize"),
        (document(element("image", src="file:///etc/passwd")), "elements.it.src", "http"),
        (document(element("image", src="https://me:pw@example.com/")), "elements.it.src", "http"),
        (document(element("image", src="data:image/png;base64,AA")), "elements.it.src", "http"),
        (document(element("image", src="https://a.b/" + "x" * 2048)), "elements.it.src", "2048 characters"),
        (document(element("svg", src="https://a.b/c", svg="<svg/>")), "elements.it.svg", "with src"),
        (document(element("rating", value=5.5)), "elements.it.value", "not be more than max"),
        (document(element("rating", max=11)), "elements.it.max", "at most 10"),
        (document(element("barcode", format="ean13", text="123")), "elements.it.text", "12 or 13 digits"),
        (document(element("qr", text="é" * 1200)), "elements.it.text", "at most 2331 bytes"),
        (document(element("shape", strokeDash=[1])), "elements.it.strokeDash", "at least 2 entries"),
        (document(element("shape", fill=3)), "elements.it.fill", "linear or radial"),
        (document(element("shape", fill={"type": "conic"})), "elements.it.fill", "linear or radial"),
        (
            document(element("shape", fill={"type": "linear", "stops": STOPS[:1]})),
            "elements.it.fill.stops",
            "at least 2 entries",
        ),
        (
            document(background={"type": "radial", "stops": [STOPS[0], {"offset": 2, "color": "#000"}]}),
            "canvas.background.stops.1.offset",
            "at most 1",
        ),
        (document(background={"type": "image", "src": "x"}), "canvas.background.src", "http"),
        (document(background={"type": "conic"}), "canvas.background", "linear, radial or image"),
        (document(background=[]), "canvas.background", "linear, radial or image"),
        (document(background={"type": "image"}), "canvas.background.src", "is required"),
    ],
)
def test_a_mistake_is_told_by_the_elements_name_and_the_field(data: object, param: str, words: str) -> None:
    refusal = refused(data)
    assert refusal.param == param
    assert words in refusal.detail


def test_what_was_sent_is_not_in_the_message() -> None:
    assert "hunter2" not in refused(document(element(color="hunter2"))).detail
    assert "hunter2" not in refused(document(element("hunter2"))).detail


def test_a_document_has_a_limited_number_of_elements() -> None:
    many = [element(element_id=f"e{number}") for number in range(MAX_ELEMENTS)]
    assert len(parse_definition(document(*many)).elements) == MAX_ELEMENTS
    assert refused(document(*many, element())).param == "elements"
    assert refused(document(*[3] * 10_000)).param == "elements"


def test_a_document_has_a_limited_size() -> None:
    texts = [element(element_id=f"e{number}", text="ü" * 10_000) for number in range(10)]
    assert f"{MAX_DEFINITION_BYTES // 1000} KB" in refused(document(*texts)).detail
    parse_definition(document(*texts[:9]))


@pytest.mark.parametrize(
    ("fields", "smallest"),
    [
        ({}, 32),
        ({"autoShrink": True}, 8),
        ({"minFontSize": 20}, 20),
        ({"autoShrink": True, "fontSize": 5}, 5),
    ],
)
def test_text_shrinks_as_far_as_it_is_told(fields: dict[str, Any], smallest: float) -> None:
    text = parse_definition(document(element(**fields))).elements[0]
    assert isinstance(text, TextElement)
    assert text.smallest_size == smallest


@pytest.mark.parametrize(
    ("colour", "channels"),
    [
        ("#fff", (255, 255, 255, 255)),
        ("#1a2c", (17, 170, 34, 204)),
        ("#0080ff", (0, 128, 255, 255)),
        ("#0080FF40", (0, 128, 255, 64)),
        ("transparent", (0, 0, 0, 0)),
    ],
)
def test_colours_are_read(colour: str, channels: tuple[int, int, int, int]) -> None:
    assert rgba(colour) == channels


def sized(width: int, height: int) -> TemplateDefinition:
    return parse_definition({"canvas": {"width": width, "height": height}})


def test_a_ratio_scales_the_picture() -> None:
    assert output_size(sized(1200, 630), 1) == (1200, 630)
    assert output_size(sized(1200, 630), 1.5) == (1800, 945)
    assert output_size(sized(2000, 2000), 3) == (6000, 6000)


@pytest.mark.parametrize("ratio", [0, 0.09, 3.01, -1, math.nan, math.inf])
def test_a_ratio_is_from_a_tenth_to_three(ratio: float) -> None:
    with pytest.raises(InvalidParam) as refusal:
        output_size(sized(10, 10), ratio)
    assert refusal.value.param == "pixelRatio"


def test_a_picture_of_too_many_pixels_is_refused_with_the_limit() -> None:
    with pytest.raises(InvalidParam) as refusal:
        output_size(sized(4096, 4096), 2)
    assert (
        refusal.value.detail
        == "pixelRatio: 8192 by 8192 px are more than the 36 megapixels a picture can have."
    )


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("\ud83d"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "x", "text", "stops", "canvas", "\udc00"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(ANYTHING, ANYTHING, st.sampled_from([*TYPES, None]))
def test_whatever_is_sent_is_read_or_refused(background: object, inside: Any, kind: str | None) -> None:
    broken = {**element(), **(inside if isinstance(inside, dict) else {"text": inside})}
    broken = broken if kind is None else {**broken, "type": kind}
    for data in (
        inside,
        {"canvas": background, "elements": [broken]},
        document(broken, background=background),
    ):
        try:
            parse_definition(data)
        except InvalidParam as refusal:
            refusal.detail.encode()
