"""A gift on a pedestal."""

from __future__ import annotations

from darkroom_graphics.skia_api import skia
from darkroom_sandbox.brush import (
    curve,
    fill,
    oval,
    polygon,
    rect,
    stroke,
    vertical,
)
from darkroom_sandbox.colours import darken, lighten
from darkroom_sandbox.light import soft_shadow
from darkroom_sandbox.scenes.still.table import sheen, table
from darkroom_sandbox.stage import Stage


def box(stage: Stage) -> None:
    """A ribboned box on a plinth."""
    x, foot, s = table(stage)
    canvas, p = stage.canvas, stage.palette
    plinth = lighten(p.sky[3], 0.25)
    soft_shadow(stage, x, foot + s * 0.1, s * 0.85, s * 0.14, 0.5)
    canvas.drawPath(_drum(x, foot, s * 0.68, s * 0.13, s * 0.12), sheen(plinth, x - s * 0.68, x + s * 0.68))
    canvas.drawOval(
        oval(x, foot - s * 0.12, s * 0.68, s * 0.13),
        vertical(foot - s * 0.25, foot, lighten(plinth, 0.4), plinth),
    )
    soft_shadow(stage, x + s * 0.06, foot - s * 0.1, s * 0.5, s * 0.08, 0.5)
    base, half, tall, rise = foot - s * 0.06, s * 0.4, s * 0.5, s * 0.12
    faces = (
        (
            [(x - half, base - rise), (x, base), (x, base - tall), (x - half, base - rise - tall)],
            lighten(p.accent, 0.12),
        ),
        (
            [(x, base), (x + half, base - rise), (x + half, base - rise - tall), (x, base - tall)],
            darken(p.accent, 0.3),
        ),
        (
            [
                (x - half, base - rise - tall),
                (x, base - tall),
                (x + half, base - rise - tall),
                (x, base - 2 * rise - tall),
            ],
            lighten(p.accent, 0.4),
        ),
    )
    for points, tone in faces:
        canvas.drawPath(polygon(points), vertical(base - tall, base, lighten(tone, 0.1), darken(tone, 0.12)))
    ribbon = lighten(p.light, 0.3)
    for side in (-1, 1):
        strip = [
            (x + side * half * 0.42, base - rise * 0.42),
            (x + side * half * 0.58, base - rise * 0.58),
            (x + side * half * 0.58, base - rise * 0.58 - tall),
            (x + side * half * 0.42, base - rise * 0.42 - tall),
        ]
        canvas.drawPath(polygon(strip), fill(ribbon, 0.9 if side < 0 else 0.65))
    knot = (x, base - tall - rise)
    for side in (-1, 1):
        loop = curve(
            [
                knot,
                (x + side * s * 0.16, knot[1] - s * 0.16),
                (x + side * s * 0.26, knot[1] - s * 0.06),
                (x + side * s * 0.12, knot[1] + s * 0.02),
            ],
            closed=True,
        )
        canvas.drawPath(loop, fill(ribbon))
        canvas.drawPath(loop, stroke(darken(ribbon, 0.35), s * 0.006, 0.6))
    canvas.drawCircle(*knot, s * 0.035, fill(darken(ribbon, 0.1)))


def _drum(x: float, foot: float, rx: float, ry: float, tall: float) -> object:
    path = skia.Path()
    path.addRect(rect(x - rx, foot - tall, rx * 2, tall))
    path.addOval(oval(x, foot, rx, ry))
    return path
