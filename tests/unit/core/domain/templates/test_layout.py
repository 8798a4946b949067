"""Where things stand: every size is found from within, every place from without."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkroom.domain.templates.definition import parse_definition
from darkroom.domain.templates.elements import AnyElement, TextElement, within
from darkroom.domain.templates.layout import laid_out
from darkroom.domain.templates.payload import parse_payload, text_of
from tests.harness.template_making import document, element

type Box = Any  # x, y, width, height


def text(element_id: str, words: str = "ten chars.", **fields: Any) -> dict[str, Any]:
    """Every character is as wide as half the font's size, 10 px; a line is 24 px high."""
    return {"id": element_id, "type": "text", "text": words, "fontSize": 20, **fields}


def box(element_id: str, **fields: Any) -> dict[str, Any]:
    return {"id": element_id, "type": "shape", **fields}


def stack(*children: object, **fields: Any) -> dict[str, Any]:
    return {"id": "stack", "type": "stack", "x": 10, "y": 20, "children": list(children), **fields}


def boxes(*elements: object, payload: dict[str, Any] | None = None) -> dict[str, Box]:
    """The boxes of everything that is there, by id."""
    return {it.id: (it.x, it.y, it.width, it.height) for it in within(placed(*elements, payload=payload))}


def placed(*elements: object, payload: dict[str, Any] | None = None) -> tuple[AnyElement, ...]:
    parsed = parse_definition({"canvas": {"width": 400, "height": 300}, "elements": list(elements)})
    filled = parse_payload(parsed, payload or {})

    def measure(element: TextElement, width: float, height: float) -> tuple[float, float]:
        """Letters half as wide as high; the size shrinks by whole px as far as it may."""
        words, size = text_of(element, filled), element.font_size
        while True:
            per_line = max(1, int(width / (size / 2)))
            lines = math.ceil(len(words) / per_line)
            if lines * size * 1.2 <= height or size - 1 < element.smallest_size:
                lines = max(1, min(lines, int(height / (size * 1.2))))
                return min(len(words), per_line) * size / 2, lines * size * 1.2
            size -= 1

    return laid_out(parsed, filled, measure)


def test_what_stands_below_a_headline_follows_it() -> None:
    page = stack(text("headline"), text("below"), width=200, gap=6)
    assert boxes(page) == {
        "stack": (10, 20, 200, 54),
        "headline": (10, 20, 200, 24),
        "below": (10, 50, 200, 24),
    }
    longer = boxes(page, payload={"headline": {"text": "x" * 50}})
    assert longer["headline"] == (10, 20, 200, 72)
    assert longer["below"] == (10, 98, 200, 24)
    assert longer["stack"][3] == 102


def test_what_is_not_there_takes_no_room() -> None:
    page = stack(
        text("a"),
        text("badge", "new", visibleWhen={"given": "b"}),
        text("gone", visible=False),
        text("b", ""),
        text("c"),
        gap=10,
        width=100,
    )
    assert set(boxes(page)) == {"stack", "a", "c"}
    assert boxes(page)["c"][1] == 20 + 34
    filled = boxes(page, payload={"b": {"text": "yes"}})
    assert [filled[name][1] for name in ("a", "badge", "b", "c")] == [20, 54, 88, 122]
    assert set(boxes(page, payload={"b": {"text": " "}})) == {"stack", "a", "c"}


def test_one_thing_or_the_other_is_there() -> None:
    initials = element("text", "initials", visibleWhen={"missing": "photo"})
    photo = element("image", "photo", visibleWhen={"given": "photo"})
    assert set(boxes(initials, photo)) == {"initials"}
    assert set(boxes(initials, photo, payload={"photo": {"src": "https://example.com/a"}})) == {"photo"}


def test_a_row_shares_what_is_left_among_those_that_grow() -> None:
    found = boxes(
        stack(
            box("logo", width=40, height=40),
            text("name", grow=2),
            text("date", "2026"),
            text("more", grow=1),
            direction="row",
            width=300,
            padding=10,
            gap=10,
            align="center",
        )
    )
    assert found["stack"] == (10, 20, 300, 68)
    assert found["logo"] == (20, 34, 40, 40)
    assert found["date"][2] == 40
    assert found["name"] == pytest.approx((70, 42, 340 / 3, 24))
    assert found["more"] == pytest.approx((70 + 340 / 3 + 60, 30, 170 / 3, 48))


def test_a_surface_is_as_large_as_what_is_on_it() -> None:
    pill = stack(
        box("dot", width=8, height=8), text("label", "new"), direction="row", padding=6, gap=4, align="center"
    )
    assert boxes(pill) == {"stack": (10, 20, 54, 36), "dot": (16, 34, 8, 8), "label": (28, 26, 30, 24)}


