"""Space: nebulae from noise, planets with a day and a night side, now and then a rocket."""

from collections.abc import Callable

from darkroom_graphics.skia_api import skia
from darkroom_sandbox.brush import fill, linear, oval, radial, rect, stroke
from darkroom_sandbox.colours import WHITE, Rgb, darken, lighten, mix, turned
from darkroom_sandbox.light import glow, stars, veil
from darkroom_sandbox.noise import ridge, texture
from darkroom_sandbox.scenes.land import hills
from darkroom_sandbox.scenes.props import rocket
from darkroom_sandbox.stage import Stage, saved


def space(stage: Stage) -> None:
    """A nebula, a large planet off centre, a small moon; a horizon of rock for astronauts."""
    w, h, rng, p, u = stage.width, stage.height, stage.rng, stage.palette, stage.unit
    deep = darken(p.sky[0], 0.3)
    stage.canvas.drawPaint(
        linear((0, 0), (w, h), ((0, deep, 1), (0.5, mix(p.sky[0], p.sky[1], 0.6), 1), (1, deep, 1)))
    )
    for hue in (p.sky[2], p.accent, turned(p.sky[2], 50), lighten(p.sky[3], 0.1))[: 2 + stage.detail]:
        veil(
            stage,
            texture(rng, 112, 112, 3.2, 5),
            hue,
            rng.uniform(0.4, 0.75),
            -h * rng.uniform(0.1, 0.4),
            h * rng.uniform(1.1, 1.5),
        )
    stars(stage, h * 1.6, 1.9)
    side = rng.choice((0.3, 0.7))
    _planet(
        stage,
        w * side,
        h * rng.uniform(0.36, 0.52),
        u * rng.uniform(190, 270),
        turned(p.accent, rng.choice((0, 40, 160, 200))),
        rng.random() < 0.6,
    )
    _planet(
        stage,
        w * (1 - side) * rng.uniform(0.85, 1.15),
        h * rng.uniform(0.16, 0.3),
        u * rng.uniform(36, 64),
        p.sky[3],
        False,
    )
    if stage.has("astronaut", "mars", "moon", "lunar", "alien", "landscape") or rng.random() < 0.35:
        _surface(stage)
    if stage.has("rocket", "launch", "startup", "spaceship", "ship") or rng.random() < 0.35:
        rocket(stage, w * (1 - side), h * rng.uniform(0.5, 0.62), u * 120, 24 if side > 0.5 else -24)
    if stage.has("astronaut"):
        _astronaut(stage, w * rng.uniform(0.42, 0.58), h * 0.86, u * 210)


def _planet(stage: Stage, x: float, y: float, r: float, colour: Rgb, ringed: bool) -> None:
    canvas, rng = stage.canvas, stage.rng
    tilt = rng.uniform(-28, 28)
    glow(stage, (x, y), r * 1.7, colour, 0.5)
    if ringed:
        _ring(stage, x, y, r, colour, tilt, front=False)
    disc = skia.Path()
    disc.addCircle(x, y, r)
    with saved(canvas):
        canvas.clipPath(disc, skia.ClipOp.kIntersect, True)
        canvas.drawPaint(fill(colour))
        canvas.rotate(tilt, x, y)
        _bands(stage, x, y, r, colour)
        light = (x - r * 0.45, y - r * 0.45)
        night = darken(mix(colour, stage.palette.near, 0.8), 0.4)
        canvas.resetMatrix()
        canvas.drawPaint(
            radial(
                light,
                r * 1.75,
                ((0, lighten(colour, 0.6), 0.5), (0.3, colour, 0.0), (0.62, night, 0.55), (1, night, 0.97)),
            )
        )
    canvas.drawCircle(x, y, r, stroke(lighten(colour, 0.5), r * 0.018, 0.35))
    if ringed:
        _ring(stage, x, y, r, colour, tilt, front=True)


