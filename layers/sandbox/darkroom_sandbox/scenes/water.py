"""Water: open sea, a still lake, and the world below the surface."""

from collections.abc import Callable
from math import pi, sin

from darkroom_graphics.skia_api import skia
from darkroom_sandbox.brush import Point, curve, fill, linear, oval, polygon, radial, rect, stroke, vertical
from darkroom_sandbox.colours import WHITE, Rgb, darken, lighten, mix, turned
from darkroom_sandbox.light import gleam, mirror, mist, rays
from darkroom_sandbox.noise import ridge
from darkroom_sandbox.scenes.land import hang_sky, hills
from darkroom_sandbox.scenes.props import birds, conifer, lighthouse, palm, sailboat
from darkroom_sandbox.stage import Stage


def ocean(stage: Stage) -> None:
    """Sea to the horizon with the light's path on it; a beach, a boat or a lighthouse when asked for."""
    w, h, rng = stage.width, stage.height, stage.rng
    horizon = h * rng.uniform(0.46, 0.58)
    light = hang_sky(stage, horizon)
    if rng.random() < 0.75:
        hills(stage, horizon, h * rng.uniform(0.06, 0.13), 0.16, waves=3)
        mist(stage, horizon, h * 0.09, stage.palette.sky[3], 0.55)
    _sea(stage, horizon)
    gleam(stage, light[0], horizon, h, w * 0.13, mix(stage.palette.light, stage.palette.sky[3], 0.25))
    if stage.has("boat", "sailing", "sailboat", "yacht", "ship", "sail") or rng.random() < 0.45:
        sailboat(stage, w * rng.uniform(0.25, 0.75), horizon + h * rng.uniform(0.07, 0.16), 190 * stage.unit)
    if stage.has("lighthouse"):
        _headland(stage, horizon)
    elif stage.has("beach", "palm", "palms", "island", "tropical", "holiday", "vacation", "summer"):
        _beach(stage)
    elif rng.random() < 0.5:
        _rocks(stage)
    if not stage.palette.dark:
        birds(stage, w * rng.uniform(0.3, 0.7), horizon * rng.uniform(0.3, 0.6), rng.randint(3, 7))


def _sea(stage: Stage, horizon: float) -> None:
    w, h, canvas, p = stage.width, stage.height, stage.canvas, stage.palette
    far, near = mix(p.sky[2], p.sky[0], 0.45), mix(p.sky[0], p.near, 0.62)
    canvas.drawRect(rect(0, horizon, w, h - horizon), vertical(horizon, h, far, near))
    bands = 9 + 4 * stage.detail
    for i in range(bands):
        t = (i + 1) / bands
        y = horizon + (h - horizon) * t**1.7
        swell = (h - horizon) * 0.035 * t
        crest = _wave(stage, y, swell)
        body = polygon([*crest, (float(w), float(h)), (0.0, float(h))])
        tone = mix(far, near, t)
        canvas.drawPath(
            body, vertical(y - swell, y + swell * 4, lighten(tone, 0.1 + 0.06 * (i % 2)), tone, 0.55)
        )


def _wave(stage: Stage, y: float, swell: float) -> list[Point]:
    line = ridge(stage.rng, 60, 5, 2, 0.5)
    step = stage.width / (len(line) - 1)
    return [(i * step, y + swell * float(v)) for i, v in enumerate(line)]


def _beach(stage: Stage) -> None:
    w, h, rng, canvas = stage.width, stage.height, stage.rng, stage.canvas
    sand = mix(stage.palette.sky[3], (0.93, 0.76, 0.52), 0.6)
    sand = mix(sand, stage.palette.near, 0.55 if stage.palette.dark else 0.12)
    top = h * rng.uniform(0.78, 0.84)
    side = rng.choice((-1, 1))
    line = [
        (w * (-0.05 + 0.157 * i), top + h * (0.05 * sin(i * 0.9 + 1) + side * 0.012 * (i - 3.5)))
        for i in range(8)
    ]
    for lift, colour, alpha in (
        (-0.022, WHITE, 0.4),
        (-0.01, WHITE, 0.85),
        (0.0, darken(sand, 0.22), 1.0),
        (0.018, sand, 1.0),
    ):
        path = curve([(x, y + lift * h) for x, y in line])
        path.lineTo(w * 1.1, h * 1.1)
        path.lineTo(-w * 0.1, h * 1.1)
        path.close()
        canvas.drawPath(path, fill(colour, alpha))
    tree = mix(stage.palette.near, (0.05, 0.2, 0.14), 0.4)
    x = w * (0.14 if side > 0 else 0.86)
    for i in range(rng.randint(1, 3)):
        palm(
            stage,
            x + side * i * w * 0.09,
            h * (1.0 - 0.02 * i),
            min(h * 0.62, w) * rng.uniform(0.75, 1.0),
            tree,
        )


