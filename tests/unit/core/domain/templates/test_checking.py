"""Groups, stacks and conditions: what must fit together in a document, and how it is told when it does not."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.domain.errors import InvalidParam
from darkroom.domain.templates.checking import MAX_NESTED
from darkroom.domain.templates.definition import definition_json, parse_definition
from darkroom.domain.templates.elements import MAX_ELEMENTS
from tests.harness.template_making import document, element


def text(element_id: str = "words", **fields: Any) -> dict[str, Any]:
    return {"id": element_id, "type": "text", **fields}


def stack(*children: object, element_id: str = "stack", **fields: Any) -> dict[str, Any]:
    return {"id": element_id, "type": "stack", "x": 0, "y": 0, "children": list(children), **fields}


def group(*children: object, element_id: str = "group", **fields: Any) -> dict[str, Any]:
    return element("group", element_id, children=list(children), **fields)


def nested(count: int, kind: str = "stack") -> dict[str, Any]:
    inner: dict[str, Any] = text()
    for number in reversed(range(count)):
        inner = {"id": f"s{number}", "type": kind, "x": 0, "y": 0, "children": [inner]}
    return inner


def refused(data: object) -> InvalidParam:
    with pytest.raises(InvalidParam) as refusal:
        parse_definition(data)
    assert refusal.value.detail.startswith(f"{refusal.value.param}: ")
    return refusal.value


@pytest.mark.parametrize(
    "data",
    [
        document(stack(text(), text("more", height=20), element("image", "photo", width=40, height=40))),
        document(stack(text(), stack(text("in"), element_id="inner", direction="row"), padding=4, gap=2)),
        document(
            stack({"id": "line", "type": "shape", "height": 1}, {"id": "rest", "type": "svg", "grow": 1})
        ),
        document(stack({"id": "line", "type": "shape", "width": 1}, direction="row", width=100)),
        document(stack({"id": "dot", "type": "shape", "width": 4, "height": 4, "alignSelf": "end"})),
        document(group(element("qr", "code"), stack(text(), width=20))),
        document(element(), element("shape", "line", width=0, visibleWhen={"given": "it"})),
        document(text("a", x=0, y=0, width=9, height=9, visibleWhen={"missing": "b"}), element("image", "b")),
        document(nested(MAX_NESTED)),
    ],
)
def test_what_fits_together_is_read_and_answered_as_it_was_sent(data: object) -> None:
    parsed = parse_definition(data)
    answered = definition_json(parsed)
    assert parse_definition(answered) == parsed
    assert definition_json(parse_definition(answered)) == answered
    assert -1 not in [it.get("width") for it in answered["elements"]]


def test_a_document_without_any_of_it_is_answered_without_any_of_it() -> None:
    (answered,) = definition_json(parse_definition(document(element("shape", width=0))))["elements"]
    assert not {"grow", "alignSelf", "visibleWhen", "children"} & set(answered)
    assert answered["width"] == 0


@pytest.mark.parametrize(
    ("data", "param", "words"),
    [
        (document(text(x=0, y=0, width=1)), "elements.words.height", "is required"),
        (document(text(y=0, width=1, height=1)), "elements.words.x", "is required"),
        (document(group(text(x=1, width=1, height=1))), "elements.words.y", "is required"),
        (document(group(text(x=1, y=1, width=1), element_id="g")), "elements.words.height", "is required"),
        (document(group(width=None)), "elements.group.width", "a number"),
        (document({"id": "s", "type": "stack", "x": 0}), "elements.s.y", "is required"),
        (document(stack({"id": "p", "type": "image", "width": 9})), "elements.p.height", "is required"),
        (document(stack({"id": "p", "type": "image"}, direction="row")), "elements.p.width", "is required"),
        (
            document(stack({"id": "p", "type": "image", "height": 9}, align="center")),
            "elements.p.width",
            "is required",
        ),
        (
            document(stack({"id": "p", "type": "image", "height": 9, "alignSelf": "start"})),
            "elements.p.width",
            "is required",
        ),
        (document(stack(text(width=0))), "elements.words.width", "more than 0"),
        (document(stack(text(width=-1))), "elements.words.width", "more than 0"),
        (document(stack(text(fontSize="9"))), "elements.words.fontSize", "a number"),
        (document(stack(text(), text())), "elements.stack.children.1.id", "used twice"),
        (document(stack(text("stack"))), "elements.stack.children.0.id", "used twice"),
        (document(stack(text("1st"))), "elements.stack.children.0.id", "begin with a letter"),
        (document(stack({"id": "a", "type": "video"})), "elements.a.type", "group and stack"),
        (document(stack({"type": "text"})), "elements.stack.children.0.id", "is required"),
        (document(stack(7)), "elements.stack.children.0", "an object"),
        (document(stack(gap=-1)), "elements.stack.gap", "at least 0"),
        (document(stack(text(grow=0))), "elements.words.grow", "more than 0"),
        (document(element(grow=1)), "elements.it.grow", "in a stack"),
        (document(group(element(grow=1))), "elements.it.grow", "in a stack"),
        (document(element(alignSelf="end")), "elements.it.alignSelf", "in a stack"),
        (document(element(children=[])), "elements.it.children", "not a known field"),
        (document(stack(text(minFontSize=40))), "elements.words.minFontSize", "larger than fontSize"),
        (document(element(visibleWhen={})), "elements.it.visibleWhen", "given or missing"),
        (
            document(element(visibleWhen={"given": "it", "missing": "it"})),
            "elements.it.visibleWhen",
            "and not both",
        ),
        (document(element(visibleWhen={"given": "no"})), "elements.it.visibleWhen.given", "no such element"),
        (
            document(element(visibleWhen={"missing": "box"}), element("shape", "box")),
            "elements.it.visibleWhen.missing",
            "a shape takes no value",
        ),
        (document(element(visibleWhen={"given": 3})), "elements.it.visibleWhen.given", "a string"),
        (document(element(visibleWhen={"given": "a b"})), "elements.it.visibleWhen.given", "letter"),
    ],
)
def test_a_mistake_is_told_by_the_name_of_the_innermost_element(data: object, param: str, words: str) -> None:
    refusal = refused(data)
    assert refusal.param == param
    assert words in refusal.detail


@pytest.mark.parametrize("count", [MAX_NESTED + 1, 200, 20_000])
@pytest.mark.parametrize("kind", ["stack", "group", "text"])
def test_more_than_a_few_within_each_other_are_refused(count: int, kind: str) -> None:
    refusal = refused(document(nested(count, kind)))
    assert refusal.param == f"elements.s{MAX_NESTED}.children"
    assert f"at most {MAX_NESTED}" in refusal.detail


def test_elements_in_others_count_too() -> None:
    half = [text(f"a{number}") for number in range(MAX_ELEMENTS // 2 - 1)]
    other = [text(f"b{number}") for number in range(MAX_ELEMENTS // 2 - 1)]
    both = (stack(*half, element_id="a"), stack(*other, element_id="b"))
    assert len(list(parse_definition(document(*both)).every())) == MAX_ELEMENTS
    assert refused(document(*both, element())).param == "elements"


@pytest.mark.parametrize(
    ("fields", "param", "words"),
    [
        ({"blur": 201}, "blur", "at most 200"),
        ({"blendMode": "dissolve"}, "blendMode", "'multiply'"),
        ({"mask": {"type": "text"}}, "mask", "the type shape or svg"),
        ({"mask": "ellipse"}, "mask", "object"),
        ({"mask": {"type": "svg", "svg": ""}}, "mask.svg", "not be empty"),
        ({"mask": {"type": "shape", "shape": "rect", "radius": -1}}, "mask.radius", "at least 0"),
        ({"mask": {"type": "shape", "shape": "line"}}, "mask.shape", "'ellipse'"),
        ({"duotone": {"dark": "#000"}}, "duotone.light", "is required"),
        ({"duotone": {"dark": "black", "light": "#fff"}}, "duotone.dark", "a colour"),
    ],
)
def test_an_effect_is_told_by_its_field(fields: dict[str, Any], param: str, words: str) -> None:
    refusal = refused(document(stack(element("image", **fields))))
    assert refusal.param == f"elements.it.{param}"
    assert words in refusal.detail
