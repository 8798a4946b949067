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


def stepped(ratio: float, area: float, *, step: int, longest: int) -> tuple[int, int]:
    """Width and height, both multiples of ``step``, nearest to a ratio.

    They have at most ``area`` pixels and about that many: the shape counts for more than the last tenth of them. No
    side is longer than ``longest``.
    """
    tallest = min(math.sqrt(area / ratio), longest / ratio, longest)
    top = max(int(tallest // step), 1)
    heights = [step * steps for steps in range(max(int(top * 0.9), 1), top + 1)]
    sizes = [(max(round(height * ratio / step), 1) * step, height) for height in heights]
    fitting = [size for size in sizes if size[0] * size[1] <= area and size[0] <= longest] or sizes[:1]
    return min(
        fitting, key=lambda size: (round(abs(math.log(size[0] / size[1] / ratio)), 3), -size[0] * size[1])
    )


def nearest_aspect(width: int, height: int) -> str:
    """The named aspect that a picture of these sides is, or is closest to."""

    def distance(aspect: str) -> float:
        wide, high = map(int, aspect.split(":"))
        return abs(math.log(width * high / (height * wide)))

    return min(ASPECTS, key=distance)
