"""The parts that elements are made of."""

from __future__ import annotations

import pytest

from darkroom.domain.templates.parts import rgba


@pytest.mark.parametrize(
    ("colour", "channels"),
    [
        ("#fff", (255, 255, 255, 255)),
        ("#1a2c", (17, 170, 34, 204)),
        ("#0080ff", (0, 128, 255, 255)),
        ("#0080FF40", (0, 128, 255, 64)),
        ("transparent", (0, 0, 0, 0)),
    ],
)
def test_colours_are_read(colour: str, channels: tuple[int, int, int, int]) -> None:
    assert rgba(colour) == channels
