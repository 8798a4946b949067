"""A bottle between sprigs."""

from __future__ import annotations

from darkroom_graphics.skia_api import skia
from darkroom_sandbox.brush import (
    curve,
    fill,
    linear,
    rect,
    rounded,
    stroke,
)
from darkroom_sandbox.colours import WHITE, darken, lighten, mix
from darkroom_sandbox.light import soft_shadow
from darkroom_sandbox.scenes.still.table import sheen, table
from darkroom_sandbox.stage import Stage, saved


def bottle(stage: Stage) -> None:
    """A bottle with a label, lit through, leaves beside it."""
    x, foot, s = table(stage)
    canvas, p = stage.canvas, stage.palette
    tall, half = s * 1.16, s * 0.2
    glass = mix(p.accent, p.near, 0.2)
    soft_shadow(stage, x + s * 0.14, foot, s * 0.5, s * 0.07, 0.6)
    for side in (-1, 1):
        _sprig(stage, x + side * s * 0.42, foot + s * 0.02, s * 0.55, side)
    shape = skia.Path()
    shape.moveTo(x - half, foot)
    shape.lineTo(x - half, foot - tall * 0.56)
    shape.cubicTo(
        x - half, foot - tall * 0.72, x - half * 0.36, foot - tall * 0.7, x - half * 0.36, foot - tall * 0.8
    )
    shape.lineTo(x + half * 0.36, foot - tall * 0.8)
    shape.cubicTo(
        x + half * 0.36, foot - tall * 0.7, x + half, foot - tall * 0.72, x + half, foot - tall * 0.56
    )
    shape.lineTo(x + half, foot)
    shape.close()
    canvas.drawPath(shape, sheen(glass, x - half, x + half))
    with saved(canvas):
        canvas.clipPath(shape, skia.ClipOp.kIntersect, True)
        canvas.drawRect(
            rect(x - half * 0.72, foot - tall, half * 0.16, tall), fill(WHITE, 0.5, blur=s * 0.01)
        )
        canvas.drawRect(
            rect(x + half * 0.74, foot - tall, half * 0.1, tall), fill(WHITE, 0.22, blur=s * 0.01)
        )
        label = lighten(p.sky[3], 0.4)
        canvas.drawRect(
            rect(x - half, foot - tall * 0.46, half * 2, tall * 0.3),
            linear(
                (x - half, 0),
                (x + half, 0),
                ((0, darken(label, 0.15), 1), (0.3, label, 1), (1, darken(label, 0.35), 1)),
            ),
        )
        canvas.drawCircle(x, foot - tall * 0.35, half * 0.34, fill(p.accent))
        for k in range(2):
            canvas.drawRect(
                rect(
                    x - half * (0.55 - 0.15 * k),
                    foot - tall * (0.245 - 0.035 * k),
                    half * (1.1 - 0.3 * k),
                    tall * 0.012,
                ),
                fill(p.near, 0.75),
            )
    cap = darken(p.near, 0.1)
    canvas.drawRRect(
        rounded(x - half * 0.44, foot - tall * 0.98, half * 0.88, tall * 0.19, half * 0.08),
        sheen(lighten(cap, 0.12), x - half * 0.44, x + half * 0.44),
    )


def _sprig(stage: Stage, x: float, foot: float, tall: float, side: float) -> None:
    canvas, green = stage.canvas, mix((0.25, 0.5, 0.3), stage.palette.near, 0.25)
    tip = (x + side * tall * 0.35, foot - tall)
    stem = skia.Path()
    stem.moveTo(x, foot)
    stem.quadTo(x, foot - tall * 0.6, *tip)
    canvas.drawPath(stem, stroke(darken(green, 0.3), tall * 0.018))
    for i in range(8):
        t = 0.15 + 0.85 * i / 8
        cx, cy = x + side * tall * 0.35 * t * t, foot - tall * (1.2 * t - 0.2 * t * t)
        with saved(canvas):
            canvas.translate(cx, cy)
            canvas.rotate((-35 if i % 2 else 215) + 20 * side)
            leaf = curve(
                [(0, 0), (tall * 0.1, -tall * 0.05), (tall * 0.22, 0), (tall * 0.1, tall * 0.05)], closed=True
            )
            canvas.drawPath(leaf, fill(lighten(green, 0.2 * (i % 2))))
