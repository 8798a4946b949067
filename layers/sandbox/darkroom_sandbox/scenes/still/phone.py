"""A phone with an app on its screen."""

from __future__ import annotations

from darkroom_graphics.skia_api import skia
from darkroom_sandbox.brush import (
    curve,
    fill,
    linear,
    rounded,
    stroke,
)
from darkroom_sandbox.colours import WHITE, lighten, turned
from darkroom_sandbox.light import soft_shadow
from darkroom_sandbox.scenes.still.table import table
from darkroom_sandbox.stage import Stage, saved


def phone(stage: Stage) -> None:
    """A floating phone whose screen shows cards and a chart."""
    x, foot, s = table(stage)
    canvas, p = stage.canvas, stage.palette
    tall, wide = s * 1.3, s * 0.64
    soft_shadow(stage, x, foot + s * 0.04, s * 0.5, s * 0.06, 0.6)
    with saved(canvas):
        canvas.translate(x, foot - s * 0.66)
        canvas.rotate(stage.rng.uniform(-9, 9))
        canvas.drawRRect(
            rounded(-wide / 2 + s * 0.03, -tall / 2 + s * 0.04, wide, tall, s * 0.09),
            fill(p.near, 0.45, blur=s * 0.04),
        )
        canvas.drawRRect(
            rounded(-wide / 2, -tall / 2, wide, tall, s * 0.09),
            linear((-wide / 2, 0), (wide / 2, 0), ((0, (0.28, 0.29, 0.34), 1), (1, (0.07, 0.07, 0.1), 1))),
        )
        inner = rounded(
            -wide / 2 + s * 0.025, -tall / 2 + s * 0.025, wide - s * 0.05, tall - s * 0.05, s * 0.07
        )
        canvas.clipRRect(inner, skia.ClipOp.kIntersect, True)
        canvas.drawPaint(
            linear(
                (0, -tall / 2),
                (0, tall / 2),
                ((0, lighten(p.sky[3], 0.7), 1), (1, lighten(p.sky[2], 0.5), 1)),
            )
        )
        _screen(stage, wide - s * 0.05, tall - s * 0.05, s)


def _screen(stage: Stage, wide: float, tall: float, s: float) -> None:
    canvas, p, rng = stage.canvas, stage.palette, stage.rng
    left, top = -wide / 2 + s * 0.05, -tall / 2 + s * 0.05
    inner = wide - s * 0.1
    canvas.drawRRect(
        rounded(-s * 0.08, top - s * 0.02, s * 0.16, s * 0.035, s * 0.018), fill((0.05, 0.05, 0.07))
    )
    canvas.drawRRect(
        rounded(left, top + s * 0.07, inner, s * 0.36, s * 0.04),
        linear((left, top), (left + inner, top + s * 0.4), ((0, p.accent, 1), (1, turned(p.accent, 40), 1))),
    )
    points = [
        (left + inner * (0.06 + 0.11 * i), top + s * (0.37 - 0.035 * i - rng.uniform(0, 0.07)))
        for i in range(9)
    ]
    canvas.drawPath(curve(points), stroke(WHITE, s * 0.012))
    canvas.drawCircle(*points[-1], s * 0.018, fill(WHITE))
    for i in range(4):
        y = top + s * (0.48 + 0.17 * i)
        canvas.drawRRect(rounded(left, y, inner, s * 0.14, s * 0.03), fill(WHITE, 0.92))
        canvas.drawCircle(left + s * 0.07, y + s * 0.07, s * 0.038, fill(turned(p.accent, 45 * i)))
        canvas.drawRRect(
            rounded(left + s * 0.14, y + s * 0.04, inner * rng.uniform(0.3, 0.6), s * 0.022, s * 0.01),
            fill(p.near, 0.7),
        )
        canvas.drawRRect(
            rounded(left + s * 0.14, y + s * 0.083, inner * rng.uniform(0.2, 0.4), s * 0.017, s * 0.008),
            fill(p.near, 0.3),
        )
