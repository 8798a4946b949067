from __future__ import annotations

import pytest

from darkroom.domain.media.sizes import ASPECTS, SIDES, nearest_aspect, pixels


@pytest.mark.parametrize(
    ("sides", "aspect"),
    [
        ((1024, 1024), "1:1"),
        ((1376, 768), "16:9"),
        ((768, 1376), "9:16"),
        ((1, 9000), "1:3"),
        ((896, 1120), "4:5"),
    ],
)
def test_a_picture_is_of_the_aspect_it_is_closest_to(sides: tuple[int, int], aspect: str) -> None:
    assert nearest_aspect(*sides) == aspect


@pytest.mark.parametrize("name", SIDES)
def test_what_is_made_in_an_aspect_is_told_to_be_of_it(name: str) -> None:
    for aspect in ASPECTS:
        assert nearest_aspect(*pixels(aspect, name)) == aspect
