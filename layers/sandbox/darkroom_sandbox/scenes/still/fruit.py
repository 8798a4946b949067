"""A pile of citrus fruit."""

from __future__ import annotations

from darkroom_sandbox.brush import (
    around,
    curve,
    fill,
    oval,
    radial,
    stroke,
)
from darkroom_sandbox.colours import WHITE, Rgb, darken, lighten, turned
from darkroom_sandbox.light import soft_shadow
from darkroom_sandbox.scenes.still.table import table
from darkroom_sandbox.stage import Stage


def fruit(stage: Stage) -> None:
    """Round fruit in a loose pile, some of it cut."""
    x, foot, s = table(stage)
    rng, p = stage.rng, stage.palette
    named = (
        (("lemon", "citrus"), (0.98, 0.82, 0.18)),
        (("orange", "mango", "peach"), (0.97, 0.55, 0.12)),
        (("apple", "apples", "strawberry", "tomato", "berries"), (0.86, 0.16, 0.18)),
        (("lime", "avocado"), (0.5, 0.74, 0.2)),
    )
    colour = next((tone for words, tone in named if stage.has(*words)), p.accent)
    spots = (
        (-0.42, -0.04, 0.3),
        (0.36, -0.05, 0.28),
        (-0.02, -0.02, 0.34),
        (0.62, 0.12, 0.2),
        (-0.68, 0.12, 0.19),
        (0.2, 0.2, 0.23),
    )
    for i, (dx, dy, r) in enumerate(spots):
        cx, cy, size = x + dx * s, foot + dy * s - r * s * 0.6, r * s
        tone = turned(colour, rng.uniform(-9, 9))
        soft_shadow(stage, cx + size * 0.25, cy + size * 0.92, size * 1.2, size * 0.26, 0.55)
        stage.canvas.drawCircle(
            cx,
            cy,
            size,
            radial(
                (cx - size * 0.35, cy - size * 0.4),
                size * 1.5,
                ((0, lighten(tone, 0.45), 1), (0.35, tone, 1), (1, darken(tone, 0.5), 1)),
            ),
        )
        if i in (2, 5):
            _slice(stage, cx, cy, size, tone)
        else:
            stage.canvas.drawOval(
                oval(cx - size * 0.38, cy - size * 0.45, size * 0.2, size * 0.11),
                fill(WHITE, 0.5, blur=size * 0.05),
            )
            _stalk(stage, cx, cy - size * 0.92, size)


def _slice(stage: Stage, x: float, y: float, r: float, tone: Rgb) -> None:
    canvas = stage.canvas
    canvas.drawCircle(x, y, r * 0.94, fill(lighten(tone, 0.75)))
    for i in range(9):
        a, b = around(x, y, r * 0.8, i / 9 + 0.008), around(x, y, r * 0.8, (i + 1) / 9 - 0.008)
        mid = around(x, y, r * 0.9, (i + 0.5) / 9)
        start = around(x, y, r * 0.12, (i + 0.5) / 9)
        wedge = curve([start, a, mid, b], closed=True)
        canvas.drawPath(wedge, radial((x, y), r, ((0, lighten(tone, 0.35), 1), (1, tone, 1))))


def _stalk(stage: Stage, x: float, y: float, r: float) -> None:
    stage.canvas.drawLine(x, y + r * 0.1, x + r * 0.06, y - r * 0.14, stroke((0.3, 0.2, 0.1), r * 0.05))
    leaf = curve(
        [(x, y), (x + r * 0.22, y - r * 0.26), (x + r * 0.5, y - r * 0.2), (x + r * 0.28, y - r * 0.02)],
        closed=True,
    )
    stage.canvas.drawPath(leaf, fill((0.32, 0.58, 0.25)))
