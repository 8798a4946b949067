"""The table on which things stand, its light, and what things on it have in common."""

from __future__ import annotations

from math import sin

from darkroom_sandbox.brush import (
    curve,
    fill,
    linear,
    oval,
    polygon,
    rect,
    stroke,
    vertical,
)
from darkroom_sandbox.colours import WHITE, Rgb, darken, lighten, mix, turned
from darkroom_sandbox.light import bokeh, glow
from darkroom_sandbox.stage import Stage, saved

type Spot = tuple[float, float, float]


def table(stage: Stage) -> Spot:
    """A lit wall, a window's light on it and a table; returns where the subject stands: x, foot, size in
    pixels.
    """
    w, h, rng, p, canvas = stage.width, stage.height, stage.rng, stage.palette, stage.canvas
    wall = mix(p.sky[1], p.sky[2], 0.5)
    edge = h * rng.uniform(0.66, 0.72)
    canvas.drawPaint(
        linear(
            (0, 0),
            (w, edge),
            ((0, mix(wall, p.sky[0], 0.55), 1), (0.6, lighten(wall, 0.12), 1), (1, p.sky[3], 1)),
        )
    )
    backdrop = rng.random()
    if p.dark or backdrop < 0.34:
        glow(stage, (w / 2, edge * 0.62), max(w, h) * 0.55, mix(p.accent, p.light, 0.35), 0.6)
        bokeh(stage, 12 * stage.detail, 0, edge * 0.9, (p.accent, p.light, turned(p.accent, 30)))
    elif backdrop < 0.7:
        _window_light(stage, edge)
    else:
        disc, disc_tone = min(w, h) * 0.36, mix(p.sky[0], lighten(p.sky[3], 0.4), 0.5)
        canvas.drawCircle(
            w / 2,
            edge * 0.6,
            disc,
            linear(
                (0, edge * 0.6 - disc), (0, edge), ((0, lighten(disc_tone, 0.25), 0.95), (1, disc_tone, 0.8))
            ),
        )
    top = mix(p.far, p.near, 0.3 if not p.dark else 0.7)
    canvas.drawRect(rect(0, edge, w, h - edge), vertical(edge, h, lighten(top, 0.3), darken(top, 0.22)))
    canvas.drawRect(rect(0, edge, w, 3 * stage.unit), fill(WHITE, 0.22))
    canvas.drawRect(
        rect(0, edge - h * 0.05, w, h * 0.05),
        vertical(edge - h * 0.05, edge, darken(wall, 0.3), darken(wall, 0.3), 0.12),
    )
    size = min(w, h) * 0.54
    return w / 2, edge + (h - edge) * 0.42, size


def _window_light(stage: Stage, edge: float) -> None:
    w, h, rng, canvas = stage.width, stage.height, stage.rng, stage.canvas
    lean, x = min(w, h) * 0.22, w * rng.uniform(0.12, 0.42)
    pane, tall, soft = min(w, h) * 0.2, edge * 0.4, 7 * stage.unit
    for row in range(2):
        for column in range(2):
            left, top = x + column * pane * 1.12 + row * lean * 0.5, edge * 0.08 + row * tall * 1.08
            quad = polygon(
                [
                    (left, top),
                    (left + pane, top),
                    (left + pane + lean * 0.5, top + tall),
                    (left + lean * 0.5, top + tall),
                ]
            )
            canvas.drawPath(quad, fill(stage.palette.light, 0.42, blend="SoftLight", blur=soft))
            canvas.drawPath(quad, fill(stage.palette.light, 0.2, blur=soft))
    for _ in range(9):
        leaf_x, leaf_y, size = (
            rng.uniform(0, w),
            rng.uniform(0, edge * 0.5),
            min(w, h) * rng.uniform(0.05, 0.12),
        )
        with saved(canvas):
            canvas.translate(leaf_x, leaf_y)
            canvas.rotate(rng.uniform(0, 180))
            canvas.drawOval(oval(0, 0, size, size * 0.26), fill(stage.palette.near, 0.1, blur=soft * 1.4))


def sheen(colour: Rgb, left: float, right: float) -> object:
    """The shading of a round upright thing: lit from the left, dark at the right edge."""
    return linear(
        (left, 0),
        (right, 0),
        (
            (0, darken(colour, 0.14), 1),
            (0.22, lighten(colour, 0.3), 1),
            (0.55, colour, 1),
            (1, darken(colour, 0.42), 1),
        ),
    )


def steam(stage: Stage, x: float, y: float, s: float) -> None:
    """Three curls of steam over a thing of size ``s`` whose rim is at ``x``, ``y``."""
    for dx in (-0.16, 0.0, 0.17):
        points = [
            (x + s * (dx + 0.07 * sin(k * 1.25 + dx * 20)), y - s * (0.05 + 0.13 * k)) for k in range(6)
        ]
        for width, alpha in ((0.09, 0.1), (0.04, 0.22)):
            stage.canvas.drawPath(curve(points), stroke(WHITE, s * width, alpha, blur=s * 0.025))
