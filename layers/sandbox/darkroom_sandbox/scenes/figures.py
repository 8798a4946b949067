"""Figures: a person or an animal, large in the frame, lit from one side."""

from collections.abc import Callable
from dataclasses import dataclass

from darkroom_graphics.skia_api import skia
from darkroom_sandbox.brush import curve, fill, linear, oval, polygon, radial, rounded, stroke, vertical
from darkroom_sandbox.colours import BLACK, WHITE, Rgb, darken, lighten, luminance, mix, rgb
from darkroom_sandbox.light import bokeh, glow
from darkroom_sandbox.scenes.town import spotlight_wall
from darkroom_sandbox.stage import Stage, saved

_SKINS = ("#f2c9a5", "#e0a878", "#b97a4e", "#8a5532", "#5f3a24")
# Ordered so that any tone of skin goes with the first hairs and only the lighter ones with the last.
_HAIRS = ("#1d1512", "#3b2417", "#4f4a4a", "#6b4022", "#a8672f", "#c9a870")


def _backdrop(stage: Stage) -> None:
    p = stage.palette
    spotlight_wall(stage, mix(p.sky[1], p.sky[2], 0.4))
    bokeh(stage, 6 * stage.detail, 0, stage.height, (p.light, p.accent))


def portrait(stage: Stage) -> None:
    """A calm, faceless bust with rim light."""
    _backdrop(stage)
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


@dataclass(frozen=True, slots=True)
class _Coat:
    fur: Rgb
    patch: Rgb
    ear: str
    muzzle: float


_COATS: dict[str, tuple[_Coat, ...]] = {
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
        _backdrop(stage)
        coat = stage.rng.choice(_COATS[kind])
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


SCENES: dict[str, Callable[[Stage], None]] = {
    "portrait": portrait,
    **{kind: animal(kind) for kind in _COATS},
}
