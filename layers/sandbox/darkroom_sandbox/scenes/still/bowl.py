"""A bowl of ramen."""

from __future__ import annotations

from darkroom_graphics.skia_api import skia
from darkroom_sandbox.brush import (
    fill,
    oval,
    polygon,
    radial,
    rect,
    stroke,
    vertical,
)
from darkroom_sandbox.colours import WHITE, darken, lighten, mix
from darkroom_sandbox.light import soft_shadow
from darkroom_sandbox.scenes.still.table import sheen, steam, table
from darkroom_sandbox.stage import Stage, saved


def bowl(stage: Stage) -> None:
    """A generous bowl: broth or greens, toppings, chopsticks."""
    x, foot, size = table(stage)
    s = size * 0.9
    canvas, rng, p = stage.canvas, stage.rng, stage.palette
    ware = mix(p.near, p.accent, 0.55)
    soft_shadow(stage, x + s * 0.1, foot + s * 0.03, s * 0.85, s * 0.14, 0.6)
    top = foot - s * 0.48
    body = skia.Path()
    body.moveTo(x - s * 0.72, top)
    body.cubicTo(x - s * 0.66, foot - s * 0.05, x - s * 0.34, foot, x - s * 0.26, foot)
    body.lineTo(x + s * 0.26, foot)
    body.cubicTo(x + s * 0.34, foot, x + s * 0.66, foot - s * 0.05, x + s * 0.72, top)
    body.close()
    canvas.drawPath(body, sheen(ware, x - s * 0.72, x + s * 0.72))
    with saved(canvas):
        canvas.clipPath(body, skia.ClipOp.kIntersect, True)
        canvas.drawRect(rect(x - s, top + s * 0.12, s * 2, s * 0.028), fill(lighten(ware, 0.5), 0.6))
    canvas.drawOval(oval(x, top, s * 0.72, s * 0.235), fill(lighten(ware, 0.3)))
    inside = oval(x, top + s * 0.012, s * 0.675, s * 0.205)
    broth = (0.86, 0.5, 0.17) if not stage.has("salad", "avocado", "vegan") else (0.42, 0.62, 0.24)
    canvas.drawOval(inside, vertical(top - s * 0.2, top + s * 0.2, darken(broth, 0.25), lighten(broth, 0.2)))
    with saved(canvas):
        canvas.clipPath(_ellipse(x, top + s * 0.012, s * 0.675, s * 0.205), skia.ClipOp.kIntersect, True)
        for _ in range(60):
            cx, cy = x + rng.gauss(0, 0.26) * s, top + rng.gauss(0, 0.07) * s
            canvas.drawOval(
                oval(cx, cy, s * rng.uniform(0.06, 0.16), s * 0.04),
                stroke((0.98, 0.87, 0.56), s * 0.011, 0.85),
            )
        for _ in range(26):
            cx, cy, r = x + rng.gauss(0, 0.3) * s, top + rng.gauss(0, 0.08) * s, s * rng.uniform(0.012, 0.024)
            canvas.drawCircle(
                cx, cy, r, fill(rng.choice(((0.3, 0.6, 0.25), (0.45, 0.72, 0.3), (0.82, 0.2, 0.15))))
            )
    _egg(stage, x - s * 0.24, top - s * 0.015, s * 0.155)
    _egg(stage, x + s * 0.04, top + s * 0.055, s * 0.155)
    _nori(stage, x + s * 0.3, top, s)
    for shift in (0.0, 0.06):
        canvas.drawLine(
            x - s * 0.95,
            top - s * (0.24 - shift * 0.6),
            x + s * 0.3,
            top - s * (0.09 + shift),
            stroke((0.36, 0.18, 0.1), s * 0.022),
        )
    steam(stage, x, top - s * 0.12, s)


def _nori(stage: Stage, x: float, top: float, s: float) -> None:
    """Two sheets of seaweed leaning on the rim."""
    for dx, lean in ((0.12, 0.1), (0.0, 0.04)):
        left = x + dx * s
        sheet = [
            (left, top + s * 0.04),
            (left + lean * s, top - s * 0.3),
            (left + (lean + 0.19) * s, top - s * 0.26),
        ]
        outline = polygon([*sheet, (left + s * 0.2, top + s * 0.05)])
        stage.canvas.drawPath(outline, vertical(top - s * 0.3, top, (0.2, 0.3, 0.2), (0.06, 0.12, 0.09)))


def _ellipse(x: float, y: float, rx: float, ry: float) -> object:
    path = skia.Path()
    path.addOval(oval(x, y, rx, ry))
    return path


def _egg(stage: Stage, x: float, y: float, r: float) -> None:
    canvas = stage.canvas
    canvas.drawOval(oval(x, y + r * 0.12, r * 1.02, r * 0.62), fill((0.3, 0.14, 0.05), 0.35))
    canvas.drawOval(oval(x, y, r, r * 0.58), vertical(y - r, y + r, WHITE, (0.9, 0.86, 0.8)))
    canvas.drawOval(
        oval(x, y, r * 0.58, r * 0.33),
        radial((x - r * 0.1, y - r * 0.1), r * 0.6, ((0, (1.0, 0.78, 0.2), 1), (1, (0.93, 0.5, 0.08), 1))),
    )
