"""Words can be read on every paper, whatever colours a brand has."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkroom_sandbox.palettes import PALETTES
from darkroom_sandbox.posters.inks import HOUSE, contrast, of_colours, of_house, of_mood

CHANNEL = st.floats(0, 1)
COLOURS = st.lists(st.tuples(CHANNEL, CHANNEL, CHANNEL), min_size=1, max_size=5)


@given(COLOURS, st.integers(0, 9))
def test_any_brand_can_be_read(colours: list[tuple[float, float, float]], seed: int) -> None:
    inks = of_colours(tuple(colours), Random(seed))
    assert contrast(inks.ink, inks.paper) >= 4.5


@pytest.mark.parametrize("mood", PALETTES)
def test_any_mood_can_be_read(mood: str) -> None:
    for seed in range(6):
        inks = of_mood(PALETTES[mood], Random(seed))
        assert contrast(inks.ink, inks.paper) >= 4.5


def test_the_house_inks_can_be_read() -> None:
    assert all(contrast(inks.ink, inks.paper) >= 4.5 for inks in HOUSE)
    assert of_house(Random(1)) in HOUSE


def test_contrast_is_that_of_the_web() -> None:
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert contrast((1, 0, 0), (1, 1, 1)) == pytest.approx(3.998, abs=0.01)
