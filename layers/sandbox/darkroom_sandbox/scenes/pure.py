"""Pure form: generative compositions for prompts that name nothing the painter knows."""

from collections.abc import Callable
from math import cos, hypot, pi, sin

from darkroom_graphics.skia_api import skia
from darkroom_sandbox.brush import Point, around, fill, linear, oval, polygon, radial, rect, stroke
from darkroom_sandbox.colours import WHITE, Rgb, darken, lighten, mix, turned
from darkroom_sandbox.light import glow, soft_shadow, veil
from darkroom_sandbox.noise import ridge, texture
from darkroom_sandbox.stage import Stage, saved


def _ground(stage: Stage) -> None:
    """A mesh-like backdrop: a diagonal gradient with soft pools of colour."""
    w, h, p, rng = stage.width, stage.height, stage.palette, stage.rng
    stage.canvas.drawPaint(linear((0, 0), (w, h), ((0, p.sky[0], 1), (0.5, p.sky[1], 1), (1, p.sky[2], 1))))
    for hue in (p.accent, p.sky[3], p.sky[2], turned(p.accent, 30), p.sky[0]):
        at = (w * rng.uniform(0, 1), h * rng.uniform(0, 1))
        reach = hypot(w, h) * rng.uniform(0.28, 0.5)
        stage.canvas.drawCircle(
            *at, reach, radial(at, reach, ((0, hue, 0.85), (0.5, hue, 0.35), (1, hue, 0.0)))
        )


def ribbons(stage: Stage) -> None:
    """Silky sheets of colour folding across the picture."""
    _ground(stage)
    w, h, rng, p = stage.width, stage.height, stage.rng, stage.palette
    hues = (p.sky[0], p.accent, p.sky[2], p.sky[3], turned(p.accent, 25), p.sky[1])
    sheets = 5 + 2 * stage.detail
    with saved(stage.canvas):
        stage.canvas.rotate(rng.uniform(-28, 28), w / 2, h / 2)
        for i in range(sheets):
            y = h * (-0.05 + 1.1 * i / sheets)
            _sheet(stage, y, h * rng.uniform(0.16, 0.3), hues[i % len(hues)])


def _sheet(stage: Stage, y: float, swing: float, colour: Rgb) -> None:
    w, h = stage.width, stage.height
    line = ridge(stage.rng, 90, 2, 1)
    left, span = -w * 0.4, w * 1.8
    crest = [(left + span * i / 89, y + swing * float(v)) for i, v in enumerate(line)]
    body = polygon([*crest, (left + span, h * 2.0), (left, h * 2.0)])
    stage.canvas.drawPath(body, fill(stage.palette.near, 0.35, blur=20 * stage.unit))
    stops = (
        (0, lighten(colour, 0.38), 1),
        (0.12, colour, 1),
        (0.7, mix(colour, stage.palette.near, 0.45), 1),
        (1, colour, 1),
    )
    stage.canvas.drawPath(body, linear((0, y - swing), (w * 0.12, y + swing * 2.2), stops))
    edge = polygon(crest, closed=False)
    stage.canvas.drawPath(edge, stroke(lighten(colour, 0.75), 2.2 * stage.unit, 0.55))


def orbs(stage: Stage) -> None:
    """Glass spheres with soft shadows in coloured light."""
    _ground(stage)
    w, h, rng, p, u = stage.width, stage.height, stage.rng, stage.palette, stage.unit
    hues = (p.accent, p.sky[2], p.sky[3], turned(p.accent, 40), p.sky[0])
    placed: list[tuple[float, float, float]] = []
    for _ in range(60):
        r = (
            u * rng.uniform(190, 270)
            if not placed
            else u * rng.choice((rng.uniform(28, 70), rng.uniform(70, 150)))
        )
        x, y = rng.uniform(0.08, 0.92) * w, rng.uniform(0.1, 0.9) * h
        if all(hypot(x - a, y - b) > (r + c) * 0.92 for a, b, c in placed):
            placed.append((x, y, r))
        if len(placed) > 7 + 2 * stage.detail:
            break
    for i, (x, y, r) in enumerate(sorted(placed, key=lambda orb: orb[2])):
        _orb(stage, x, y, r, hues[i % len(hues)])


