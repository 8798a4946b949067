"""What rows may say, and what they become."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.domain.manifests.records import Format, Record, Unreadable
from darkroom.domain.manifests.rows import (
    IMAGE_COLUMNS,
    MAX_COLUMNS,
    MEME_COLUMNS,
    ImageRow,
    RowRefused,
    content_of,
    header_of,
    image_row,
    payload_of,
    render_columns,
)
from darkroom.domain.templates.definition import parse_definition

BOX = {"x": 0, "y": 0, "width": 20, "height": 20}
DOCUMENT = parse_definition(
    {
        "canvas": {"width": 100, "height": 50},
        "elements": [
            {"id": "name", "type": "text", "text": "Name", **BOX},
            {"id": "photo", "type": "image", **BOX},
            {"id": "stars", "type": "rating", "value": 1, **BOX},
            {"id": "box", "type": "shape", "shape": "rect", **BOX},
            {
                "id": "offer",
                "type": "text",
                "runs": [{"text": "From "}, {"id": "price", "text": "?"}, {"id": "unit", "text": " a month"}],
                **BOX,
            },
        ],
    }
)
EXTRAS = frozenset({"premium"})


def record(text: str) -> Record:
    return Record(0, len(text), text.encode())


def test_a_header_names_columns() -> None:
    assert header_of(record(' name ,"photo.src",_sku\r\n')) == ("name", "photo.src", "_sku")


@pytest.mark.parametrize(
    "header", ["a,a\n", "a,,b\n", '"a\n', ",".join(map(str, range(MAX_COLUMNS + 1))), "x" * 300]
)
def test_a_header_that_cannot_be_used_is_refused(header: str) -> None:
    with pytest.raises(Unreadable):
        header_of(record(header))


@pytest.mark.parametrize("row", ["1\n", "1,2,3\n"])
def test_a_ragged_row_is_refused_and_says_how(row: str) -> None:
    with pytest.raises(RowRefused, match="2 columns"):
        content_of(Format.CSV, ("a", "b"), record(row))


def test_a_templates_columns_are_its_elements_with_or_without_their_field() -> None:
    values = {"name", "name.text", "photo", "photo.src", "stars", "stars.value", "offer", "offer.text"}
    assert render_columns(DOCUMENT) == values | {"offer.runs.price", "offer.runs.unit"}


@pytest.mark.parametrize(
    ("content", "payload"),
    [
        ({"name": "A", "_sku": "1"}, {"name": {"text": "A"}}),
        ({"name.text": "A", "stars": "4.5"}, {"name": {"text": "A"}, "stars": {"value": 4.5}}),
        ({"name": "", "photo": None}, {}),
        ({"name": {"text": "A"}, "stars": 4}, {"name": {"text": "A"}, "stars": {"value": 4.0}}),
        ({"photo": "https://a.example/b.png"}, {"photo": {"src": "https://a.example/b.png"}}),
        ({"name": "=1+1"}, {"name": {"text": "=1+1"}}),
        (
            {"offer.runs.price": "$49", "offer.runs.unit": " a year"},
            {"offer": {"runs": {"price": "$49", "unit": " a year"}}},
        ),
        ({"offer": {"runs": [{"text": "Sold"}]}}, {"offer": {"runs": [{"text": "Sold"}]}}),
    ],
)
def test_a_row_is_a_payload(content: dict[str, Any], payload: dict[str, Any]) -> None:
    assert payload_of(DOCUMENT, content) == payload


@pytest.mark.parametrize(
    ("content", "column"),
    [
        ({"nmae": "A"}, "nmae"),
        ({"offer.runs.prize": "$49"}, "offer.runs.prize"),
        ({"offer": "Sold", "offer.runs.price": "$49"}, "offer.runs.price"),
        ({"name.runs.price": "$49"}, "name.runs.price"),
        ({"photo.runs.price": "$49"}, "photo.runs.price"),
        ({"name": "A", "name.text": "B"}, "name.text"),
        ({"photo": "no address"}, "photo"),
        ({"photo.src": "no address"}, "photo.src"),
        ({"photo.text": "x"}, "photo.text"),
        ({"stars": "many"}, "stars"),
        ({"stars": "nan"}, "stars"),
        ({"box": "x"}, "box"),
        ({"name": 7}, "name"),
        ({"name": {"src": "x"}}, "name"),
        ({"name": "x" * 2_000_000}, "name"),
        ({"name": "\ud800"}, "name"),
    ],
)
def test_a_bad_payload_names_its_column(content: dict[str, Any], column: str) -> None:
    with pytest.raises(RowRefused) as refused:
        payload_of(DOCUMENT, content)
    assert refused.value.column == column
    assert "row." not in refused.value.message


def test_a_row_is_a_picture() -> None:
    full = {"prompt": "a cat", "aspect_ratio": "16:9", "quality": "premium", "_id": "7"}
    assert image_row(full, IMAGE_COLUMNS, EXTRAS) == ImageRow("a cat", "16:9", "premium")
    assert image_row({"prompt": "a cat", "quality": ""}, IMAGE_COLUMNS, EXTRAS) == ImageRow("a cat")


@pytest.mark.parametrize("enhance", [True, "true", "TRUE"])
def test_a_row_is_a_meme(enhance: object) -> None:
    row = {"template_prompt": "two buttons", "enhance": enhance}
    assert image_row(row, MEME_COLUMNS, EXTRAS) == ImageRow("", template_prompt="two buttons", enhance=True)


@pytest.mark.parametrize(
    ("content", "column"),
    [
        ({}, "prompt"),
        ({"prompt": "  "}, "prompt"),
        ({"prompt": 7}, "prompt"),
        ({"prompt": "x" * 10_001}, "prompt"),
        ({"prompt": "\udfff"}, "prompt"),
        ({"prompt": "a", "aspect_ratio": "7:1"}, "aspect_ratio"),
        ({"prompt": "a", "aspect_ratio": ["1:1"]}, "aspect_ratio"),
        ({"prompt": "a", "quality": "premium"}, "quality"),
        ({"prompt": "a", "enhance": "true"}, "enhance"),
    ],
)
def test_a_bad_picture_names_its_column(content: dict[str, Any], column: str) -> None:
    with pytest.raises(RowRefused) as refused:
        image_row(content, IMAGE_COLUMNS, frozenset())
    assert refused.value.column == column


def test_enhance_is_yes_or_no() -> None:
    with pytest.raises(RowRefused, match="true or false"):
        image_row({"prompt": "a", "enhance": "maybe"}, MEME_COLUMNS, EXTRAS)
