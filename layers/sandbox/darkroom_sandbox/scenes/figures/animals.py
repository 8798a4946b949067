"""Heads of animals that look at you."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from darkroom_graphics.skia_api import skia
from darkroom_sandbox.brush import curve, fill, linear, oval, polygon, radial, stroke
from darkroom_sandbox.colours import BLACK, WHITE, Rgb, darken, lighten, luminance, mix, rgb
from darkroom_sandbox.light import glow
from darkroom_sandbox.scenes.figures.backdrop import backdrop
from darkroom_sandbox.stage import Stage, saved


@dataclass(frozen=True, slots=True)
class _Coat:
    fur: Rgb
    patch: Rgb
    ear: str
    muzzle: float


COATS: dict[str, tuple[_Coat, ...]] = {
    "cat": (
        _Coat(rgb("#e08a3c"), rgb("#f8e3c8"), "point", 0.3),
        _Coat(rgb("#4a4d57"), rgb("#e9e9ec"), "point", 0.3),
        _Coat(rgb("#2a262b"), rgb("#3b363d"), "point", 0.3),
    ),
    "dog": (
        _Coat(rgb("#d9a05b"), rgb("#f9ead2"), "flop", 0.44),
        _Coat(rgb("#7a4e30"), rgb("#efdcc5"), "flop", 0.44),
        _Coat(rgb("#e3a04a"), rgb("#fff3e0"), "point", 0.42),
    ),
    "fox": (_Coat(rgb("#dd6b20"), rgb("#fff1e2"), "point", 0.46),),
    "panda": (_Coat(rgb("#f5f3ee"), rgb("#f5f3ee"), "round", 0.34),),
    "rabbit": (
        _Coat(rgb("#cfc2b4"), rgb("#f7f1ea"), "long", 0.3),
        _Coat(rgb("#f4efe9"), rgb("#ffffff"), "long", 0.3),
    ),
}


def animal(kind: str) -> Callable[[Stage], None]:
    """The painter of one animal's head and shoulders, looking at you."""

    def scene(stage: Stage) -> None:
        backdrop(stage)
        coat = stage.rng.choice(COATS[kind])
        s = min(stage.width, stage.height) * (0.3 if kind == "rabbit" else 0.36)
        x, y = stage.width / 2, stage.height * (0.64 if kind == "rabbit" else 0.54)
        glow(stage, (x, y), s * 2.2, stage.palette.light, 0.4)
        _body(stage, x, y, s, coat)
        _ears(stage, x, y, s, coat, kind)
        _face(stage, x, y, s, coat, kind)

    return scene


def _fur(colour: Rgb, x: float, s: float) -> object:
    return linear(
        (x - s, 0),
        (x + s, 0),
        ((0, lighten(colour, 0.24), 1), (0.45, colour, 1), (1, darken(colour, 0.36), 1)),
    )


def _body(stage: Stage, x: float, y: float, s: float, coat: _Coat) -> None:
    canvas, floor = stage.canvas, stage.height * 1.2
    canvas.drawPath(
        curve(
            [
                (x - s * 1.25, floor),
                (x - s * 0.95, y + s * 1.1),
                (x - s * 0.5, y + s * 0.5),
                (x + s * 0.5, y + s * 0.5),
                (x + s * 0.95, y + s * 1.1),
                (x + s * 1.25, floor),
            ]
        ),
        _fur(darken(coat.fur, 0.1), x, s),
    )
    canvas.drawPath(
        curve(
            [
                (x - s * 0.42, floor),
                (x - s * 0.5, y + s * 0.9),
                (x, y + s * 0.6),
                (x + s * 0.5, y + s * 0.9),
                (x + s * 0.42, floor),
            ]
        ),
        fill(darken(coat.patch, 0.08)),
    )
    canvas.drawPath(
        curve([(x - s * 0.62, y + s * 0.66), (x, y + s * 0.98), (x + s * 0.62, y + s * 0.66)]),
        stroke(stage.palette.accent, s * 0.11),
    )
    canvas.drawCircle(
        x,
        y + s * 1.02,
        s * 0.1,
        radial((x - s * 0.03, y + s * 0.98), s * 0.12, ((0, (1.0, 0.92, 0.6), 1), (1, (0.85, 0.6, 0.15), 1))),
    )


def _ears(stage: Stage, x: float, y: float, s: float, coat: _Coat, kind: str) -> None:
    canvas = stage.canvas
    tone = (0.1, 0.1, 0.12) if kind == "panda" else coat.fur
    inner = mix(coat.patch, (0.95, 0.55, 0.55), 0.4)
    for side in (-1, 1):
        if coat.ear == "point":
            for grow, colour in ((1.0, tone if side < 0 else darken(tone, 0.22)), (0.6, inner)):
                base = y - s * 0.42
                canvas.drawPath(
                    polygon(
                        [
                            (x + side * s * (0.56 - 0.42 * grow), base - s * 0.22),
                            (x + side * s * 0.74, base - s * 0.72 * grow - s * 0.02),
                            (x + side * s * (0.56 + 0.38 * grow), base + s * 0.12),
                        ]
                    ),
                    fill(colour),
                )
        elif coat.ear == "flop":
            canvas.drawPath(
                curve(
                    [
                        (x + side * s * 0.5, y - s * 0.72),
                        (x + side * s * 1.02, y - s * 0.62),
                        (x + side * s * 1.2, y + s * 0.1),
                        (x + side * s * 0.92, y + s * 0.42),
                        (x + side * s * 0.74, y - s * 0.1),
                    ],
                    closed=True,
                ),
                fill(darken(tone, 0.34)),
            )
        elif coat.ear == "long":
            for width, colour in ((0.19, tone), (0.1, inner)):
                canvas.drawOval(
                    oval(x + side * s * 0.38, y - s * 1.2, s * width, s * 0.66 * (width + 0.81)), fill(colour)
                )
        else:
            canvas.drawCircle(x + side * s * 0.68, y - s * 0.68, s * 0.29, fill(tone))


