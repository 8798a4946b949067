"""Runs: what is wrong with them, and what is made of those that a payload fills."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.domain.errors import InvalidParam
from darkroom.domain.templates.elements import MAX_RUNS, MAX_TEXT_CHARS, TextElement, TextRun
from darkroom.domain.templates.runs import filled, parse_fills, parse_runs, runs_json, runs_problem

OFFER = (TextRun(text="From "), TextRun(id="price", text="?", color="#f00"), TextRun(id="end", text="!"))
STOPS = [{"offset": 0.0, "color": "#fff"}, {"offset": 1.0, "color": "#000"}]
ELEMENT = TextElement(id="offer", type="text", x=0, y=0, width=9, height=9, runs=OFFER)


def test_as_many_as_allowed_are_read_and_one_more_is_not() -> None:
    assert len(parse_runs([{"text": "x"}] * MAX_RUNS, "runs")) == MAX_RUNS
    with pytest.raises(InvalidParam, match=f"at most {MAX_RUNS} entries"):
        parse_runs([{"text": "x"}] * (MAX_RUNS + 1), "runs")


def test_their_characters_count_together() -> None:
    whole = [{"text": "x" * (MAX_TEXT_CHARS // 4)}] * 4
    assert len(parse_runs(whole, "runs")) == 4
    with pytest.raises(InvalidParam) as refusal:
        parse_runs([*whole, {"text": "x"}], "payload.it.runs")
    assert refusal.value.param == "payload.it.runs"


def test_two_of_one_id_are_told_by_the_second() -> None:
    assert runs_problem(OFFER) is None
    assert runs_problem((*OFFER, TextRun(id="price", text="x"))) == ("3.id", "price is used twice")


def test_those_that_are_filled_keep_their_look_and_the_others_their_words() -> None:
    fills = parse_fills(ELEMENT, {"price": "$49", "end": ""}, "runs")
    assert filled(OFFER, fills) == (
        OFFER[0],
        TextRun(id="price", text="$49", color="#f00"),
        TextRun(id="end", text=""),
    )
    assert filled(OFFER, {}) == OFFER


def test_a_run_without_an_id_cannot_be_filled() -> None:
    for name in ("", "None", "From "):
        with pytest.raises(InvalidParam, match="no such run"):
            parse_fills(ELEMENT, {name: "x"}, "runs")


@pytest.mark.parametrize(
    "data",
    [
        [],
        [{"text": ""}],
        [{"text": "a", "fontSize": 20.5, "color": {"type": "linear", "stops": STOPS}}],
        [{"text": "a", "textDecoration": "none", "letterSpacing": -2.0, "id": "b", "fontFamily": "Anton"}],
    ],
)  # fmt: skip
def test_they_are_written_as_they_were_said(data: list[dict[str, Any]]) -> None:
    assert runs_json(parse_runs(data, "runs")) == data
    assert parse_runs(runs_json(parse_runs(data, "runs")), "runs") == parse_runs(data, "runs")