def test_one_element_stands_otherwise_than_the_stack_says() -> None:
    inner = {
        "id": "pill",
        "type": "stack",
        "padding": 2,
        "alignSelf": "end",
        "children": [text("label", "new")],
    }
    found = boxes(stack(inner, text("words"), width=200))
    assert found["pill"] == (176, 20, 34, 28)
    assert found["words"] == (10, 48, 200, 24)


@pytest.mark.parametrize(
    ("justify", "tops"),
    [
        ("start", [20, 50, 80]),
        ("center", [75, 105, 135]),
        ("end", [130, 160, 190]),
        ("between", [20, 105, 190]),
    ],
)
def test_the_room_that_is_left_goes_where_the_stack_says(justify: str, tops: list[float]) -> None:
    three = [box(name, height=20) for name in "abc"]
    found = boxes(stack(*three, width=50, height=190, gap=10, justify=justify))
    assert [found[name][1] for name in "abc"] == tops
    assert {found[name][2] for name in "abc"} == {50}


@pytest.mark.parametrize(("align", "left", "wide"), [("start", 10, 30), ("center", 45, 30), ("end", 80, 30)])
def test_elements_stand_across_as_the_stack_says(align: str, left: float, wide: float) -> None:
    found = boxes(stack(text("words", "abc"), width=100, align=align))
    assert found["words"] == (left, 20, wide, 24)


def test_what_grows_pushes_the_rest_to_the_end() -> None:
    found = boxes(stack(text("top"), box("space", grow=1), text("foot"), width=100, height=200))
    assert found["foot"][1] == 20 + 200 - 24
    assert found["space"][3] == 200 - 48


def test_in_a_column_that_is_too_long_texts_yield() -> None:
    long = "x" * 40
    shrinking = stack(text("headline", long, minFontSize=10), text("below", long), width=100, height=120)
    found = boxes(shrinking)
    assert found["below"][3] == 96
    assert found["headline"][3] <= 24
    cut = boxes(stack(text("a", long), text("b", "short"), width=100, height=72))
    assert (cut["a"][3], cut["b"][3]) == (48, 24)


def test_places_in_a_group_are_the_groups_own() -> None:
    inner = stack(text("words", "abc"), width=50)
    outer = element(
        "group", "group", x=100, y=50, width=90, height=60, children=[element("qr", x=5, y=6), inner]
    )
    found = boxes(outer)
    assert found["group"] == (100, 50, 90, 60)
    assert found["it"] == (105, 56, 100, 50)
    assert found["stack"][:2] == (110, 70)
    assert found["words"] == (110, 70, 50, 24)


def test_x_and_y_move_an_element_of_a_stack_from_its_place() -> None:
    found = boxes(stack(text("a"), text("b", x=-3, y=5), text("c"), width=100))
    assert found["b"] == (7, 49, 100, 24)
    assert found["c"][1] == 68


def test_elements_of_a_stack_are_drawn_by_z() -> None:
    (drawn,) = placed(stack(text("a", z=1), text("b"), width=100))
    assert [it.id for it in within((drawn,))] == ["stack", "b", "a"]


def test_what_stands_for_itself_is_left_as_it_is() -> None:
    parsed = parse_definition(document(element(), element("image", "photo", z=-1)))
    laid = laid_out(parsed, {}, lambda *_: (0, 0))
    assert list(map(id, laid)) == list(map(id, parsed.in_order()))


SIDES = st.none() | st.floats(1, 300)


def _some(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {
            "type": st.just("stack"),
            "children": st.lists(children, max_size=4),
            "direction": st.sampled_from(["row", "column"]),
            "gap": st.sampled_from([0, 7]),
            "padding": st.sampled_from([0, 5, 200]),
            "justify": st.sampled_from(["start", "center", "end", "between"]),
            "width": SIDES,
            "height": SIDES,
            "grow": st.sampled_from([None, 1]),
        }
    )


TREES = _some(
    st.recursive(
        st.fixed_dictionaries(
            {
                "type": st.just("text"),
                "text": st.text("ab", max_size=30),
                "width": SIDES,
                "height": SIDES,
                "grow": st.sampled_from([None, 1, 3]),
            }
        ),
        _some,
        max_leaves=8,
    )
)


def _named(tree: dict[str, Any], ids: Iterator[int]) -> dict[str, Any]:
    said = {name: value for name, value in tree.items() if value is not None}
    named = {**said, "id": f"e{next(ids)}"}
    if "children" in tree:
        named["children"] = [_named(child, ids) for child in tree["children"]]
    return named


@settings(max_examples=150, deadline=None)
@given(TREES)
def test_whatever_is_in_it_every_box_is_found(tree: dict[str, Any]) -> None:
    outermost = {**_named(tree, count()), "x": 0, "y": 0}
    outermost.pop("grow", None)
    for it in within(placed(outermost)):
        assert all(map(math.isfinite, (it.x, it.y, it.width, it.height)))
        assert min(it.width, it.height) >= 0