def _bands(stage: Stage, x: float, y: float, r: float, colour: Rgb) -> None:
    rng = stage.rng
    bands = 9
    for i in range(bands):
        top = y - r + 2 * r * i / bands
        line = ridge(rng, 40, 4, 2)
        upper = [
            skia.Point(x - r * 1.1 + 2.2 * r * k / 39, top + float(v) * r * 0.04) for k, v in enumerate(line)
        ]
        path = skia.Path()
        path.addPoly([*upper, skia.Point(x + r * 1.1, y + r), skia.Point(x - r * 1.1, y + r)], True)
        tone = mix(
            turned(colour, rng.uniform(-22, 22)),
            rng.choice((WHITE, stage.palette.near)),
            rng.uniform(0.05, 0.3),
        )
        stage.canvas.drawPath(path, fill(tone, 0.8))


def _ring(stage: Stage, x: float, y: float, r: float, colour: Rgb, tilt: float, *, front: bool) -> None:
    canvas = stage.canvas
    with saved(canvas):
        canvas.rotate(tilt, x, y)
        canvas.clipRect(rect(x - r * 3, y if front else y - r * 3, r * 6, r * 3))
        for scale, width, alpha in ((1.5, 0.13, 0.75), (1.72, 0.1, 0.5), (1.9, 0.05, 0.7)):
            canvas.drawOval(
                oval(x, y, r * scale, r * scale * 0.27), stroke(lighten(colour, 0.45), r * width, alpha)
            )


def _surface(stage: Stage) -> None:
    h, rng = stage.height, stage.rng
    rock = mix(stage.palette.near, stage.palette.sky[2], 0.22)
    for i in range(3):
        tone = mix(lighten(rock, 0.16 - 0.07 * i), stage.palette.near, 0.25 * i)
        hills(stage, h * (0.84 + 0.06 * i), h * 0.1, 1.0, waves=5 - i, octaves=5, tone=tone)
    for _ in range(9):
        x, y, r = rng.uniform(0, stage.width), h * rng.uniform(0.88, 1.0), stage.unit * rng.uniform(14, 60)
        stage.canvas.drawOval(oval(x, y, r, r * 0.26), fill(darken(rock, 0.5), 0.7))
        stage.canvas.drawOval(oval(x, y + r * 0.05, r * 0.92, r * 0.2), fill(lighten(rock, 0.08), 0.5))


def _astronaut(stage: Stage, x: float, foot: float, tall: float) -> None:
    canvas, suit = stage.canvas, (0.93, 0.94, 0.97)
    shade = linear((x - tall * 0.2, 0), (x + tall * 0.25, 0), ((0, suit, 1), (1, (0.5, 0.53, 0.66), 1)))

    def box(dx: float, dy: float, w: float, h: float, r: float) -> None:
        canvas.drawRRect(
            skia.RRect.MakeRectXY(
                rect(x + dx * tall, foot - dy * tall, w * tall, h * tall), r * tall, r * tall
            ),
            shade,
        )

    box(-0.19, 0.66, 0.38, 0.34, 0.06)
    for side in (-1, 1):
        box(0.02 * side - 0.075 + 0.07 * side, 0.34, 0.14, 0.34, 0.06)
        box(0.2 * side - 0.05, 0.62, 0.1, 0.32, 0.05)
    box(-0.15, 0.64, 0.3, 0.36, 0.09)
    canvas.drawCircle(x, foot - tall * 0.8, tall * 0.19, shade)
    visor = skia.RRect.MakeRectXY(
        rect(x - tall * 0.13, foot - tall * 0.89, tall * 0.26, tall * 0.19), tall * 0.09, tall * 0.09
    )
    canvas.drawRRect(
        visor,
        linear(
            (x - tall * 0.1, foot - tall * 0.9),
            (x + tall * 0.1, foot - tall * 0.7),
            ((0, stage.palette.accent, 1), (1, darken(stage.palette.sky[1], 0.4), 1)),
        ),
    )
    canvas.drawOval(oval(x - tall * 0.06, foot - tall * 0.85, tall * 0.035, tall * 0.02), fill(WHITE, 0.8))
    canvas.drawRect(
        rect(x - tall * 0.06, foot - tall * 0.52, tall * 0.12, tall * 0.07), fill(stage.palette.accent)
    )


SCENES: dict[str, Callable[[Stage], None]] = {"space": space}