def _headland(stage: Stage, horizon: float) -> None:
    w, h = stage.width, stage.height
    rock = stage.palette.depth(0.88)
    crest = [
        (w * 0.52, h * 1.0),
        (w * 0.6, h * 0.84),
        (w * 0.68, h * 0.76),
        (w * 0.78, h * 0.72),
        (w * 0.9, h * 0.7),
        (w * 1.02, h * 0.73),
    ]
    path = curve(crest)
    path.lineTo(w * 1.02, h)
    path.close()
    lighthouse(stage, w * 0.8, h * 0.735, min(h * 0.46, horizon))
    stage.canvas.drawPath(path, vertical(h * 0.7, h, lighten(rock, 0.12), darken(rock, 0.3)))


def _rocks(stage: Stage) -> None:
    w, h, rng, canvas = stage.width, stage.height, stage.rng, stage.canvas
    side = rng.choice((0.0, 1.0))
    for i in range(5):
        x = w * (side + (0.3 - 0.06 * i) * (1 - 2 * side)) * 1.0
        r = stage.unit * rng.uniform(50, 130) * (1 + 0.2 * i)
        y = h * (0.9 + 0.03 * i)
        tone = stage.palette.depth(0.8 + 0.05 * i)
        points = [
            (x - r * 1.2, y + r),
            (x - r, y),
            (x - r * 0.4, y - r * rng.uniform(0.4, 0.8)),
            (x + r * 0.3, y - r * 0.5),
            (x + r, y + r * 0.1),
            (x + r * 1.3, y + r),
        ]
        canvas.drawOval(oval(x, y + r * 0.5, r * 1.7, r * 0.2), fill(WHITE, 0.3, blur=3 * stage.unit))
        canvas.drawPath(polygon(points), vertical(y - r, y + r, lighten(tone, 0.22), tone))
        canvas.drawPath(
            polygon([points[2], points[3], (x, y + r), (x - r * 0.5, y + r)]), fill(lighten(tone, 0.3), 0.35)
        )


def lake(stage: Stage) -> None:
    """Wooded hills doubled in still water."""
    w, h, rng = stage.width, stage.height, stage.rng
    horizon = h * rng.uniform(0.54, 0.6)
    light = hang_sky(stage, horizon)
    crest: list[Point] = []
    for i, t in enumerate((0.1, 0.3, 0.5)):
        crest = hills(stage, horizon * (0.9 + 0.05 * i), h * (0.26 - 0.06 * i), t, waves=3 + i)
        mist(stage, horizon, h * 0.16, stage.palette.sky[3], 0.4)
    for x, y in crest[::3]:
        tall = h * rng.uniform(0.05, 0.13)
        conifer(
            stage,
            x + rng.uniform(-6, 6) * stage.unit,
            max(y + tall * 0.2, horizon - tall * 0.1),
            tall,
            stage.palette.depth(rng.uniform(0.6, 0.75)),
        )
    mirror(
        stage,
        horizon,
        dim=mix(stage.palette.sky[0], stage.palette.near, 0.4),
        strength=0.42,
        ripple=6 * stage.unit,
    )
    stage.canvas.drawRect(rect(0, horizon - 1, w, 3 * stage.unit), fill(stage.palette.light, 0.35))
    mist(stage, horizon + h * 0.04, h * 0.1, stage.palette.sky[3], 0.4)
    gleam(stage, light[0], horizon + h * 0.02, h * 0.9, w * 0.06, stage.palette.light, 0.35)
    if stage.has("kayak", "canoe", "boat", "rowing") or rng.random() < 0.4:
        _canoe(stage, w * rng.uniform(0.35, 0.65), horizon + h * 0.2, 150 * stage.unit)
    _reeds(stage)


def _canoe(stage: Stage, x: float, y: float, size: float) -> None:
    hull = darken(stage.palette.accent, 0.15)
    stage.canvas.drawOval(
        oval(x, y + size * 0.05, size * 1.2, size * 0.08), fill(stage.palette.near, 0.5, blur=size * 0.04)
    )
    stage.canvas.drawPath(
        curve(
            [
                (x - size, y - size * 0.16),
                (x - size * 0.55, y + size * 0.06),
                (x + size * 0.55, y + size * 0.06),
                (x + size, y - size * 0.16),
            ]
        ),
        fill(hull),
    )
    stage.canvas.drawOval(oval(x, y - size * 0.3, size * 0.08, size * 0.1), fill(stage.palette.near))
    stage.canvas.drawPath(
        curve(
            [
                (x - size * 0.14, y),
                (x - size * 0.1, y - size * 0.2),
                (x + size * 0.1, y - size * 0.2),
                (x + size * 0.14, y),
            ]
        ),
        fill(stage.palette.near),
    )