def _orb(stage: Stage, x: float, y: float, r: float, colour: Rgb) -> None:
    canvas = stage.canvas
    soft_shadow(stage, x + r * 0.3, y + r * 0.5, r * 1.25, r * 1.1, 0.38)
    light = (x - r * 0.38, y - r * 0.42)
    stops = (
        (0, lighten(colour, 0.75), 1),
        (0.3, lighten(colour, 0.2), 1),
        (0.65, colour, 1),
        (1, darken(colour, 0.55), 1),
    )
    canvas.drawCircle(x, y, r, radial(light, r * 1.62, stops))
    bounce = turned(lighten(colour, 0.3), 40)
    canvas.drawCircle(
        x,
        y,
        r,
        radial(
            (x + r * 0.2, y + r * 0.3),
            r * 0.82,
            ((0, bounce, 0.0), (0.8, bounce, 0.0), (1, bounce, 0.5)),
            blend="Screen",
        ),
    )
    canvas.drawOval(oval(x - r * 0.38, y - r * 0.5, r * 0.26, r * 0.15), fill(WHITE, 0.75, blur=r * 0.05))


def tiles(stage: Stage) -> None:
    """A grid of quarter circles, arcs and dots, after the Bauhaus."""
    w, h, rng, p = stage.width, stage.height, stage.rng, stage.palette
    columns = max(3, round(4.6 * w / min(w, h)))
    cell = w / columns
    hues = (
        p.accent,
        p.sky[0],
        p.sky[1],
        p.sky[3],
        p.near,
        lighten(p.accent, 0.5),
        mix(turned(p.accent, 170), p.sky[2], 0.5),
        p.sky[2],
    )
    stage.canvas.drawPaint(fill(lighten(p.sky[3], 0.3)))
    for row in range(int(h / cell) + 1):
        for column in range(columns):
            back, front, third = rng.sample(hues, 3)
            with saved(stage.canvas):
                stage.canvas.translate(column * cell + cell / 2, row * cell + cell / 2)
                stage.canvas.rotate(90 * rng.randrange(4))
                stage.canvas.clipRect(rect(-cell / 2, -cell / 2, cell + 1, cell + 1))
                _tile(stage, cell, back, front, third)
    light = linear((0, 0), (w, h), ((0, WHITE, 0.2), (0.5, WHITE, 0.0), (1, p.near, 0.3)))
    stage.canvas.drawPaint(light)


def _tile(stage: Stage, cell: float, back: Rgb, front: Rgb, third: Rgb) -> None:
    canvas, half = stage.canvas, cell / 2
    canvas.drawPaint(fill(back))
    kind = stage.rng.randrange(6)
    shade = linear((-half, -half), (half, half), ((0, lighten(front, 0.16), 1), (1, darken(front, 0.12), 1)))
    if kind == 0:
        canvas.drawCircle(-half, -half, cell, shade)
        canvas.drawCircle(-half, -half, cell * 0.5, fill(third))
    elif kind == 1:
        canvas.drawCircle(0, 0, half * 0.86, shade)
        canvas.drawCircle(0, 0, half * 0.4, fill(third))
    elif kind == 2:
        canvas.drawPath(polygon([(-half, -half), (half, half), (-half, half)]), shade)
        canvas.drawCircle(half * 0.42, -half * 0.42, half * 0.3, fill(third))
    elif kind == 3:
        for i, tone in enumerate((front, third, back, front)):
            canvas.drawCircle(-half, half, cell * (1 - 0.24 * i), fill(tone))
    elif kind == 4:
        canvas.drawCircle(-half, 0, half, shade)
        canvas.drawCircle(half, 0, half, fill(third))
    else:
        for i in range(5):
            canvas.drawRect(
                rect(-half, -half + cell * i / 5, cell, cell / 10), fill(front if i % 2 else third)
            )


