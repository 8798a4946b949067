"""A cup of coffee or tea."""

from __future__ import annotations

from darkroom_graphics.skia_api import skia
from darkroom_sandbox.brush import (
    curve,
    fill,
    oval,
    stroke,
    vertical,
)
from darkroom_sandbox.colours import WHITE, darken, lighten, mix
from darkroom_sandbox.light import soft_shadow
from darkroom_sandbox.scenes.still.table import sheen, steam, table
from darkroom_sandbox.stage import Stage, saved


def cup(stage: Stage) -> None:
    """A steaming cup on a saucer, beans beside it."""
    x, foot, size = table(stage)
    s = size * 0.9
    canvas, rng = stage.canvas, stage.rng
    ware = mix(stage.palette.accent, WHITE, rng.choice((0.0, 0.82)))
    soft_shadow(stage, x + s * 0.12, foot + s * 0.03, s * 0.78, s * 0.13, 0.6)
    canvas.drawOval(
        oval(x, foot, s * 0.62, s * 0.1),
        vertical(foot - s * 0.1, foot + s * 0.1, lighten(ware, 0.3), darken(ware, 0.25)),
    )
    canvas.drawOval(oval(x, foot - s * 0.012, s * 0.4, s * 0.055), fill(darken(ware, 0.3), 0.5))
    handle = skia.Path()
    handle.addOval(oval(x + s * 0.42, foot - s * 0.32, s * 0.17, s * 0.16))
    canvas.drawPath(handle, stroke(darken(ware, 0.2), s * 0.062))
    top = foot - s * 0.55
    body = skia.Path()
    body.moveTo(x - s * 0.42, top)
    body.cubicTo(x - s * 0.42, foot - s * 0.16, x - s * 0.26, foot, x - s * 0.18, foot)
    body.lineTo(x + s * 0.18, foot)
    body.cubicTo(x + s * 0.26, foot, x + s * 0.42, foot - s * 0.16, x + s * 0.42, top)
    body.close()
    canvas.drawPath(body, sheen(ware, x - s * 0.42, x + s * 0.42))
    canvas.drawOval(oval(x, top, s * 0.42, s * 0.1), fill(lighten(ware, 0.4)))
    tea = stage.has("tea", "matcha")
    brew = (0.47, 0.6, 0.2) if stage.has("matcha") else (0.72, 0.38, 0.12) if tea else (0.33, 0.17, 0.08)
    canvas.drawOval(
        oval(x, top + s * 0.012, s * 0.385, s * 0.082),
        vertical(top - s * 0.08, top + s * 0.09, darken(brew, 0.3), lighten(brew, 0.16)),
    )
    if not tea:
        _latte_art(stage, x, top + s * 0.012, s)
    steam(stage, x, top, s)
    for _ in range(9):
        _bean(
            stage,
            x + rng.choice((-1, 1)) * s * rng.uniform(0.62, 1.0),
            foot + s * rng.uniform(0.05, 0.3),
            s * 0.045,
        )


def _latte_art(stage: Stage, x: float, y: float, s: float) -> None:
    cream = (0.96, 0.87, 0.73)
    with saved(stage.canvas):
        stage.canvas.translate(x, y)
        stage.canvas.scale(1, 0.22)
        for i in range(4):
            r = s * (0.26 - 0.062 * i)
            tone = cream if i % 2 == 0 else (0.55, 0.32, 0.17)
            heart = curve(
                [(0, r), (-r, 0), (-r * 0.62, -r * 0.75), (0, -r * 0.34), (r * 0.62, -r * 0.75), (r, 0)],
                closed=True,
            )
            stage.canvas.drawPath(heart, fill(tone, 0.95))


def _bean(stage: Stage, x: float, y: float, r: float) -> None:
    soft_shadow(stage, x + r * 0.3, y + r * 0.5, r * 1.5, r * 0.5, 0.5)
    with saved(stage.canvas):
        stage.canvas.translate(x, y)
        stage.canvas.rotate(stage.rng.uniform(-50, 50))
        stage.canvas.drawOval(oval(0, 0, r, r * 0.66), vertical(-r, r, (0.5, 0.29, 0.16), (0.2, 0.1, 0.05)))
        stage.canvas.drawPath(
            curve([(-r * 0.9, 0), (-r * 0.3, r * 0.14), (r * 0.3, -r * 0.14), (r * 0.9, 0)]),
            stroke((0.13, 0.06, 0.03), r * 0.13),
        )
