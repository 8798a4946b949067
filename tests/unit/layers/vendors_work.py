"""What the vendors' worker does to pictures: it fits masks."""

from __future__ import annotations

from darkroom_graphics.masks import SkiaMasks
from tests.unit.layers.samples import picture


def main() -> None:
    assert SkiaMasks().cut_out(picture(), 64, 64)
    assert SkiaMasks().painted(picture(), 64, 64)
