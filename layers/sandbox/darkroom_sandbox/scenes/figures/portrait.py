"""A person, faceless and calm, lit from one side."""

from __future__ import annotations

from darkroom_graphics.skia_api import skia
from darkroom_sandbox.brush import curve, fill, linear, oval, polygon, rounded, stroke, vertical
from darkroom_sandbox.colours import Rgb, darken, lighten, mix, rgb
from darkroom_sandbox.light import glow
from darkroom_sandbox.scenes.figures.backdrop import backdrop
from darkroom_sandbox.stage import Stage

_SKINS = ("#f2c9a5", "#e0a878", "#b97a4e", "#8a5532", "#5f3a24")


# Ordered so that any tone of skin goes with the first hairs and only the lighter ones with the last.
_HAIRS = ("#1d1512", "#3b2417", "#4f4a4a", "#6b4022", "#a8672f", "#c9a870")


def portrait(stage: Stage) -> None:
    """A calm, faceless bust with rim light."""
    backdrop(stage)
    rng, p, canvas = stage.rng, stage.palette, stage.canvas
    s = min(stage.width * 0.98, stage.height) * 0.5
    x, chin = stage.width / 2, stage.height * 0.62
    tone = rng.randrange(len(_SKINS))
    skin, hair = rgb(_SKINS[tone]), rgb(rng.choice(_HAIRS[: len(_HAIRS) - tone]))
    cloth = mix(p.accent, p.near, rng.choice((0.0, 0.3)))
    long_hair = stage.has("woman", "girl") or (not stage.has("man", "boy") and rng.random() < 0.5)
    glow(stage, (x, chin - s * 0.2), s * 1.4, p.light, 0.4)
    if long_hair:
        canvas.drawPath(
            curve(
                [
                    (x - s * 0.47, chin - s * 0.4),
                    (x - s * 0.3, chin - s * 0.88),
                    (x + s * 0.3, chin - s * 0.88),
                    (x + s * 0.47, chin - s * 0.4),
                    (x + s * 0.46, chin + s * 0.3),
                    (x, chin + s * 0.42),
                    (x - s * 0.46, chin + s * 0.3),
                ],
                closed=True,
            ),
            fill(darken(hair, 0.2)),
        )
    _shoulders(stage, x, chin, s, cloth, skin)
    _head(stage, x, chin, s, skin)
    _hair(stage, x, chin, s, hair, long_hair)
    if stage.has("glasses", "founder", "developer", "teacher", "doctor", "intern"):
        for side in (-1, 1):
            canvas.drawRRect(
                rounded(x + side * s * 0.155 - s * 0.115, chin - s * 0.37, s * 0.23, s * 0.17, s * 0.07),
                stroke((0.1, 0.1, 0.12), s * 0.018),
            )


def _shoulders(stage: Stage, x: float, chin: float, s: float, cloth: Rgb, skin: Rgb) -> None:
    canvas, floor = stage.canvas, stage.height * 1.1
    torso = skia.Path()
    torso.moveTo(x - s * 0.98, floor)
    torso.cubicTo(x - s * 0.95, chin + s * 0.5, x - s * 0.72, chin + s * 0.36, x - s * 0.2, chin + s * 0.24)
    torso.lineTo(x + s * 0.2, chin + s * 0.24)
    torso.cubicTo(x + s * 0.72, chin + s * 0.36, x + s * 0.95, chin + s * 0.5, x + s * 0.98, floor)
    torso.close()
    canvas.drawPath(
        torso,
        linear(
            (x - s, chin),
            (x + s, chin + s),
            ((0, lighten(cloth, 0.28), 1), (0.5, cloth, 1), (1, darken(cloth, 0.45), 1)),
        ),
    )
    canvas.drawPath(
        curve(
            [
                (x - s * 0.17, chin - s * 0.1),
                (x - s * 0.18, chin + s * 0.22),
                (x, chin + s * 0.4),
                (x + s * 0.18, chin + s * 0.22),
                (x + s * 0.17, chin - s * 0.1),
            ]
        ),
        vertical(chin - s * 0.1, chin + s * 0.35, darken(skin, 0.34), darken(skin, 0.1)),
    )
    for side in (-1, 1):
        lapel = polygon(
            [
                (x + side * s * 0.19, chin + s * 0.22),
                (x + side * s * 0.42, chin + s * 0.42),
                (x + side * s * 0.2, chin + s * 0.62),
                (x, chin + s * 0.86),
                (x, chin + s * 0.42),
            ]
        )
        canvas.drawPath(lapel, fill(darken(cloth, 0.25 if side > 0 else 0.1)))


