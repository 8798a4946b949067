"""Where a mask lets words and pictures stand."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

type Pixels = NDArray[np.uint8]
type Box = tuple[float, float, float, float]  # left, top, width, height

_GRID: Final = 96  # cells a side in which the largest rectangle is looked for
_SURE: Final = 250


def largest_box(coverage: Pixels) -> Box | None:
    """The largest upright rectangle, in pixels, in which everything may change; ``None`` if nothing may."""
    height, width = coverage.shape
    rows, columns = min(_GRID, height), min(_GRID, width)
    tops, lefts = np.arange(rows) * height // rows, np.arange(columns) * width // columns
    free = np.minimum.reduceat(np.minimum.reduceat(coverage, tops, axis=0), lefts, axis=1) >= _SURE
    best, area = None, 0.0
    heights = np.zeros(columns, int)
    tops, lefts = np.append(tops, height), np.append(lefts, width)
    for row in range(rows):
        heights = np.where(free[row], heights + 1, 0)
        for start, end, tall in _bars(heights.tolist()):
            box = (lefts[start], tops[row + 1 - tall], lefts[end] - lefts[start], 0)
            box = (box[0], box[1], box[2], tops[row + 1] - box[1])
            if box[2] * box[3] > area:
                best, area = box, float(box[2] * box[3])
    return None if best is None else (float(best[0]), float(best[1]), float(best[2]), float(best[3]))


def _bars(heights: list[int]) -> list[tuple[int, int, int]]:
    """The rectangles under a skyline that cannot grow: first column, the one after the last, height."""
    found: list[tuple[int, int, int]] = []
    rising: list[tuple[int, int]] = []  # where a height begins, and the height
    for at, tall in enumerate([*heights, 0]):
        start = at
        while rising and rising[-1][1] >= tall:
            start, height = rising.pop()
            if height:
                found.append((start, at, height))
        rising.append((start, tall))
    return found
