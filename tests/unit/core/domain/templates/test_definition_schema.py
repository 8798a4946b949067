"""The JSON Schema says of documents what reading them does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from darkroom.catalog_data.starters import starters
from darkroom.domain.errors import InvalidParam
from darkroom.domain.templates.definition import definition_json, json_schema, parse_definition
from tests.harness.template_making import document, element

GOLD = {"type": "linear", "stops": [{"offset": 0, "color": "#f59e0b"}, {"offset": 1, "color": "#be185d"}]}
SCHEMA = json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def test_it_is_a_schema_of_its_own() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    text = json.dumps(SCHEMA)
    references = {part.split('"')[0] for part in text.split('"$ref": "')[1:]}
    assert references
    assert all(reference.startswith("#/$defs/") for reference in references)


def test_it_describes_every_type_in_camel_case() -> None:
    described = {
        definition["properties"]["type"]["const"]: definition
        for definition in SCHEMA["$defs"].values()
        if {"id", "type"} <= set(definition.get("properties", {}))
    }
    assert set(described) == {
        "text",
        "image",
        "svg",
        "qr",
        "barcode",
        "rating",
        "shape",
        "group",
        "stack",
    }
    assert "fontSize" in described["text"]["properties"]
    assert described["text"]["additionalProperties"] is False


@pytest.mark.parametrize("starter", starters(), ids=lambda starter: starter.slug)
def test_starters_and_what_is_answered_of_them_are_valid(starter: Any) -> None:
    assert not list(VALIDATOR.iter_errors(definition_json(starter.document)))


@pytest.mark.parametrize(
    "data",
    [
        {},
        [],
        {"canvas": {"width": 0, "height": 1}},
        document(element("video")),
        document(element(bogus=1)),
        document(element(color="red")),
        document(element(color=None)),
        document(element(runs=[{"text": "a", "size": 3}])),
        document(element(runs=[{}])),
        document(element(runs=[{"text": "a"}] * 501)),
        document(element(outline={"color": "#fff", "width": 0})),
        document(element(fontFamily="")),
        document(element(fontWeight=450.5)),
        document(element(opacity=1.1)),
        document(element(width=0)),
        document(element(element_id="1")),
        document(element("image", src="ftp://a.b/c")),
        document(element("shape", fill={"type": "linear", "stops": []})),
        document(element("shape", strokeDash=[1, 2, 3])),
        document(element("rating", max=0)),
        document(background={"type": "image"}),
        document(background=7),
    ],
)
def test_what_the_schema_refuses_is_refused(data: object) -> None:
    assert list(VALIDATOR.iter_errors(data))
    with pytest.raises(InvalidParam):
        parse_definition(data)


@pytest.mark.parametrize(
    "data",
    [
        document(element("shape", width=0, fill="#fff8", strokeDash=[4, 2])),
        document(element("image", src="https://example.com/a.png", border={"color": "#000", "width": 2})),
        document(element(maxLines=None, shadow=None)),
        document(element(runs=[{"text": "a"}, {"id": "b", "text": "b", "color": GOLD, "fontSize": 20}])),
        document(element(color=GOLD, outline={"color": "#fff", "width": 2}, textDecoration="underline")),
        document(background={"type": "image", "src": "http://example.com"}),
    ],
)
def test_what_the_schema_accepts_is_read(data: object) -> None:
    assert not list(VALIDATOR.iter_errors(data))
    assert definition_json(parse_definition(data))["canvas"]["width"] == 200