def _head(stage: Stage, x: float, chin: float, s: float, skin: Rgb) -> None:
    canvas = stage.canvas
    for side in (-1, 1):
        canvas.drawOval(
            oval(x + side * s * 0.36, chin - s * 0.3, s * 0.06, s * 0.1), fill(darken(skin, 0.16))
        )
    face = curve(
        [
            (x - s * 0.36, chin - s * 0.42),
            (x - s * 0.22, chin - s * 0.74),
            (x + s * 0.22, chin - s * 0.74),
            (x + s * 0.36, chin - s * 0.42),
            (x + s * 0.27, chin - s * 0.08),
            (x, chin + s * 0.08),
            (x - s * 0.27, chin - s * 0.08),
        ],
        closed=True,
    )
    canvas.drawPath(
        face,
        linear(
            (x - s * 0.36, 0),
            (x + s * 0.36, 0),
            ((0, lighten(skin, 0.2), 1), (0.5, skin, 1), (1, darken(skin, 0.3), 1)),
        ),
    )
    brow = darken(skin, 0.55)
    for side in (-1, 1):
        canvas.drawPath(
            curve(
                [
                    (x + side * s * 0.24, chin - s * 0.36),
                    (x + side * s * 0.16, chin - s * 0.39),
                    (x + side * s * 0.08, chin - s * 0.365),
                ]
            ),
            stroke(brow, s * 0.022),
        )
        canvas.drawPath(
            curve(
                [
                    (x + side * s * 0.21, chin - s * 0.28),
                    (x + side * s * 0.15, chin - s * 0.255),
                    (x + side * s * 0.09, chin - s * 0.28),
                ]
            ),
            stroke(brow, s * 0.016),
        )
        canvas.drawCircle(
            x + side * s * 0.2, chin - s * 0.16, s * 0.07, fill((0.9, 0.35, 0.3), 0.16, blur=s * 0.03)
        )
    canvas.drawPath(
        curve([(x + s * 0.015, chin - s * 0.27), (x + s * 0.05, chin - s * 0.16), (x, chin - s * 0.145)]),
        stroke(darken(skin, 0.32), s * 0.014),
    )
    canvas.drawPath(
        curve([(x - s * 0.09, chin - s * 0.065), (x, chin - s * 0.035), (x + s * 0.1, chin - s * 0.075)]),
        stroke(mix(darken(skin, 0.4), (0.7, 0.2, 0.2), 0.4), s * 0.02),
    )


def _hair(stage: Stage, x: float, chin: float, s: float, hair: Rgb, long_hair: bool) -> None:
    sweep = [
        (x - s * 0.39, chin - s * 0.36),
        (x - s * 0.42, chin - s * 0.64),
        (x - s * 0.2, chin - s * 0.9),
        (x + s * 0.18, chin - s * 0.9),
        (x + s * 0.42, chin - s * 0.64),
        (x + s * 0.39, chin - s * 0.36),
        (x + s * 0.3, chin - s * 0.55),
        (x + s * 0.05, chin - s * 0.58),
        (x - s * 0.16, chin - s * 0.67),
        (x - s * 0.31, chin - s * 0.5),
    ]
    if long_hair:
        sweep[0], sweep[5] = (x - s * 0.42, chin + s * 0.02), (x + s * 0.42, chin + s * 0.02)
    shine = linear(
        (x - s * 0.4, chin - s),
        (x + s * 0.4, chin),
        ((0, lighten(hair, 0.3), 1), (0.5, hair, 1), (1, darken(hair, 0.3), 1)),
    )
    stage.canvas.drawPath(curve(sweep, closed=True), shine)