def _face(stage: Stage, x: float, y: float, s: float, coat: _Coat, kind: str) -> None:
    canvas, rng = stage.canvas, stage.rng
    canvas.drawOval(oval(x, y, s, s * 0.87), _fur(coat.fur, x, s))
    with saved(canvas):
        head = skia.Path()
        head.addOval(oval(x, y, s, s * 0.87))
        canvas.clipPath(head, skia.ClipOp.kIntersect, True)
        if kind == "fox":
            for side in (-1, 1):
                canvas.drawPath(
                    curve(
                        [
                            (x, y + s * 0.1),
                            (x + side * s * 0.5, y + s * 0.02),
                            (x + side * s * 1.1, y + s * 0.3),
                            (x, y + s * 1.1),
                        ],
                        closed=True,
                    ),
                    fill(coat.patch),
                )
        if kind == "cat":
            for k in (-1, 0, 1):
                canvas.drawPath(
                    curve([(x + k * s * 0.14, y - s * 0.9), (x + k * s * 0.1, y - s * 0.55)]),
                    stroke(darken(coat.fur, 0.4), s * 0.06, 0.8),
                )
        canvas.drawOval(oval(x, y + s * 0.42, s * (coat.muzzle + 0.14), s * 0.38), fill(coat.patch))
    mood = -1 if stage.has("grumpy", "angry", "monday", "sad", "tired") else 1
    _eyes(stage, x, y, s, coat, kind, mood)
    nose_y = y + s * 0.2
    nose = (0.14, 0.1, 0.1) if kind not in {"cat", "rabbit"} else (0.86, 0.45, 0.45)
    canvas.drawPath(
        curve(
            [(x - s * 0.11, nose_y), (x, nose_y - s * 0.035), (x + s * 0.11, nose_y), (x, nose_y + s * 0.11)],
            closed=True,
        ),
        fill(nose),
    )
    line = stroke(darken(mix(coat.patch, BLACK, 0.5), 0.3), s * 0.022)
    canvas.drawLine(x, nose_y + s * 0.1, x, nose_y + s * 0.19, line)
    for side in (-1, 1):
        canvas.drawPath(
            curve(
                [
                    (x, nose_y + s * 0.19),
                    (x + side * s * 0.12, nose_y + s * (0.19 + 0.07 * mood)),
                    (x + side * s * 0.23, nose_y + s * 0.17),
                ]
            ),
            line,
        )
        if kind in ("cat", "rabbit", "fox"):
            for k in (-1, 0, 1):
                canvas.drawLine(
                    x + side * s * 0.34,
                    y + s * (0.34 + 0.06 * k),
                    x + side * s * 1.12,
                    y + s * (0.3 + 0.17 * k + rng.uniform(-0.02, 0.02)),
                    stroke(WHITE if luminance(coat.fur) < 0.75 else (0.4, 0.36, 0.34), s * 0.012, 0.85),
                )


def _eyes(stage: Stage, x: float, y: float, s: float, coat: _Coat, kind: str, mood: int) -> None:
    canvas = stage.canvas
    iris = (
        stage.rng.choice(((0.45, 0.75, 0.35), (0.95, 0.7, 0.2), (0.4, 0.7, 0.85)))
        if kind == "cat"
        else (0.32, 0.18, 0.09)
    )
    for side in (-1, 1):
        cx, cy = x + side * s * 0.4, y - s * 0.08
        if kind == "panda":
            canvas.drawOval(
                oval(cx + side * s * 0.02, cy + s * 0.03, s * 0.22, s * 0.25), fill((0.1, 0.1, 0.12))
            )
        canvas.drawCircle(cx, cy, s * 0.165, fill(iris if kind == "cat" else WHITE))
        if kind == "cat":
            canvas.drawOval(oval(cx, cy, s * 0.075, s * 0.145), fill((0.04, 0.03, 0.04)))
        else:
            canvas.drawCircle(
                cx,
                cy,
                s * 0.145,
                radial(
                    (cx, cy),
                    s * 0.15,
                    ((0, (0.03, 0.02, 0.02), 1), (0.6, (0.05, 0.03, 0.02), 1), (1, iris, 1)),
                ),
            )
        canvas.drawCircle(cx - s * 0.05, cy - s * 0.06, s * 0.042, fill(WHITE))
        canvas.drawCircle(cx + s * 0.05, cy + s * 0.055, s * 0.02, fill(WHITE, 0.7))
        if mood < 0:
            lid = (0.1, 0.1, 0.12) if kind == "panda" else darken(coat.fur, 0.12)
            outer, inner = cx + side * s * 0.24, cx - side * s * 0.24
            corners = [
                (outer, cy - s * 0.3),
                (inner, cy - s * 0.3),
                (inner, cy + s * 0.02),
                (outer, cy - s * 0.12),
            ]
            with saved(canvas):
                socket = skia.Path()
                socket.addCircle(cx, cy, s * 0.185)
                canvas.clipPath(socket, skia.ClipOp.kIntersect, True)
                canvas.drawPath(polygon(corners), fill(lid))
            canvas.drawLine(*corners[3], *corners[2], stroke(darken(lid, 0.5), s * 0.025))
