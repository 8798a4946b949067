"""Flowers in a vase."""

from __future__ import annotations

from darkroom_graphics.skia_api import skia
from darkroom_sandbox.brush import (
    around,
    curve,
    fill,
    radial,
    stroke,
)
from darkroom_sandbox.colours import WHITE, Rgb, darken, lighten, mix, turned
from darkroom_sandbox.light import soft_shadow
from darkroom_sandbox.scenes.still.table import sheen, table
from darkroom_sandbox.stage import Stage, saved


def vase(stage: Stage) -> None:
    """A bouquet in a rounded vase."""
    x, foot, s = table(stage)
    canvas, rng, p = stage.canvas, stage.rng, stage.palette
    soft_shadow(stage, x + s * 0.12, foot, s * 0.5, s * 0.08, 0.55)
    heads = [
        (x + s * rng.gauss(0, 0.25), foot - s * rng.uniform(0.75, 1.2), s * rng.uniform(0.085, 0.15))
        for _ in range(11)
    ]
    green = mix((0.2, 0.45, 0.25), p.near, 0.3)
    for hx, hy, _r in heads:
        stem = skia.Path()
        stem.moveTo(x + (hx - x) * 0.15, foot - s * 0.46)
        stem.quadTo(x + (hx - x) * 0.4, hy + s * 0.2, hx, hy)
        canvas.drawPath(stem, stroke(green, s * 0.014))
    for i in range(16):
        with saved(canvas):
            canvas.translate(x + s * rng.uniform(-0.16, 0.16), foot - s * rng.uniform(0.55, 0.85))
            canvas.rotate(rng.uniform(-160, -20))
            leaf = curve([(0, 0), (s * 0.1, -s * 0.045), (s * 0.22, 0), (s * 0.1, s * 0.045)], closed=True)
            canvas.drawPath(leaf, fill(lighten(green, 0.25 * (i % 3) / 2)))
    hues = (p.accent, turned(p.accent, 22), lighten(p.accent, 0.5), turned(p.accent, -26))
    for hx, hy, r in sorted(heads, key=lambda head: head[1]):
        _rose(stage, hx, hy, r, rng.choice(hues))
    pot = mix(p.sky[3], WHITE, 0.35)
    body = curve(
        [
            (x - s * 0.12, foot - s * 0.52),
            (x - s * 0.15, foot - s * 0.45),
            (x - s * 0.27, foot - s * 0.22),
            (x - s * 0.16, foot),
            (x + s * 0.16, foot),
            (x + s * 0.27, foot - s * 0.22),
            (x + s * 0.15, foot - s * 0.45),
            (x + s * 0.12, foot - s * 0.52),
        ],
        closed=True,
    )
    canvas.drawPath(body, sheen(pot, x - s * 0.27, x + s * 0.27))


def _rose(stage: Stage, x: float, y: float, r: float, colour: Rgb) -> None:
    start = stage.rng.random()
    for ring, (reach, petals) in enumerate(((0.62, 8), (0.4, 6), (0.18, 4))):
        tone = lighten(darken(colour, 0.22), 0.16 * ring)
        for i in range(petals):
            px, py = around(x, y, r * reach, start + i / petals + ring * 0.07)
            size = r * (0.5 - 0.1 * ring)
            stage.canvas.drawCircle(
                px,
                py,
                size,
                radial(
                    (px - size * 0.3, py - size * 0.3),
                    size * 1.3,
                    ((0, lighten(tone, 0.22), 1), (1, tone, 1)),
                ),
            )
    stage.canvas.drawCircle(x, y, r * 0.16, fill(darken(colour, 0.4)))
