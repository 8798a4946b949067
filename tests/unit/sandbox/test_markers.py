"""Markers in prompts: read, and taken out."""

import pytest

from darkroom_sandbox.markers import Markers, parse, strip


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
