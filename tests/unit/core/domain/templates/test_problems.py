"""Mistakes in a template's document: each is told by the element's name and the field, never by what was sent."""

from __future__ import annotations

import math
from typing import Any

import pytest

from darkroom.domain.errors import InvalidParam
from darkroom.domain.templates.definition import parse_definition
from tests.harness.template_making import document, element

STOPS = [{"offset": 0, "color": "#fff"}, {"offset": 1, "color": "#123456"}]


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
        (document(element(color=None)), "elements.it.color", "a colour"),
        (document(element("qr", color=None)), "elements.it.color", "a string"),
        (document(element(color={"type": "conic"})), "elements.it.color", "linear or radial"),
        (document(element(color={"type": "linear", "stops": []})), "elements.it.color.stops", "at least 2"),
        (document(element(outline={"color": "#000"})), "elements.it.outline.width", "is required"),
        (document(element(textDecoration="blink")), "elements.it.textDecoration", "'underline'"),
        (document(element(runs="a")), "elements.it.runs", "an array"),
        (document(element(runs=["a"])), "elements.it.runs.0", "an object"),
        (document(element(runs=[{"text": "a"}, {}])), "elements.it.runs.1.text", "is required"),
        (document(element(runs=[{"text": "a", "size": 3}])), "elements.it.runs.0.size", "not a known field"),
        (document(element(runs=[{"text": "a", "fontSize": 0}])), "elements.it.runs.0.fontSize", "at least 1"),
        (document(element(runs=[{"text": "a", "color": "red"}])), "elements.it.runs.0.color", "a colour"),
        (
            document(element(runs=[{"text": "a", "color": {"type": "linear", "stops": [{"offset": 2}]}}])),
            "elements.it.runs.0.color.stops.0.offset",
            "at most 1",
        ),
        (document(element(runs=[{"text": "a", "id": "1"}])), "elements.it.runs.0.id", "begin with a letter"),
        (document(element(runs=[{"text": "a", "id": "b"}] * 2)), "elements.it.runs.1.id", "used twice"),
        (document(element(runs=[{"text": "a"}] * 501)), "elements.it.runs", "at most 500 entries"),
        (document(element(runs=[{"text": "a" * 6000}] * 2)), "elements.it.runs", "10000 characters together"),
        (document(element(text="a", runs=[])), "elements.it.runs", "cannot be combined with text"),
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