def _reeds(stage: Stage) -> None:
    w, h, rng, u = stage.width, stage.height, stage.rng, stage.unit
    for _ in range(40 * stage.detail):
        x = w * (rng.betavariate(0.35, 0.35))
        tall, lean = h * rng.uniform(0.05, 0.2), rng.uniform(-30, 30) * u
        blade = skia.Path()
        blade.moveTo(x, h)
        blade.quadTo(x + lean * 0.2, h - tall * 0.6, x + lean, h - tall)
        stage.canvas.drawPath(blade, stroke(stage.palette.depth(rng.uniform(0.85, 1)), u * rng.uniform(2, 5)))


def underwater(stage: Stage) -> None:
    """Sunbeams from above, a reef below, fish between."""
    w, h, rng, p = stage.width, stage.height, stage.rng, stage.palette
    stage.canvas.drawPaint(
        linear(
            (0, 0),
            (0, h),
            ((0, lighten(p.sky[0], 0.3), 1), (0.35, p.sky[1], 1), (0.7, p.sky[2], 1), (1, p.sky[3], 1)),
        )
    )
    rays(stage, (w * rng.uniform(0.3, 0.7), -h * 0.15), 14, p.light, 0.34, h * 1.1)
    for i in range(3):
        hills(stage, h * (0.82 + 0.07 * i), h * 0.16, 0.35 + 0.3 * i, waves=4)
        _corals(stage, h * (0.86 + 0.07 * i), 0.4 + 0.3 * i)
    if stage.has("whale"):
        _fish(stage, w * 0.5, h * 0.42, 330 * stage.unit, mix(p.sky[1], p.near, 0.5))
    hue = p.accent
    for _ in range(12 + 6 * stage.detail):
        near = rng.random() ** 2
        colour = mix(turned(hue, rng.uniform(-25, 25)), p.sky[1], 0.75 * (1 - near))
        _fish(stage, rng.uniform(0, w), rng.uniform(0.2, 0.8) * h, stage.unit * (14 + 74 * near), colour)
    for _ in range(40):
        x, y, r = rng.uniform(0, w), rng.uniform(0, h), stage.unit * rng.uniform(2, 11)
        stage.canvas.drawCircle(
            x, y, r, radial((x, y), r, ((0, WHITE, 0.02), (0.8, WHITE, 0.12), (1, WHITE, 0.45)))
        )


def _fish(stage: Stage, x: float, y: float, size: float, colour: Rgb) -> None:
    way = stage.rng.choice((-1, 1))
    body = curve(
        [
            (x + way * size, y),
            (x + way * size * 0.3, y - size * 0.42),
            (x - way * size * 0.7, y - size * 0.1),
            (x - way * size * 1.15, y - size * 0.38),
            (x - way * size, y),
            (x - way * size * 1.15, y + size * 0.38),
            (x - way * size * 0.7, y + size * 0.1),
            (x + way * size * 0.3, y + size * 0.4),
        ],
        closed=True,
    )
    stage.canvas.drawPath(
        body, vertical(y - size * 0.4, y + size * 0.4, lighten(colour, 0.3), darken(colour, 0.2))
    )
    if size > 30 * stage.unit:
        stage.canvas.drawCircle(x + way * size * 0.62, y - size * 0.08, size * 0.075, fill(WHITE))
        stage.canvas.drawCircle(x + way * size * 0.64, y - size * 0.08, size * 0.042, fill((0.05, 0.05, 0.1)))


def _corals(stage: Stage, foot: float, t: float) -> None:
    rng, p = stage.rng, stage.palette
    for _ in range(7 + 2 * stage.detail):
        x, tall = rng.uniform(0, stage.width), stage.unit * rng.uniform(50, 150) * (0.6 + 0.6 * t)
        colour = mix(turned(p.accent, rng.choice((-40, -15, 0, 140, 180))), p.sky[2], 0.62 - 0.42 * t)
        for k in range(rng.randint(4, 8)):
            lean = (k - 3) * tall * 0.13
            arm = skia.Path()
            arm.moveTo(x, foot)
            bend = sin(k * pi / 3) * tall * 0.1
            arm.cubicTo(
                x + lean * 0.2,
                foot - tall * 0.4,
                x + lean + bend,
                foot - tall * 0.6,
                x + lean,
                foot - tall * rng.uniform(0.7, 1),
            )
            stage.canvas.drawPath(arm, stroke(colour, tall * 0.09))


SCENES: dict[str, Callable[[Stage], None]] = {"ocean": ocean, "lake": lake, "underwater": underwater}