def streams(stage: Stage) -> None:
    """Thousands of short strokes following an invisible current."""
    w, h, rng, p, u = stage.width, stage.height, stage.rng, stage.palette, stage.unit
    base = darken(p.sky[0], 0.35 if p.dark else 0.1)
    stage.canvas.drawPaint(linear((0, 0), (w, h), ((0, base, 1), (1, mix(base, p.near, 0.6), 1))))
    veil(stage, texture(rng, 80, 80, 2.4, 3), p.sky[1], 0.9, -h * 0.3, h * 1.3)
    field = texture(rng, 64, 64, 2.2, 2)
    hues = (p.accent, p.sky[2], p.sky[3], lighten(p.accent, 0.45), turned(p.accent, 35))
    brushes = [stroke(hue, width * u, 0.72) for hue in hues for width in (1.6, 3.6, 8.0)]
    for _ in range(260 + 150 * stage.detail):
        path = skia.Path()
        x, y = rng.uniform(-0.05, 1.05) * w, rng.uniform(-0.05, 1.05) * h
        path.moveTo(x, y)
        for _ in range(22):
            i, j = min(63, max(0, int(y / h * 64))), min(63, max(0, int(x / w * 64)))
            angle = float(field[i, j]) * pi * 3.4
            x, y = x + cos(angle) * 13 * u, y + sin(angle) * 13 * u
            path.lineTo(x, y)
        stage.canvas.drawPath(path, rng.choice(brushes))
    at = (w * rng.uniform(0.25, 0.75), h * rng.uniform(0.25, 0.75))
    glow(stage, at, min(w, h) * 0.55, p.accent, 0.45)


def dial(stage: Stage) -> None:
    """A great disc of rings and rays on a horizon of layered paper."""
    _ground(stage)
    w, h, rng, p, u = stage.width, stage.height, stage.rng, stage.palette, stage.unit
    x, y, r = w * rng.uniform(0.38, 0.62), h * rng.uniform(0.38, 0.5), min(w, h) * 0.34
    glow(stage, (x, y), r * 2.2, p.light, 0.5)
    for i in range(48):
        a, b = around(x, y, r * 1.08, i / 48), around(x, y, r * (1.2 + 0.1 * (i % 3)), i / 48)
        stage.canvas.drawLine(*a, *b, stroke(p.light, 3 * u, 0.6))
    hues: tuple[Rgb, ...] = (p.accent, p.sky[3], p.sky[1], turned(p.accent, 28), p.sky[2], p.light)
    for i, hue in enumerate(hues):
        size = r * (1 - i * 0.155)
        stage.canvas.drawCircle(x + 5 * u, y + 8 * u, size, fill(p.near, 0.28, blur=9 * u))
        stage.canvas.drawCircle(
            x,
            y,
            size,
            linear((x, y - size), (x, y + size), ((0, lighten(hue, 0.2), 1), (1, darken(hue, 0.15), 1))),
        )
    for i in range(4):
        _paper(stage, h * (0.62 + 0.1 * i), h * 0.08, mix(p.far, p.near, 0.2 + 0.25 * i))


def _paper(stage: Stage, y: float, swing: float, colour: Rgb) -> None:
    w, h = stage.width, stage.height
    crest: list[Point] = [
        (w * i / 89, y + swing * float(v)) for i, v in enumerate(ridge(stage.rng, 90, 2, 2))
    ]
    body = polygon([*crest, (float(w), float(h)), (0.0, float(h))])
    stage.canvas.drawPath(body, fill(stage.palette.near, 0.4, blur=14 * stage.unit))
    stage.canvas.drawPath(
        body, linear((0, y - swing), (0, y + swing * 4), ((0, lighten(colour, 0.16), 1), (1, colour, 1)))
    )


FORMS = (ribbons, orbs, tiles, streams, dial)


def abstract(stage: Stage) -> None:
    """One of the compositions; the prompt and its seed decide."""
    if stage.has("geometric", "pattern", "bauhaus", "shapes", "tiles"):
        tiles(stage)
    else:
        stage.rng.choice(FORMS)(stage)


SCENES: dict[str, Callable[[Stage], None]] = {"abstract": abstract}
