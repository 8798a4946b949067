"""Draws reference pictures: as a lit print in the scene, a portrait medallion, a badge, or the whole base."""

from collections.abc import Sequence

from darkroom_graphics.decoding import smooth_sampling
from darkroom_graphics.skia_api import Image, skia
from darkroom_sandbox.brush import fill, rect, rounded, stroke
from darkroom_sandbox.colours import BLACK, WHITE, lighten
from darkroom_sandbox.light import glow
from darkroom_sandbox.stage import Stage, saved

MAX_PRINTS = 6


def cover(stage: Stage, image: Image) -> None:
    """Fills the whole stage with an image, cropping what does not fit."""
    _draw_cover(stage, image, 0, 0, stage.width, stage.height)


def _draw_cover(stage: Stage, image: Image, x: float, y: float, w: float, h: float) -> None:
    scale = max(w / image.width(), h / image.height())
    sw, sh = w / scale, h / scale
    source = rect((image.width() - sw) / 2, (image.height() - sh) / 2, sw, sh)
    stage.canvas.drawImageRect(image, source, rect(x, y, w, h), smooth_sampling(), skia.Paint(AntiAlias=True))


def prints(stage: Stage, images: Sequence[Image]) -> None:
    """Sets pictures into the scene as framed prints side by side: shadow, white border, a light from
    above.
    """
    shown = images[:MAX_PRINTS]
    if not shown:
        return
    w, h = stage.width, stage.height
    slot = min(w * 0.86 / len(shown), h * 0.62)
    glow(stage, (w / 2, h * 0.45), max(w, h) * 0.5, stage.palette.light, 0.35)
    for i, image in enumerate(shown):
        x = w / 2 + (i - (len(shown) - 1) / 2) * slot
        with saved(stage.canvas):
            stage.canvas.translate(x, h * 0.5)
            stage.canvas.rotate(stage.rng.uniform(-5, 5))
            _print(stage, image, slot * 0.88)


def _print(stage: Stage, image: Image, side: float) -> None:
    shape = min(1.6, max(0.625, image.width() / image.height()))
    w, h = (side, side / shape) if shape >= 1 else (side * shape, side)
    border, corner, canvas = side * 0.035, side * 0.05, stage.canvas
    outer = rounded(-w / 2 - border, -h / 2 - border, w + border * 2, h + border * 2, corner)
    cast = rounded(-w / 2 - border * 0.4, -h / 2 + border, w + border * 1.6, h + border * 2, corner)
    canvas.drawRRect(cast, fill(BLACK, 0.5, blur=side * 0.04))
    canvas.drawRRect(outer, fill(lighten(stage.palette.light, 0.6)))
    with saved(canvas):
        canvas.clipRRect(rounded(-w / 2, -h / 2, w, h, corner * 0.6), skia.ClipOp.kIntersect, True)
        _draw_cover(stage, image, -w / 2, -h / 2, w, h)


def medallion(stage: Stage, images: Sequence[Image]) -> None:
    """Shows characters as round portraits with a ring of the accent colour."""
    shown = images[:MAX_PRINTS]
    w, h, canvas = stage.width, stage.height, stage.canvas
    if not shown:
        return
    slot = min(w * 0.88 / len(shown), h * 0.6)
    for i, image in enumerate(shown):
        x, y, r = w / 2 + (i - (len(shown) - 1) / 2) * slot, h * 0.52, slot * 0.44
        glow(stage, (x, y), r * 2, stage.palette.light, 0.6)
        canvas.drawCircle(x, y + r * 0.1, r * 1.05, fill(BLACK, 0.45, blur=r * 0.1))
        canvas.drawCircle(x, y, r * 1.06, fill(lighten(stage.palette.light, 0.5)))
        with saved(canvas):
            disc = skia.Path()
            disc.addCircle(x, y, r)
            canvas.clipPath(disc, skia.ClipOp.kIntersect, True)
            _draw_cover(stage, image, x - r, y - r, r * 2, r * 2)
        canvas.drawCircle(x, y, r * 1.0, stroke(stage.palette.accent, r * 0.05))


def badge(stage: Stage, image: Image, place: int) -> None:
    """Places a logo whole, on a white plate in the upper right; further ones go below."""
    side, margin, canvas = 150 * stage.unit, 34 * stage.unit, stage.canvas
    shape = min(2.4, max(0.6, image.width() / image.height()))
    w, h = (side * min(shape, 1.8), side * min(shape, 1.8) / shape) if shape >= 1 else (side * shape, side)
    x, y, pad = stage.width - margin - w, margin + place * (side + margin), side * 0.12
    plate = rounded(x - pad, y, w + pad, h + pad, side * 0.14)
    canvas.drawRRect(
        rounded(x - pad, y + pad * 0.5, w + pad, h + pad, side * 0.14), fill(BLACK, 0.35, blur=side * 0.06)
    )
    canvas.drawRRect(plate, fill(WHITE, 0.95))
    scale = min(w / image.width(), h / image.height())
    lw, lh = image.width() * scale, image.height() * scale
    target = rect(x - pad / 2 + (w - lw) / 2, y + pad / 2 + (h - lh) / 2, lw, lh)
    canvas.drawImageRect(
        image,
        rect(0, 0, image.width(), image.height()),
        target,
        smooth_sampling(),
        skia.Paint(AntiAlias=True),
    )
