"""Fonts: which is the newest of its kind, and what a family may be called."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.fonts.font import BUILT_IN, Font, FontFacts, current, family_problem, next_version
from darkroom_type.fonts import FAMILIES

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def font(number: int, version: int = 1, **facts: Any) -> Font:
    said = FontFacts(
        **{"family": "Mine", "lightest": 400, "heaviest": 400, "italic": False, "glyphs": 9, **facts}
    )
    return Font(f"font-{number}", Owner("w", True), said, version, f"key-{number}", "font/ttf", 9, NOW)


def test_a_version_counts_the_fonts_of_one_family_weight_and_slope() -> None:
    held = [font(1), font(2, 2), font(3, italic=True), font(4, heaviest=900), font(5, family="Other")]
    assert next_version(held, font(9).slot) == 3
    assert next_version(held, font(9, italic=True).slot) == 2
    assert next_version(held, font(9, lightest=700, heaviest=700).slot) == 1


def test_the_newest_of_each_weight_and_slope_make_a_family() -> None:
    held = [
        font(2, 2),
        font(1),
        font(3, italic=True),
        font(4, lightest=700, heaviest=700),
        font(5, family="B"),
    ]
    families = {name: [one.id for one in fonts] for name, fonts in current(held).items()}
    assert families == {"B": ["font-5"], "Mine": ["font-2", "font-3", "font-4"]}


def test_two_that_were_judged_at_once_have_one_newest() -> None:
    assert [one.id for one in current([font(2), font(1)])["Mine"]] == ["font-2"]
    assert [one.id for one in current([font(1), font(2)])["Mine"]] == ["font-2"]


@pytest.mark.parametrize("family", ["", " Mine", "Mine ", "a\nb", "\u202eMine", "x" * 65, *BUILT_IN])
def test_a_family_that_cannot_be_called_that(family: str) -> None:
    assert family_problem(family)


@pytest.mark.parametrize("family", ["Mine", "Müller Grotesk", "明朝", "inter"])
def test_a_family_that_can_be_called_that(family: str) -> None:
    assert family_problem(family) is None


def test_what_ships_is_what_the_renderer_has() -> None:
    assert set(BUILT_IN) == set(FAMILIES)
