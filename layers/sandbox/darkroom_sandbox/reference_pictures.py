"""Draws the pictures that come along: prints and portraits in a corner, a gallery on a poster, logos, the whole base.

None of them covers the middle, where a face or the subject is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from darkroom_graphics.rasters import resized, smooth_sampling
from darkroom_graphics.skia_api import Image, skia
from darkroom_sandbox.brush import fill, rect, rounded, stroke
from darkroom_sandbox.colours import BLACK, WHITE, darken, lighten
from darkroom_sandbox.images import to_rgba
from darkroom_sandbox.stage import Stage, saved

type Box = tuple[float, float, float, float]  # left, top, width, height

MAX_PRINTS: Final = 6
_PRINT: Final = 0.32  # of the shorter side: how large one print in a corner is
_PORTRAIT: Final = 0.3
_LOGO: Final = 0.15
_MARGIN: Final = 0.035
_CROP: Final = (
    1.3  # a picture at most so much wider or taller than its place is cropped; others are shown whole
)


def cover(stage: Stage, image: Image) -> None:
    """Fills the whole stage with an image, cropping what does not fit."""
    _draw_cover(stage, image, (0, 0, stage.width, stage.height))


def whole(stage: Stage) -> Box:
    """The box of the whole picture."""
    return 0.0, 0.0, float(stage.width), float(stage.height)


def prints(stage: Stage, images: Sequence[Image], region: Box) -> None:
    """Lays pictures into the lower right corner as prints with a white border, the first one on top."""
    shown = images[:MAX_PRINTS]
    side = min(region[2], region[3])
    size = side * (_PRINT if len(shown) < 3 else _PRINT * 0.78)
    step = min(size * 0.82, max(0.0, region[2] - size * 1.4) / max(1, len(shown) - 1))
    for index in reversed(range(len(shown))):
        x = region[0] + region[2] - side * _MARGIN * 1.8 - size / 2 - step * index
        y = region[1] + region[3] - side * _MARGIN * 1.8 - size / 2
        with saved(stage.canvas):
            stage.canvas.translate(x, y)
            stage.canvas.rotate(stage.rng.uniform(1.5, 4) * (-1 if index % 2 else 1))
            _print(stage, shown[index], size)


def _print(stage: Stage, image: Image, side: float) -> None:
    shape = min(1.5, max(0.67, image.width() / image.height()))
    w, h = (side, side / shape) if shape >= 1 else (side * shape, side)
    y, canvas, border = (side - h) / 2, stage.canvas, side * 0.045
    outer = rounded(-w / 2, -h / 2 + y, w, h, side * 0.02)
    canvas.drawRRect(
        rounded(-w / 2, -h / 2 + y + side * 0.02, w, h, side * 0.02), fill(BLACK, 0.42, blur=side * 0.045)
    )
    canvas.drawRRect(outer, fill(WHITE))
    inner = (-w / 2 + border, -h / 2 + y + border, w - 2 * border, h - 2 * border)
    with saved(canvas):
        canvas.clipRect(rect(*inner))
        canvas.drawRect(rect(*inner), fill((0.94, 0.94, 0.95)))
        _place(stage, image, inner)


def portraits(stage: Stage, images: Sequence[Image], region: Box) -> None:
    """Shows characters as round portraits in a row from the lower left corner, ringed with the accent colour."""
    shown = images[:MAX_PRINTS]
    side, canvas = min(region[2], region[3]), stage.canvas
    r = min(side * _PORTRAIT, region[2] * 0.9 / max(1, len(shown))) / 2
    for i, image in enumerate(shown):
        x = region[0] + side * _MARGIN * 1.4 + r * 1.06 + i * r * 2.16
        y = region[1] + region[3] - side * _MARGIN * 1.4 - r * 1.06
        canvas.drawCircle(x, y + r * 0.08, r * 1.06, fill(BLACK, 0.4, blur=r * 0.1))
        canvas.drawCircle(x, y, r * 1.06, fill(WHITE))
        with saved(canvas):
            disc = skia.Path()
            disc.addCircle(x, y, r)
            canvas.clipPath(disc, skia.ClipOp.kIntersect, True)
            _draw_cover(stage, image, (x - r, y - r, r * 2, r * 2), high=0.3)
        canvas.drawCircle(x, y, r, stroke(stage.palette.accent, r * 0.05))


def gallery(stage: Stage, images: Sequence[Image], box: Box, align: str) -> None:
    """Hangs pictures beside or above each other in a box, as large as they get; ``align`` is start, center or end."""
    shown = images[:MAX_PRINTS]
    rows = max((_row(shown, box), _column(shown, box)), key=lambda cells: sum(w * h for _, _, w, h in cells))
    right = max(x + w for x, _, w, _ in rows)
    spare = box[0] + box[2] - right
    shift = {"start": 0.0, "center": spare / 2, "end": spare}[align]
    for image, (x, y, w, h) in zip(shown, rows, strict=True):
        _hang(stage, image, (x + shift, y, w, h))


def _row(images: Sequence[Image], box: Box) -> list[Box]:
    """Side by side, of one height."""
    x, y, w, h = box
    gap = min(w, h) * 0.04
    shapes = [_frame_shape(image) for image in images]
    tall = min(h, (w - gap * (len(shapes) - 1)) / sum(shapes))
    cells = []
    for shape in shapes:
        cells.append((x, y + (h - tall) / 2, tall * shape, tall))
        x += tall * shape + gap
    return cells


def _column(images: Sequence[Image], box: Box) -> list[Box]:
    """One above the other, of one width."""
    x, y, w, h = box
    gap = min(w, h) * 0.04
    shapes = [_frame_shape(image) for image in images]
    wide = min(w, (h - gap * (len(shapes) - 1)) / sum(1 / shape for shape in shapes))
    cells = []
    for shape in shapes:
        cells.append((x, y, wide, wide / shape))
        y += wide / shape + gap
    return cells


def _frame_shape(image: Image) -> float:
    """Width by height of a picture's frame: its own but for very long ones, and roomier for cut-out things."""
    shape = float(image.width() / image.height())
    least, most = (0.6, 1.9) if image.isOpaque() else (0.95, 1.6)
    return min(most, max(least, shape))


