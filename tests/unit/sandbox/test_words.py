"""Markers and prompt enhancement."""

import pytest

from darkroom_sandbox.markers import Markers, parse, strip
from darkroom_sandbox.words import MAX_LENGTH, enhance_prompt


@pytest.mark.parametrize(
    ("prompt", "markers", "bare"),
    [
        ("a cat", Markers(), "a cat"),
        ("  two  spaces ", Markers(), "  two  spaces "),
        ("[[block]]", Markers(block=True), ""),
        ("a [[block]] cat", Markers(block=True), "a cat"),
        ("cat [[fail]]", Markers(fail_all=True), "cat"),
        ("[[fail:1]] cat", Markers(fail_indexes=frozenset({1})), "cat"),
        ("[[fail:0]][[fail:2]] cat", Markers(fail_indexes=frozenset({0, 2})), "cat"),
        ("cat [[slow:30]]", Markers(slow_seconds=30), "cat"),
        ("cat [[slow:5]] [[slow:2]]", Markers(slow_seconds=5), "cat"),
        ("cat [[slow:99999]]", Markers(slow_seconds=900), "cat"),
        ("cat [[slow:0]]", Markers(), "cat"),
        ("[[lose]] [[slow:1]] cat", Markers(lose=True, slow_seconds=1), "cat"),
        ("[[fail:]] cat", Markers(), "[[fail:]] cat"),
        ("[[fail:-1]]", Markers(), "[[fail:-1]]"),
        ("[[slow]] [[slow:x]] [[slow:1.5]]", Markers(), "[[slow]] [[slow:x]] [[slow:1.5]]"),
        ("[[slow:٣]]", Markers(), "[[slow:٣]]"),
        ("[[BLOCK]] [[ fail ]] [fail] [[lose:1]]", Markers(), "[[BLOCK]] [[ fail ]] [fail] [[lose:1]]"),
        ("[[slow:" + "9" * 5000 + "]]", Markers(), "[[slow:" + "9" * 5000 + "]]"),
    ],
)
def test_markers(prompt: str, markers: Markers, bare: str) -> None:
    assert parse(prompt) == (markers, bare)
    assert strip(prompt) == bare


def test_a_marker_names_the_outputs_that_fail() -> None:
    assert [parse("[[fail:1]]")[0].fails(index) for index in range(3)] == [False, True, False]
    assert all(parse("[[fail]]")[0].fails(index) for index in range(3))


@pytest.mark.parametrize(
    "prompt", ["a red cat on a roof", "夜の東京", "x", "Sunset, ocean; two boats!\nsecond line"]
)
def test_enhancing_keeps_the_words_and_adds_to_them(prompt: str) -> None:
    richer = enhance_prompt(prompt, aspect_ratio="16:9")
    assert richer.startswith(prompt)
    assert {"Light:", "Composition:", "Mood:", "Palette:", "wide"} <= set(richer.split()) | {"wide"}
    assert "16:9" in richer
    assert richer == enhance_prompt(prompt, aspect_ratio="16:9")


def test_enhancing_uses_the_brand_and_the_setting() -> None:
    richer = enhance_prompt(
        "mountains at sunset", brand={"name": "Acme\nCorp", "tone": "dry wit", "empty": " "}
    )
    assert "Brand name: Acme Corp." in richer
    assert "Brand tone: dry wit." in richer
    assert "empty" not in richer
    assert "ranges" in richer
    assert "sun" in richer


@pytest.mark.parametrize("length", [0, 1, 3900, 3999, 4000, 4001, 10_000])
def test_enhanced_prompts_never_exceed_the_limit(length: int) -> None:
    prompt = ("word " * 2001)[:length].strip()
    richer = enhance_prompt(prompt, brand={f"k{i}": "v" * 500 for i in range(40)})
    assert len(richer) <= MAX_LENGTH
    assert richer.startswith(prompt[:MAX_LENGTH])
