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
    TemplateDefinition,
    definition_json,
    output_size,
    parse_definition,
)
from darkroom.domain.templates.elements import MAX_ELEMENTS
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


def test_a_document_has_a_limited_number_of_elements() -> None:
    many = [element(element_id=f"e{number}") for number in range(MAX_ELEMENTS)]
    assert len(parse_definition(document(*many)).elements) == MAX_ELEMENTS
    assert refused(document(*many, element())).param == "elements"
    assert refused(document(*[3] * 10_000)).param == "elements"


def test_a_document_has_a_limited_size() -> None:
    texts = [element(element_id=f"e{number}", text="ü" * 10_000) for number in range(10)]
    assert f"{MAX_DEFINITION_BYTES // 1000} KB" in refused(document(*texts)).detail
    parse_definition(document(*texts[:9]))


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
