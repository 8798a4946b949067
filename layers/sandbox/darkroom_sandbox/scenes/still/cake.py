"""A cake with candles."""

from __future__ import annotations

from darkroom_graphics.skia_api import skia
from darkroom_sandbox.brush import (
    curve,
    fill,
    oval,
    rect,
    vertical,
)
from darkroom_sandbox.colours import WHITE, Rgb, darken, lighten, mix, turned
from darkroom_sandbox.light import glow, soft_shadow
from darkroom_sandbox.scenes.still.table import sheen, table
from darkroom_sandbox.stage import Stage


def cake(stage: Stage) -> None:
    """A layered cake on a stand, icing running down, candles lit."""
    x, foot, s = table(stage)
    canvas, rng, p = stage.canvas, stage.rng, stage.palette
    icing = lighten(p.accent, 0.35)
    soft_shadow(stage, x, foot + s * 0.02, s * 0.6, s * 0.09, 0.55)
    plate = lighten(p.sky[3], 0.5)
    canvas.drawRect(
        rect(x - s * 0.06, foot - s * 0.16, s * 0.12, s * 0.16), sheen(plate, x - s * 0.06, x + s * 0.06)
    )
    canvas.drawOval(oval(x, foot, s * 0.24, s * 0.04), fill(darken(plate, 0.12)))
    canvas.drawOval(
        oval(x, foot - s * 0.17, s * 0.66, s * 0.085),
        vertical(foot - s * 0.25, foot - s * 0.1, plate, darken(plate, 0.25)),
    )
    base = foot - s * 0.18
    for width, tall, tone in ((0.5, 0.34, (0.97, 0.9, 0.8)), (0.36, 0.3, mix(p.accent, WHITE, 0.62))):
        _tier(stage, x, base, s * width, s * tall, tone, icing)
        base -= s * tall
    for i in range(5):
        cx = x + s * (i - 2) * 0.12
        canvas.drawRect(
            rect(cx - s * 0.013, base - s * 0.2, s * 0.026, s * 0.19), fill(turned(p.accent, 50 * i))
        )
        glow(stage, (cx, base - s * 0.245), s * 0.2, (1.0, 0.75, 0.3), 0.6)
        canvas.drawOval(oval(cx, base - s * 0.235, s * 0.016, s * 0.038), fill((1.0, 0.86, 0.4)))
    for _ in range(26):
        canvas.drawCircle(
            x + s * rng.uniform(-0.46, 0.46),
            foot - s * rng.uniform(0.22, 0.4),
            s * 0.011,
            fill(turned(p.accent, rng.uniform(0, 360))),
        )


def _tier(stage: Stage, x: float, base: float, half: float, tall: float, tone: Rgb, icing: Rgb) -> None:
    canvas, rng = stage.canvas, stage.rng
    top, flat = base - tall, half * 0.15
    side = skia.Path()
    side.addRect(rect(x - half, top, half * 2, tall))
    side.addOval(oval(x, base, half, flat))
    canvas.drawPath(side, sheen(tone, x - half, x + half))
    drips = [(x - half * 1.02, top)]
    drips += [
        (x - half + half * 2 * i / 14, top + flat + tall * (rng.uniform(0.14, 0.4) if i % 2 else 0.06))
        for i in range(15)
    ]
    drips.append((x + half * 1.02, top))
    canvas.drawPath(curve(drips, closed=True), sheen(icing, x - half, x + half))
    canvas.drawOval(
        oval(x, top, half * 1.02, flat), vertical(top - flat, top + flat, lighten(icing, 0.4), icing)
    )
