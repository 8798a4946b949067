"""The city: skylines in depth, lit windows, a wet street that doubles them."""

from collections.abc import Callable

from darkroom_sandbox.brush import fill, linear, polygon, rect, rounded, stroke, vertical
from darkroom_sandbox.colours import WHITE, Rgb, darken, lighten, mix, turned
from darkroom_sandbox.light import bokeh, clouds, glow, mirror, mist, rays, sky, stars, sun
from darkroom_sandbox.stage import Stage


def city(stage: Stage) -> None:
    """Three skylines one behind the other over water or wet asphalt."""
    w, h, rng, p = stage.width, stage.height, stage.rng, stage.palette
    ground = h * rng.uniform(0.74, 0.82)
    sky(stage, ground)
    if p.dark:
        stars(stage, ground * 0.7, 0.6)
    light = (w * rng.uniform(0.25, 0.75), ground * rng.uniform(0.3, 0.6))
    sun(stage, light, stage.unit * rng.uniform(70, 120))
    clouds(stage, 0, ground * 0.7, 0.7)
    for i, (t, height) in enumerate(((0.12, 0.64), (0.45, 0.58), (0.85, 0.4))):
        _skyline(stage, ground, h * height, t, 15 - 3 * i)
        mist(stage, ground, h * (0.34 - 0.1 * i), mix(p.sky[3], p.accent, 0.15), 0.5 - 0.14 * i)
    glow(stage, (w / 2, ground), w * 0.6, mix(p.sky[3], p.accent, 0.3), 0.35)
    mirror(stage, ground, dim=mix(p.near, p.sky[0], 0.25), strength=0.6, ripple=5 * stage.unit, smear=26)
    stage.canvas.drawRect(rect(0, ground - 2 * stage.unit, w, 4 * stage.unit), fill(darken(p.near, 0.2), 0.9))
    _street_lamps(stage, ground)
    if p.dark:
        bokeh(stage, 5 * stage.detail, ground * 0.96, h, (p.accent, turned(p.accent, 60), p.light))
    if stage.has("rain", "rainy", "storm", "stormy"):
        rainfall(stage)


def _skyline(stage: Stage, ground: float, height: float, t: float, count: int) -> None:
    rng, w = stage.rng, stage.width
    count = max(4, round(count * w / stage.height))
    x = -w * 0.03
    while x < w:
        width = w / count * rng.uniform(0.6, 1.35)
        centre = 1 - 0.45 * abs((x + width / 2) / w - 0.5) * 2
        tall = height * rng.triangular(0.3, 1.0, 0.5) * centre
        _tower(stage, x, ground, width, tall, t)
        x += width * rng.uniform(0.86, 1.08)


def _tower(stage: Stage, x: float, ground: float, width: float, tall: float, t: float) -> None:
    rng, canvas, p = stage.rng, stage.canvas, stage.palette
    tone = mix(p.depth(t), turned(p.depth(t), rng.uniform(-20, 20)), 0.5)
    top = ground - tall
    body = vertical(top, ground, tone, mix(tone, p.sky[3], 0.34 * (1 - t)))
    crown = rng.random()
    canvas.drawRect(rect(x, top, width, tall), body)
    if crown < 0.1:
        canvas.drawPath(polygon([(x, top), (x + width / 2, top - width * 1.3), (x + width, top)]), fill(tone))
    elif crown < 0.5:
        for share in (0.7, 0.4):
            top -= width * 0.24
            canvas.drawRect(rect(x + width * (1 - share) / 2, top, width * share, ground - top), fill(tone))
        top = ground - tall
    elif crown < 0.64:
        slant = [(x, top), (x + width, top - width * 0.45), (x + width, top + 1), (x, top + 1)]
        canvas.drawPath(polygon(slant), fill(tone))
    if rng.random() < 0.35:
        canvas.drawLine(
            x + width / 2, top, x + width / 2, top - tall * 0.2, stroke(tone, max(1.5, width * 0.03))
        )
    canvas.drawRect(rect(x + width * 0.72, top, width * 0.28, tall), fill(darken(tone, 0.35), 0.35))
    if t > 0.3:
        _windows(stage, x, top, width, ground, t)


def _windows(stage: Stage, x: float, top: float, width: float, ground: float, t: float) -> None:
    rng, canvas, p, u = stage.rng, stage.canvas, stage.palette, stage.unit
    cell = u * (15 + 7 * t)
    columns, rows = int(width / cell), int((ground - top) / (cell * 1.25))
    if columns < 1:
        return
    margin = (width - columns * cell) / 2
    lit_share = 0.46 if p.dark else 0.2
    warm, cool = (1.0, 0.83, 0.5), lighten(p.accent, 0.3)
    dark = fill(lighten(stage.palette.depth(t), 0.12), 0.55)
    lamps = (fill(warm, 0.95), fill(cool, 0.9), fill(mix(warm, WHITE, 0.5), 0.8))
    for row in range(rows):
        for column in range(columns):
            lit = rng.random() < lit_share
            if not lit and (row + column) % 2:
                continue
            box = rect(
                x + margin + column * cell + cell * 0.24,
                top + cell * 0.5 + row * cell * 1.25,
                cell * 0.5,
                cell * 0.7,
            )
            canvas.drawRect(box, rng.choice(lamps) if lit else dark)


def _street_lamps(stage: Stage, ground: float) -> None:
    w, h, u, rng = stage.width, stage.height, stage.unit, stage.rng
    pole = darken(stage.palette.near, 0.2)
    for x in (w * 0.08, w * 0.92) if rng.random() < 0.6 else (w * rng.choice((0.1, 0.9)),):
        top = ground - h * 0.2
        stage.canvas.drawRect(rect(x - 4 * u, top, 8 * u, h - top), fill(pole))
        side = 1 if x < w / 2 else -1
        stage.canvas.drawLine(x, top, x + side * 60 * u, top - 14 * u, stroke(pole, 7 * u))
        stage.canvas.drawRRect(
            rounded(x + side * 60 * u - 20 * u, top - 20 * u, 40 * u, 12 * u, 5 * u), fill((1.0, 0.93, 0.72))
        )
        glow(stage, (x + side * 60 * u, top), 210 * u, (1.0, 0.8, 0.45), 0.6)


def rainfall(stage: Stage) -> None:
    rng, u = stage.rng, stage.unit
    for _ in range(160 * stage.detail):
        x, y, length = (
            rng.uniform(-0.1, 1.1) * stage.width,
            rng.uniform(-0.1, 1) * stage.height,
            u * rng.uniform(20, 70),
        )
        stage.canvas.drawLine(
            x,
            y,
            x - length * 0.22,
            y + length,
            stroke(WHITE, u * rng.uniform(0.8, 2), rng.uniform(0.1, 0.35)),
        )


def spotlight_wall(stage: Stage, colour: Rgb) -> None:
    """A studio wall lit from one side; the backdrop for people and animals."""
    w, h, rng = stage.width, stage.height, stage.rng
    stage.canvas.drawPaint(
        linear((0, 0), (w, h), ((0, lighten(colour, 0.32), 1), (1, darken(colour, 0.35), 1)))
    )
    side = rng.choice((0.2, 0.8))
    glow(stage, (w * side, h * 0.25), max(w, h) * 0.8, lighten(colour, 0.5), 0.55)
    rays(stage, (w * side, -h * 0.3), 5, lighten(colour, 0.6), 0.18, h * 1.6)


SCENES: dict[str, Callable[[Stage], None]] = {"city": city}
