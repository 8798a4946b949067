"""Pictures somebody has looked at, and whether a picture still looks like one of them.

``UPDATE_GOLDENS=1 pytest <test>`` writes what is drawn now in their place: look at each before it is committed. A
picture that differs is left, beside what was expected and a map of the differences, in ``.local/golden-failures``.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tools.paths import ROOT

GOLDENS: Final = ROOT / "tests" / "unit" / "renderer" / "goldens"
FAILURES: Final = ROOT / ".local" / "golden-failures"

# Two processors round an edge's coverage differently, by a few of 255, here and there. A letter that moved by a
# third of a pixel, another weight or another colour are far above both.
SEEN: Final = 24  # of 255: a smaller difference of one pixel, its neighbours taken in, is not seen
SEEN_SHARE: Final = 0.00005  # of the pixels may differ visibly
MEAN: Final = 0.35  # of 255, on the average of all

type Pixels = NDArray[np.float64]


def assert_looks_like(png: bytes, name: str) -> None:
    """Fails if a PNG does not look like the golden of that name, or there is none yet."""
    golden = GOLDENS / f"{name}.png"
    if os.environ.get("UPDATE_GOLDENS"):
        if not golden.exists() or difference(png, golden.read_bytes()):
            golden.parent.mkdir(parents=True, exist_ok=True)
            golden.write_bytes(_small(png))
        return
    assert golden.exists(), f"no golden {golden.relative_to(ROOT)}: UPDATE_GOLDENS=1 draws it; look at it"
    expected = golden.read_bytes()
    problem = difference(png, expected)
    if problem:
        seen = _keep_failure(name, png, expected)
        raise AssertionError(f"{name} does not look like its golden: {problem}. See {seen.relative_to(ROOT)}")


def difference(png: bytes, expected: bytes) -> str | None:
    """In what two PNGs differ visibly; ``None`` if nobody would tell them apart."""
    left, right = _pixels(png), _pixels(expected)
    if left.shape != right.shape:
        return f"{left.shape[1]}x{left.shape[0]} px instead of {right.shape[1]}x{right.shape[0]}"
    apart = _apart(left, right)
    share, mean = float((apart > SEEN).mean()), float(np.abs(left - right).mean())
    if share <= SEEN_SHARE and mean <= MEAN:
        return None
    return f"{share:.2%} of its pixels differ visibly, the mean difference is {mean:.2f}"


def _pixels(png: bytes) -> Pixels:
    """Premultiplied, with alpha, so that what cannot be seen does not count."""
    image = Image.open(io.BytesIO(png)).convert("RGBA")
    values = np.asarray(image, dtype=np.float64)
    return np.concatenate([values[..., :3] * values[..., 3:] / 255, values[..., 3:]], axis=2)


def _apart(left: Pixels, right: Pixels) -> Pixels:
    """How far apart each pixel is in its worst channel, averaged with its neighbours."""
    signed = np.pad(left - right, ((1, 1), (1, 1), (0, 0)), mode="edge")
    height, width = left.shape[:2]
    around = [signed[y : y + height, x : x + width] for y in range(3) for x in range(3)]
    worst: Pixels = np.abs(np.mean(around, axis=0)).max(axis=2)
    return worst


def _small(png: bytes) -> bytes:
    """The same pixels in fewer bytes."""
    body = io.BytesIO()
    Image.open(io.BytesIO(png)).save(body, "PNG", optimize=True)
    return body.getvalue()


def _keep_failure(name: str, png: bytes, expected: bytes) -> Path:
    """Writes what was expected, what was drawn and where they differ, side by side."""
    left, right = (Image.open(io.BytesIO(each)).convert("RGBA") for each in (expected, png))
    views = [left, right]
    if left.size == right.size:
        apart = _apart(_pixels(png), _pixels(expected))
        views.append(Image.fromarray((255 - apart * 4).clip(0, 255).astype(np.uint8)).convert("RGBA"))
    gap = 8
    width = sum(view.width + gap for view in views) - gap
    sheet = Image.new("RGB", (width, max(view.height for view in views)), "#ff00ff")
    x = 0
    for view in views:
        ground = Image.new("RGBA", view.size, "white")
        sheet.paste(Image.alpha_composite(ground, view).convert("RGB"), (x, 0))
        x += view.width + gap
    FAILURES.mkdir(parents=True, exist_ok=True)
    path = FAILURES / f"{name}.png"
    sheet.save(path)
    return path
