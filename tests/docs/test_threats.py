"""The page of threats names tests that exist: a promise without one is none."""

from __future__ import annotations

import re

import pytest

from tools.paths import ROOT

PAGE = (ROOT / "docs" / "threats.md").read_text()
NAMED = re.findall(r"`(tests/[\w/]+\.py|…)::(\w+)`", PAGE)


def references() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for path, name in NAMED:
        found.append((found[-1][0] if path == "…" else path, name))
    return found


def test_the_page_names_tests() -> None:
    assert len(references()) > 20
    assert PAGE.count("::") == len(references())


@pytest.mark.parametrize(("path", "name"), references())
def test_a_promise_is_held_by_a_test_that_is_there(path: str, name: str) -> None:
    assert re.search(rf"^ *def {name}\(", (ROOT / path).read_text(), re.MULTILINE)