def _hang(stage: Stage, image: Image, cell: Box) -> None:
    x, y, w, h = cell
    corner, canvas = min(w, h) * 0.035, stage.canvas
    canvas.drawRRect(rounded(x, y + corner * 0.5, w, h, corner), fill(BLACK, 0.28, blur=corner * 0.9))
    with saved(canvas):
        canvas.clipRRect(rounded(x, y, w, h, corner), skia.ClipOp.kIntersect, True)
        canvas.drawRect(rect(*cell), fill(lighten(stage.palette.light, 0.7)))
        _place(stage, image, cell, inset=0.07)


def _place(stage: Stage, image: Image, box: Box, inset: float = 0.0) -> None:
    """Fills a box with a picture of nearly its shape; another is shown whole in it, ``inset`` from its sides."""
    x, y, w, h = box
    factor = (image.width() / image.height()) / (w / h)
    if 1 / _CROP <= factor <= _CROP and image.isOpaque():
        _draw_cover(stage, image, box)
        return
    pad = min(w, h) * inset
    _draw_whole(stage, image, (x + pad, y + pad, w - 2 * pad, h - 2 * pad))


def badge(stage: Stage, image: Image, place: int, region: Box, *, size: float = 1.0) -> None:
    """Places a logo whole on a plate in the upper right; further ones go below. A white logo gets a dark plate.

    ``size`` is how large it is, where 1 is usual.
    """
    side = min(region[2], region[3]) * _LOGO * size
    margin, canvas = min(region[2], region[3]) * _MARGIN, stage.canvas
    shape = min(3.2, max(0.5, image.width() / image.height()))
    w, h = side * shape**0.5, side / shape**0.5
    pad = side * 0.13
    x, y = region[0] + region[2] - margin - w - 2 * pad, region[1] + margin + place * (side * 1.5 + margin)
    plate = rounded(x, y, w + 2 * pad, h + 2 * pad, side * 0.14)
    cast = rounded(x, y + pad * 0.4, w + 2 * pad, h + 2 * pad, side * 0.14)
    canvas.drawRRect(cast, fill(BLACK, 0.3, blur=side * 0.06))
    canvas.drawRRect(plate, fill(darken(stage.palette.near, 0.35) if _is_pale(image) else WHITE, 0.97))
    _draw_whole(stage, image, (x + pad, y + pad, w, h))


def _is_pale(image: Image) -> bool:
    """Whether what shows of a transparent picture would vanish on white."""
    if image.isOpaque():
        return False
    pixels = to_rgba(resized(image, min(64, image.width()), min(64, image.height()))).astype(np.float64)
    weight = pixels[:, :, 3]
    total = float(weight.sum())
    return total > 0 and float((pixels[:, :, :3].mean(axis=2) * weight).sum()) / total > 205


def _draw_cover(stage: Stage, image: Image, box: Box, high: float = 0.5) -> None:
    """Fills a box; of a picture that is too tall the part is shown that lies ``high`` in it, from 0 at the top."""
    x, y, w, h = box
    scale = max(w / image.width(), h / image.height())
    sw, sh = w / scale, h / scale
    source = rect((image.width() - sw) / 2, (image.height() - sh) * high, sw, sh)
    stage.canvas.drawImageRect(image, source, rect(x, y, w, h), smooth_sampling(), skia.Paint(AntiAlias=True))


def _draw_whole(stage: Stage, image: Image, box: Box) -> None:
    """Shows a picture whole in the middle of a box, its proportions unchanged."""
    x, y, w, h = box
    scale = min(w / image.width(), h / image.height())
    sw, sh = image.width() * scale, image.height() * scale
    source = rect(0, 0, image.width(), image.height())
    target = rect(x + (w - sw) / 2, y + (h - sh) / 2, sw, sh)
    stage.canvas.drawImageRect(image, source, target, smooth_sampling(), skia.Paint(AntiAlias=True))
