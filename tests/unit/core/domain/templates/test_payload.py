"""Payloads: each element takes its own kind of value, and what is wrong is told by its name."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkroom.domain.errors import InvalidParam
from darkroom.domain.templates.definition import parse_definition
from darkroom.domain.templates.elements import TextElement, TextRun
from darkroom.domain.templates.payload import (
    Source,
    Value,
    is_given,
    parse_payload,
    payload_json,
    sources,
    stored_payload,
    words_of,
)
from tests.harness.template_making import document, element

URL = "https://example.com/a.png"
TEMPLATE = parse_definition(
    document(
        element("text", "headline", text="Hello"),
        element("image", "avatar", src=URL),
        element("svg", "logo"),
        element("qr", "qr", errorCorrection="H"),
        element("barcode", "ean", format="ean13"),
        element("barcode", "label", format="code128"),
        element("rating", "stars", max=5),
        element("shape", "box"),
        element(
            "text",
            "offer",
            runs=[{"text": "From "}, {"id": "price", "text": "?"}, {"text": "!", "id": "end"}],
        ),
    )
)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ({"headline": {"text": "500K followers"}}, Value(text="500K followers")),
        ({"headline": {"text": ""}}, Value(text="")),
        ({"headline": {"text": "\u202eabc עברית 👩\u200d💻"}}, Value(text="\u202eabc עברית 👩\u200d💻")),
        (
            {"avatar": {"src": "http://example.com:8080/a?b=c#d"}},
            Value(src="http://example.com:8080/a?b=c#d"),
        ),
        ({"logo": {"src": "https://münchen.example/ü.svg"}}, Value(src="https://münchen.example/ü.svg")),
        ({"qr": {"text": "1" * 3057}}, Value(text="1" * 3057)),
        ({"qr": {"text": "A" * 1852}}, Value(text="A" * 1852)),
        ({"ean": {"text": "4006381333931"}}, Value(text="4006381333931")),
        ({"ean": {"text": "400638133393"}}, Value(text="400638133393")),
        ({"label": {"text": "Seat 12/B ~"}}, Value(text="Seat 12/B ~")),
        ({"stars": {"value": 4.5}}, Value(value=4.5)),
        ({"offer": {"text": "Sold"}}, Value(text="Sold")),
        ({"offer": {"runs": {"price": "$49"}}}, Value(fills={"price": "$49"})),
        ({"offer": {"runs": {}}}, Value(fills={})),
        ({"offer": {"runs": []}}, Value(runs=())),
        (
            {"headline": {"runs": [{"text": "a", "fontSize": 20}]}},
            Value(runs=(TextRun(text="a", font_size=20),)),
        ),
        ({"stars": {"value": 5}}, Value(value=5.0)),
        ({"stars": {"value": 0}}, Value(value=0.0)),
    ],
)
def test_each_element_takes_its_value(data: dict[str, Any], value: Value) -> None:
    payload = parse_payload(TEMPLATE, data)
    assert list(payload.values()) == [value]
    assert payload_json(payload) == data
    assert stored_payload(json.loads(json.dumps(data))) == payload


@pytest.mark.parametrize(
    ("data", "param", "words"),
    [
        (None, "payload", "an object"),
        ([], "payload", "an object"),
        ({"title": {"text": "x"}}, "payload.title", "no such element"),
        ({"\u202e\ud800": {"text": "x"}}, "payload.??", "no such element"),
        ({"": {"text": "x"}}, "payload.", "no such element"),
        ({"headline": "x"}, "payload.headline", '{"text": …}'),
        ({"headline": None}, "payload.headline", '{"text": …}'),
        ({"headline": {}}, "payload.headline.text", "is required"),
        ({"headline": {"text": 3}}, "payload.headline.text", "a string"),
        ({"headline": {"text": None}}, "payload.headline.text", "a string"),
        ({"headline": {"src": URL}}, "payload.headline.src", "takes text and nothing else"),
        ({"headline": {"text": "x", "color": "#fff"}}, "payload.headline.color", "takes text and nothing"),
        ({"headline": {"text": "x" * 10_001}}, "payload.headline.text", "at most 10000 characters"),
        ({"headline": {"text": "\ud83d"}}, "payload.headline.text", "valid Unicode"),
        ({"headline": {"runs": "x"}}, "payload.headline.runs", "an array"),
        ({"headline": {"runs": [], "text": "x"}}, "payload.headline.text", "cannot be combined with runs"),
        ({"headline": {"runs": [], "color": "#fff"}}, "payload.headline.color", "combined with runs"),
        ({"headline": {"runs": ["x"]}}, "payload.headline.runs.0", "an object"),
        ({"headline": {"runs": [{"text": "x"}, {"text": 3}]}}, "payload.headline.runs.1.text", "a string"),
        (
            {"headline": {"runs": [{"text": "x", "fontSize": 0}]}},
            "payload.headline.runs.0.fontSize",
            "at least",
        ),
        (
            {"headline": {"runs": [{"text": "x", "color": "red"}]}},
            "payload.headline.runs.0.color",
            "a colour",
        ),
        ({"headline": {"runs": [{"text": "\ud83d"}]}}, "payload.headline.runs.0.text", "valid Unicode"),
        ({"headline": {"runs": [{"text": "x"}] * 10_000}}, "payload.headline.runs", "at most 500 entries"),
        ({"headline": {"runs": [{"text": "x" * 6000}] * 2}}, "payload.headline.runs", "10000 characters"),
        ({"headline": {"runs": {"price": "x"}}}, "payload.headline.runs.price", "no such run"),
        ({"offer": {"runs": {"prize": "x"}}}, "payload.offer.runs.prize", "no such run"),
        ({"offer": {"runs": {"price": 3}}}, "payload.offer.runs.price", "a string"),
        ({"offer": {"runs": {"price": {"text": "x"}}}}, "payload.offer.runs.price", "a string"),
        ({"offer": {"runs": {"price": "\ud83d"}}}, "payload.offer.runs.price", "valid Unicode"),
        ({"offer": {"runs": {"price": "x" * 9_999}}}, "payload.offer.runs", "10000 characters"),
        ({"avatar": {"runs": []}}, "payload.avatar.runs", "takes src and nothing else"),
        ({"qr": {"runs": []}}, "payload.qr.runs", "takes text and nothing else"),
        ({"avatar": {"text": "x"}}, "payload.avatar.text", "takes src and nothing else"),
        ({"avatar": {"src": ""}}, "payload.avatar.src", "http"),
        ({"avatar": {"src": "example.com/a.png"}}, "payload.avatar.src", "http"),
        ({"avatar": {"src": "https://"}}, "payload.avatar.src", "http"),
        ({"avatar": {"src": "https://a b/"}}, "payload.avatar.src", "http"),
        ({"avatar": {"src": f"{URL}\n"}}, "payload.avatar.src", "http"),
        ({"avatar": {"src": "javascript:alert(1)"}}, "payload.avatar.src", "http"),
        ({"avatar": {"src": "file:///etc/passwd"}}, "payload.avatar.src", "http"),
        ({"avatar": {"src": "https://me@example.com/"}}, "payload.avatar.src", "http"),
        ({"avatar": {"src": "https://good.example\\@evil.example/"}}, "payload.avatar.src", "http"),
        ({"avatar": {"src": "https://a.b/\ud800"}}, "payload.avatar.src", "http"),
        ({"avatar": {"src": "https://a.b/" + "x" * 2048}}, "payload.avatar.src", "at most 2048"),
        ({"qr": {"text": "x" * 1274}}, "payload.qr.text", "at most 1273 bytes, not 1274"),
        ({"qr": {"text": "é" * 637}}, "payload.qr.text", "at most 1273 bytes, not 1274"),
        ({"qr": {"text": "1" * 3058}}, "payload.qr.text", "at most 3057 digits"),
        ({"ean": {"text": "4006381333932"}}, "payload.ean.text", "must be 1"),
        ({"ean": {"text": "40063813339"}}, "payload.ean.text", "12 or 13 digits"),
        ({"ean": {"text": "٤٠٠٦٣٨١٣٣٣٩٣"}}, "payload.ean.text", "12 or 13 digits"),
        ({"label": {"text": "Straße"}}, "payload.label.text", "ASCII"),
        ({"label": {"text": "a\n"}}, "payload.label.text", "ASCII"),
        ({"label": {"text": "x" * 81}}, "payload.label.text", "at most 80"),
        ({"stars": {"value": "4.5"}}, "payload.stars.value", "a number"),
        ({"stars": {"value": True}}, "payload.stars.value", "a number"),
        ({"stars": {"value": math.nan}}, "payload.stars.value", "from 0 to 5"),
        ({"stars": {"value": -math.inf}}, "payload.stars.value", "from 0 to 5"),
        ({"stars": {"value": 10**400}}, "payload.stars.value", "from 0 to 5"),
        ({"stars": {"value": 5.1}}, "payload.stars.value", "from 0 to 5"),
        ({"stars": {"text": "5"}}, "payload.stars.text", "takes value and nothing else"),
        ({"box": {"text": "x"}}, "payload.box", "a shape takes no value"),
    ],
)
def test_a_mistake_is_told_by_the_elements_name(data: object, param: str, words: str) -> None:
    with pytest.raises(InvalidParam) as refusal:
        parse_payload(TEMPLATE, data)
    assert refusal.value.param == param
    assert refusal.value.detail.startswith(f"{param}: ")
    assert words in refusal.value.detail
    refusal.value.detail.encode()


def test_a_payload_among_many_is_named_by_its_place() -> None:
    with pytest.raises(InvalidParam) as refusal:
        parse_payload(TEMPLATE, {"stars": {"value": 6}}, param="payloads.17")
    assert refusal.value.param == "payloads.17.stars.value"


def test_whole_numbers_and_fractions_of_one_value_are_one_payload() -> None:
    whole, fraction = ({"stars": {"value": value}} for value in (4, 4.0))
    assert parse_payload(TEMPLATE, whole) == parse_payload(TEMPLATE, fraction)
    assert repr(payload_json(parse_payload(TEMPLATE, whole))) == repr(fraction)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*(it.id for it in TEMPLATE.elements), "\udfff", "other"]),
        st.dictionaries(
            st.sampled_from(["text", "src", "value", "runs", "\ud800"]),
            st.lists(
                st.dictionaries(st.sampled_from(["text", "color", "x"]), st.text(max_size=5)), max_size=3
            )
            | st.dictionaries(st.sampled_from(["price", "end", "x"]), st.text(max_size=5))
            | st.text(max_size=20)
            | st.floats()
            | st.integers()
            | st.none()
            | st.just("\udfff"),
        ),
    )
)
def test_whatever_is_sent_is_read_or_refused(data: dict[str, Any]) -> None:
    try:
        assert parse_payload(TEMPLATE, payload_json(parse_payload(TEMPLATE, data))) or not data
    except InvalidParam as refusal:
        refusal.detail.encode()


def test_pictures_are_named_once_with_who_needs_them_first() -> None:
    template = parse_definition(
        document(
            element("image", "front", src=URL, z=1),
            element("image", "twin", src=URL),
            element("image", "empty"),
            element("image", "hidden", src="https://example.com/hidden.png", visible=False),
            element("svg", "logo", src="https://example.com/logo.svg"),
            background={"type": "image", "src": "https://example.com/back.jpg"},
        )
    )
    assert sources(template, {}) == (
        Source("https://example.com/back.jpg", "canvas", "background.src"),
        Source(URL, "twin", "src"),
        Source("https://example.com/logo.svg", "logo", "src"),
    )
    filled = parse_payload(
        template, {"empty": {"src": "https://example.com/back.jpg"}, "twin": {"src": "https://b.c/d"}}
    )
    assert [(source.url, source.element_id) for source in sources(template, filled)] == [
        ("https://example.com/back.jpg", "canvas"),
        ("https://b.c/d", "twin"),
        ("https://example.com/logo.svg", "logo"),
        (URL, "front"),
    ]


def words(element_id: str, data: dict[str, Any]) -> str | list[str]:
    found = TEMPLATE.element(element_id)
    assert isinstance(found, TextElement)
    said = words_of(found, parse_payload(TEMPLATE, data))
    return said if isinstance(said, str) else [run.text for run in said]


@pytest.mark.parametrize(
    ("element_id", "data", "said"),
    [
        ("headline", {}, "Hello"),
        ("headline", {"headline": {"text": ""}}, ""),
        ("headline", {"headline": {"runs": [{"text": "a"}, {"text": "b"}]}}, ["a", "b"]),
        ("offer", {}, ["From ", "?", "!"]),
        ("offer", {"offer": {"text": "Sold"}}, "Sold"),
        ("offer", {"offer": {"runs": {"price": "$49", "end": ""}}}, ["From ", "$49", ""]),
        ("offer", {"offer": {"runs": [{"text": "Sold"}]}}, ["Sold"]),
    ],
)
def test_a_text_says_what_the_payload_fills_in(element_id: str, data: dict[str, Any], said: object) -> None:
    assert words(element_id, data) == said


def test_a_filled_run_keeps_its_look() -> None:
    found = parse_definition(document(element(runs=[{"id": "a", "text": "?", "color": "#f00"}]))).elements[0]
    assert isinstance(found, TextElement)
    assert words_of(found, {"it": Value(fills={"a": "!"})}) == (TextRun(id="a", text="!", color="#f00"),)


@pytest.mark.parametrize(
    ("runs", "given"),
    [([], False), ([{"text": " "}], False), ([{"text": "a"}], True), ({"price": ""}, False), ({"price": "$"}, True)],
)  # fmt: skip
def test_a_text_is_given_if_a_run_of_it_is(runs: object, given: bool) -> None:
    assert is_given(parse_payload(TEMPLATE, {"offer": {"runs": runs}}), "offer") is given
