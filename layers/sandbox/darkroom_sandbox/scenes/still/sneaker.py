"""A running shoe."""

from __future__ import annotations

from darkroom_graphics.skia_api import skia
from darkroom_sandbox.brush import (
    curve,
    fill,
    linear,
    stroke,
    vertical,
)
from darkroom_sandbox.colours import WHITE, darken, lighten
from darkroom_sandbox.light import soft_shadow
from darkroom_sandbox.scenes.still.table import table
from darkroom_sandbox.stage import Stage, saved


def sneaker(stage: Stage) -> None:
    """A running shoe in profile, mid-air over its shadow."""
    x, foot, size = table(stage)
    s = size * 0.8
    canvas, p = stage.canvas, stage.palette
    soft_shadow(stage, x, foot + s * 0.06, s * 0.85, s * 0.1, 0.6)
    with saved(canvas):
        canvas.translate(x, foot - s * 0.2)
        canvas.rotate(-8)
        sole = curve(
            [
                (-s * 0.84, s * 0.02),
                (-s * 0.8, s * 0.17),
                (0, s * 0.17),
                (s * 0.7, s * 0.18),
                (s * 0.88, s * 0.04),
                (s * 0.5, s * 0.03),
                (0, s * 0.02),
            ],
            closed=True,
        )
        upper = curve(
            [
                (-s * 0.8, s * 0.05),
                (-s * 0.82, -s * 0.3),
                (-s * 0.66, -s * 0.5),
                (-s * 0.5, -s * 0.4),
                (-s * 0.24, -s * 0.42),
                (0, -s * 0.28),
                (s * 0.34, -s * 0.12),
                (s * 0.74, -s * 0.08),
                (s * 0.85, s * 0.06),
                (0, s * 0.08),
            ],
            closed=True,
        )
        canvas.drawPath(
            upper,
            linear(
                (0, -s * 0.5), (0, s * 0.1), ((0, lighten(p.accent, 0.25), 1), (1, darken(p.accent, 0.28), 1))
            ),
        )
        with saved(canvas):
            canvas.clipPath(upper, skia.ClipOp.kIntersect, True)
            for k in range(3):
                swoosh = curve(
                    [
                        (-s * 0.7 + k * s * 0.1, s * 0.06),
                        (-s * 0.3 + k * s * 0.1, -s * 0.08),
                        (s * 0.05 + k * s * 0.12, -s * 0.34),
                    ]
                )
                canvas.drawPath(swoosh, stroke(WHITE if k == 1 else darken(p.accent, 0.5), s * 0.05, 0.9))
            canvas.drawCircle(s * 0.82, s * 0.08, s * 0.25, fill(darken(p.accent, 0.45), 0.85))
            canvas.drawCircle(-s * 0.9, -s * 0.08, s * 0.24, fill(darken(p.accent, 0.5), 0.85))
        for k in range(5):
            lx, ly = -s * 0.16 + k * s * 0.1, -s * 0.34 + k * s * 0.052
            canvas.drawLine(
                lx - s * 0.05, ly + s * 0.07, lx + s * 0.05, ly - s * 0.02, stroke(WHITE, s * 0.022)
            )
        canvas.drawPath(sole, vertical(0, s * 0.18, WHITE, (0.78, 0.8, 0.86)))
        canvas.drawPath(
            curve([(-s * 0.8, s * 0.12), (0, s * 0.125), (s * 0.82, s * 0.1)]), stroke(p.accent, s * 0.02)
        )
