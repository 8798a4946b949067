"""Natural irregularity: ridgelines and cloud textures from seeded value noise."""

from random import Random

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]


def generator(rng: Random) -> np.random.Generator:
    """A numpy source that continues a scene's own chance."""
    return np.random.Generator(np.random.PCG64(rng.getrandbits(64)))


def ridge(rng: Random, samples: int, waves: float, octaves: int, rough: float = 0.5) -> Floats:
    """A wandering line, -1..1: ``waves`` hills across, each octave twice as fine and ``rough`` times as
    tall.
    """
    source, x = generator(rng), np.linspace(0.0, 1.0, samples)
    line, height = np.zeros(samples), 1.0
    for octave in range(octaves):
        count = max(2, int(waves * 2**octave) + 2)
        knots = source.uniform(-1, 1, count + 1)
        at = x * (count - 1)
        i = np.minimum(at.astype(int), count - 1)
        t = at - i
        t = t * t * (3 - 2 * t)
        line += height * (knots[i] * (1 - t) + knots[i + 1] * t)
        height *= rough
    return line / max(1e-9, float(np.abs(line).max()))


def texture(
    rng: Random, width: int, height: int, cells: float, octaves: int = 4, stretch: float = 1.0
) -> Floats:
    """A cloud field, 0..1, ``cells`` blobs across; ``stretch`` > 1 draws them out sideways."""
    source = generator(rng)
    field, weight, total = np.zeros((height, width)), 1.0, 0.0
    for octave in range(octaves):
        columns = max(2, int(cells * 2**octave / stretch) + 2)
        rows = max(2, int(cells * 2**octave * height / width) + 2)
        field += weight * _enlarged(source.uniform(0, 1, (rows, columns)), width, height)
        total += weight
        weight *= 0.5
    return field / total


def _enlarged(grid: Floats, width: int, height: int) -> Floats:
    rows, columns = grid.shape
    y, x = np.linspace(0, rows - 1.001, height), np.linspace(0, columns - 1.001, width)
    yi, xi = y.astype(int), x.astype(int)
    yt, xt = (y - yi)[:, None], (x - xi)[None, :]
    yt, xt = yt * yt * (3 - 2 * yt), xt * xt * (3 - 2 * xt)
    tall = grid[yi] * (1 - yt) + grid[yi + 1] * yt
    result: Floats = tall[:, xi] * (1 - xt) + tall[:, xi + 1] * xt
    return result
