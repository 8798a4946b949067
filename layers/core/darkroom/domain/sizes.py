"""How many pixels a named size has in an aspect ratio."""

from __future__ import annotations

import math
from collections.abc import Mapping

# What 1K, 2K and 4K are of in a square: the picture has about that square's pixels in every aspect.
SIDES: Mapping[str, int] = {"1K": 1024, "2K": 2048, "4K": 4096}
ASPECTS: tuple[str, ...] = (
    *("1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9", "21:9"),
    *("9:21", "4:5", "5:4", "1:2", "2:1", "1:3", "3:1"),
)

# What every engine can make.
MAX_PIXELS = 8_400_000
MAX_SIDE = 4096


def pixels(aspect: str, name: str) -> tuple[int, int]:
    """Width and height: the largest even multiple of the aspect that the named size and the engines allow."""
    width, height = map(int, aspect.split(":"))
    area = min(SIDES[name] ** 2, MAX_PIXELS)
    unit = min(math.isqrt(area // (width * height)), MAX_SIDE // max(width, height))
    unit -= unit % 2
    return width * unit, height * unit
