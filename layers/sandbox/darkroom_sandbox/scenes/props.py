"""Small things that make a place: trees, houses, boats, birds."""

from darkroom_graphics.skia_api import skia
from darkroom_sandbox.brush import (
    Point,
    around,
    curve,
    fill,
    linear,
    oval,
    polygon,
    rect,
    rounded,
    stroke,
    vertical,
)
from darkroom_sandbox.colours import WHITE, Rgb, darken, lighten, mix, turned
from darkroom_sandbox.light import glow, soft_shadow
from darkroom_sandbox.stage import Stage, saved


def conifer(stage: Stage, x: float, foot: float, tall: float, colour: Rgb, snow: Rgb | None = None) -> None:
    """A fir of ``tall`` pixels standing at ``(x, foot)``; ``snow`` whitens its boughs."""
    rng, tiers = stage.rng, 6
    left: list[Point] = []
    right: list[Point] = []
    for i in range(tiers):
        t = (i + 1) / tiers
        y = foot - tall * (1 - t * 0.92)
        reach = tall * 0.21 * t**0.85
        left += [(x - reach * rng.uniform(0.9, 1.1), y), (x - reach * 0.52, y - tall * 0.025)]
        right += [(x + reach * rng.uniform(0.9, 1.1), y), (x + reach * 0.52, y - tall * 0.025)]
    top = (x, foot - tall)
    canvas = stage.canvas
    canvas.drawRect(
        rect(x - tall * 0.014, foot - tall * 0.1, tall * 0.028, tall * 0.1), fill(darken(colour, 0.4))
    )
    canvas.drawPath(
        polygon([top, *right, *reversed(left)]), vertical(foot - tall, foot, lighten(colour, 0.12), colour)
    )
    canvas.drawPath(polygon([top, *right, (x, foot - tall * 0.08)]), fill(darken(colour, 0.35), 0.4))
    if snow is not None and tall > 24 * stage.unit:
        for i in range(0, len(left), 2):
            a, b = left[i], right[i]
            droop = tall * 0.05
            bough = polygon(
                [(x, a[1] - droop * 1.7), (b[0], b[1]), (x + (b[0] - x) * 0.3, b[1] - droop * 0.5), a]
            )
            canvas.drawPath(bough, fill(snow, 0.88))


def broadleaf(stage: Stage, x: float, foot: float, tall: float, colour: Rgb) -> None:
    """A round-crowned tree with light on its upper left."""
    canvas, rng = stage.canvas, stage.rng
    trunk = darken(mix(colour, stage.palette.near, 0.7), 0.2)
    canvas.drawPath(
        polygon(
            [
                (x - tall * 0.035, foot),
                (x - tall * 0.015, foot - tall * 0.5),
                (x + tall * 0.02, foot - tall * 0.5),
                (x + tall * 0.04, foot),
            ]
        ),
        fill(trunk),
    )
    blobs = [(rng.uniform(-0.22, 0.22), rng.uniform(0.45, 0.85), rng.uniform(0.12, 0.2)) for _ in range(9)]
    for tone, shift in ((darken(colour, 0.25), 0.03), (colour, 0.0), (lighten(colour, 0.09), -0.035)):
        for dx, up, r in blobs:
            size = r * (1.0 if shift >= 0 else 0.55)
            canvas.drawCircle(x + (dx + shift) * tall, foot - (up - shift) * tall, size * tall, fill(tone))


def palm(stage: Stage, x: float, foot: float, tall: float, colour: Rgb) -> None:
    """A leaning palm in silhouette."""
    lean = stage.rng.choice((-1, 1)) * tall * stage.rng.uniform(0.12, 0.26)
    top = (x + lean, foot - tall)
    trunk = skia.Path()
    trunk.moveTo(x - tall * 0.025, foot)
    trunk.quadTo(x + lean * 0.2, foot - tall * 0.55, top[0] - tall * 0.01, top[1])
    trunk.lineTo(top[0] + tall * 0.014, top[1])
    trunk.quadTo(x + lean * 0.3 + tall * 0.03, foot - tall * 0.5, x + tall * 0.03, foot)
    stage.canvas.drawPath(trunk, fill(colour))
    for i in range(9):
        angle = -0.25 + (i - 4) * 0.075 + stage.rng.uniform(-0.02, 0.02)
        _frond(stage, top, tall * stage.rng.uniform(0.36, 0.46), angle, colour)


def _frond(stage: Stage, root: Point, length: float, turn: float, colour: Rgb) -> None:
    tip = around(*root, length, turn)
    tip = (tip[0], tip[1] + length * 0.5)
    mid = around(*root, length * 0.62, turn)
    leaf = skia.Path()
    leaf.moveTo(*root)
    leaf.quadTo(mid[0], mid[1] - length * 0.16, *tip)
    leaf.quadTo(mid[0], mid[1] + length * 0.08, *root)
    stage.canvas.drawPath(leaf, fill(colour))


def cabin(stage: Stage, x: float, foot: float, size: float, snow: Rgb | None = None) -> None:
    """A small house with lit windows and smoke."""
    canvas, wall = stage.canvas, mix(stage.palette.near, (0.45, 0.26, 0.16), 0.45)
    soft_shadow(stage, x, foot, size * 0.95, size * 0.13, 0.5)
    canvas.drawRect(
        rect(x - size * 0.5, foot - size * 0.5, size, size * 0.5),
        vertical(foot - size * 0.5, foot, lighten(wall, 0.12), darken(wall, 0.2)),
    )
    canvas.drawRect(
        rect(x + size * 0.24, foot - size * 0.95, size * 0.12, size * 0.3), fill(darken(wall, 0.35))
    )
    roof = polygon(
        [
            (x - size * 0.64, foot - size * 0.46),
            (x, foot - size * 0.95),
            (x + size * 0.64, foot - size * 0.46),
        ]
    )
    canvas.drawPath(roof, fill(snow or darken(mix(stage.palette.accent, stage.palette.near, 0.55), 0.1)))
    lamp = (1.0, 0.85, 0.48)
    for dx in (-0.3, 0.1):
        canvas.drawRect(rect(x + dx * size, foot - size * 0.36, size * 0.18, size * 0.2), fill(lamp))
        glow(stage, (x + (dx + 0.09) * size, foot - size * 0.26), size * 0.55, lamp, 0.4)
    canvas.drawRect(
        rect(x + size * 0.33, foot - size * 0.34, size * 0.13, size * 0.34), fill(darken(wall, 0.5))
    )
    for i in range(6):
        r = size * (0.05 + 0.03 * i)
        canvas.drawCircle(
            x + size * (0.3 + 0.05 * i),
            foot - size * (1.02 + 0.13 * i),
            r,
            fill(stage.palette.cloud, 0.3 - 0.045 * i),
        )


def tent(stage: Stage, x: float, foot: float, size: float) -> None:
    """A tent glowing from inside."""
    canvas, cloth = stage.canvas, stage.palette.accent
    soft_shadow(stage, x, foot, size * 0.9, size * 0.12, 0.5)
    glow(stage, (x, foot - size * 0.2), size * 1.2, cloth, 0.45)
    canvas.drawPath(
        polygon([(x - size * 0.62, foot), (x, foot - size * 0.62), (x + size * 0.62, foot)]),
        vertical(foot - size * 0.6, foot, darken(cloth, 0.25), lighten(cloth, 0.3)),
    )
    canvas.drawPath(
        polygon([(x - size * 0.16, foot), (x, foot - size * 0.62), (x + size * 0.2, foot)]),
        fill(darken(cloth, 0.62), 0.8),
    )
    canvas.drawPath(
        polygon([(x - size * 0.08, foot), (x, foot - size * 0.4), (x + size * 0.11, foot)]),
        fill((1.0, 0.9, 0.6)),
    )


def balloon(stage: Stage, x: float, y: float, r: float) -> None:
    """A striped hot-air balloon centred on ``(x, y)``."""
    canvas, body = stage.canvas, stage.palette.accent
    shape = skia.Path()
    shape.moveTo(x - r * 0.28, y + r * 1.18)
    shape.cubicTo(x - r * 1.5, y + r * 0.2, x - r * 1.1, y - r, x, y - r)
    shape.cubicTo(x + r * 1.1, y - r, x + r * 1.5, y + r * 0.2, x + r * 0.28, y + r * 1.18)
    shape.close()
    with saved(canvas):
        canvas.clipPath(shape, skia.ClipOp.kIntersect, True)
        canvas.drawPaint(fill(body))
        for i, width in enumerate((1.15, 0.72, 0.28)):
            tone = lighten(turned(body, 16), 0.55) if i % 2 == 0 else darken(body, 0.12)
            canvas.drawOval(oval(x, y, r * width * 0.9, r * 1.5), fill(tone))
        canvas.drawPaint(
            linear(
                (x - r, 0), (x + r, 0), ((0, WHITE, 0.25), (0.45, WHITE, 0.0), (1, stage.palette.near, 0.5))
            )
        )
    for dx in (-0.2, 0.2):
        canvas.drawLine(
            x + dx * r,
            y + r * 1.15,
            x + dx * r * 0.7,
            y + r * 1.5,
            stroke(stage.palette.near, max(1.0, r * 0.02)),
        )
    canvas.drawRRect(
        rounded(x - r * 0.17, y + r * 1.48, r * 0.34, r * 0.26, r * 0.05),
        fill(mix(stage.palette.near, (0.5, 0.3, 0.15), 0.6)),
    )


def birds(stage: Stage, x: float, y: float, count: int) -> None:
    """A loose flock far away."""
    u, rng = stage.unit, stage.rng
    for _ in range(count):
        bx, by, s = x + rng.gauss(0, 90) * u, y + rng.gauss(0, 34) * u, u * rng.uniform(7, 15)
        lift = s * rng.uniform(0.3, 0.6)
        wings = skia.Path()
        wings.moveTo(bx - s, by - lift)
        wings.quadTo(bx - s * 0.4, by - lift * 1.2, bx, by)
        wings.quadTo(bx + s * 0.4, by - lift * 1.2, bx + s, by - lift)
        stage.canvas.drawPath(wings, stroke(stage.palette.depth(0.8), max(1.2, s * 0.17), 0.85))


def sailboat(stage: Stage, x: float, y: float, size: float) -> None:
    """A sailing boat whose waterline is at ``y``."""
    canvas, hull, sail = stage.canvas, darken(stage.palette.near, 0.1), lighten(stage.palette.light, 0.5)
    for flip, alpha in ((-1, 0.28), (1, 1.0)):
        with saved(canvas):
            canvas.translate(x, y)
            canvas.scale(1, flip)
            tone = vertical(-size, 0, sail, mix(sail, stage.palette.sky[2], 0.45), alpha)
            canvas.drawPath(_sail(size, 1.0), tone)
            canvas.drawPath(
                _sail(size, -0.72),
                vertical(-size, 0, stage.palette.accent, darken(stage.palette.accent, 0.25), alpha),
            )
            canvas.drawLine(0, -size, 0, 0, stroke(hull, size * 0.018, alpha))
            canvas.drawPath(
                curve(
                    [
                        (-size * 0.46, -size * 0.12),
                        (-size * 0.3, 0),
                        (size * 0.3, 0),
                        (size * 0.52, -size * 0.13),
                    ]
                ),
                fill(hull, alpha),
            )


def _sail(size: float, side: float) -> object:
    path = skia.Path()
    path.moveTo(size * 0.025 * side, -size)
    path.quadTo(size * 0.4 * side, -size * 0.6, size * 0.44 * side, -size * 0.18)
    path.lineTo(size * 0.025 * side, -size * 0.16)
    path.close()
    return path


def lighthouse(stage: Stage, x: float, foot: float, tall: float) -> None:
    """A banded tower and its beam."""
    canvas = stage.canvas
    lamp = (x, foot - tall * 0.93)
    beam = polygon([lamp, (x - tall * 2.4, lamp[1] - tall * 0.3), (x - tall * 2.4, lamp[1] + tall * 0.22)])
    light = stage.palette.light
    canvas.drawPath(
        beam, linear(lamp, (x - tall * 2.4, lamp[1]), ((0, light, 0.5), (1, light, 0.0)), blend="Screen")
    )
    tower = polygon(
        [
            (x - tall * 0.11, foot),
            (x - tall * 0.07, foot - tall * 0.84),
            (x + tall * 0.07, foot - tall * 0.84),
            (x + tall * 0.11, foot),
        ]
    )
    with saved(canvas):
        canvas.clipPath(tower, skia.ClipOp.kIntersect, True)
        canvas.drawPaint(fill(lighten(stage.palette.sky[3], 0.5)))
        for i in range(3):
            canvas.drawRect(
                rect(x - tall, foot - tall * (0.28 + 0.26 * i), tall * 2, tall * 0.13),
                fill(stage.palette.accent),
            )
        canvas.drawPaint(
            linear((x - tall * 0.1, 0), (x + tall * 0.1, 0), ((0, WHITE, 0.1), (1, stage.palette.near, 0.6)))
        )
    canvas.drawRect(
        rect(x - tall * 0.1, foot - tall * 0.86, tall * 0.2, tall * 0.025), fill(stage.palette.near)
    )
    canvas.drawRect(rect(x - tall * 0.05, foot - tall * 0.97, tall * 0.1, tall * 0.11), fill(light))
    canvas.drawPath(
        polygon(
            [
                (x - tall * 0.075, foot - tall * 0.97),
                (x, foot - tall * 1.06),
                (x + tall * 0.075, foot - tall * 0.97),
            ]
        ),
        fill(stage.palette.near),
    )
    glow(stage, lamp, tall * 0.5, light, 0.7)


def rocket(stage: Stage, x: float, y: float, size: float, turn: float) -> None:
    """A rocket under thrust, ``turn`` degrees off the vertical."""
    canvas, accent = stage.canvas, stage.palette.accent
    with saved(canvas):
        canvas.translate(x, y)
        canvas.rotate(turn)
        for length, width, colour in ((1.5, 0.2, accent), (1.0, 0.12, (1.0, 0.9, 0.55))):
            flame = curve(
                [(-size * width, size * 0.5), (0, size * (0.5 + length)), (size * width, size * 0.5)]
            )
            canvas.drawPath(
                flame,
                linear((0, size * 0.5), (0, size * (0.5 + length)), ((0, colour, 0.95), (1, colour, 0.0))),
            )
        for side in (-1, 1):
            canvas.drawPath(
                polygon(
                    [
                        (side * size * 0.18, size * 0.1),
                        (side * size * 0.42, size * 0.62),
                        (side * size * 0.12, size * 0.48),
                    ]
                ),
                fill(darken(accent, 0.2)),
            )
        hull = skia.Path()
        hull.moveTo(0, -size)
        hull.cubicTo(size * 0.38, -size * 0.5, size * 0.3, size * 0.2, size * 0.17, size * 0.55)
        hull.lineTo(-size * 0.17, size * 0.55)
        hull.cubicTo(-size * 0.3, size * 0.2, -size * 0.38, -size * 0.5, 0, -size)
        canvas.drawPath(
            hull,
            linear(
                (-size * 0.3, 0),
                (size * 0.3, 0),
                ((0, WHITE, 1), (0.55, (0.86, 0.88, 0.93), 1), (1, (0.5, 0.53, 0.64), 1)),
            ),
        )
        with saved(canvas):
            canvas.clipPath(hull, skia.ClipOp.kIntersect, True)
            canvas.drawRect(rect(-size, -size, size * 2, size * 0.42), fill(accent))
        canvas.drawCircle(0, -size * 0.2, size * 0.13, fill((0.2, 0.25, 0.4)))
        canvas.drawCircle(0, -size * 0.2, size * 0.095, fill((0.55, 0.85, 0.98)))


def cactus(stage: Stage, x: float, foot: float, tall: float) -> None:
    """A saguaro in silhouette."""
    colour = mix(stage.palette.near, (0.16, 0.34, 0.24), 0.5)
    soft_shadow(stage, x + tall * 0.2, foot, tall * 0.5, tall * 0.05, 0.5)
    width, canvas = tall * 0.13, stage.canvas
    canvas.drawLine(x, foot - width * 0.3, x, foot - tall, stroke(colour, width))
    for side, at, up in ((-1, 0.42, 0.3), (1, 0.55, 0.26)):
        arm = skia.Path()
        arm.moveTo(x, foot - tall * at)
        arm.lineTo(x + side * tall * 0.14, foot - tall * at)
        arm.quadTo(
            x + side * tall * 0.22, foot - tall * at, x + side * tall * 0.22, foot - tall * (at + up * 0.4)
        )
        arm.lineTo(x + side * tall * 0.22, foot - tall * (at + up))
        canvas.drawPath(arm, stroke(colour, width * 0.74))
    canvas.drawLine(
        x - width * 0.22,
        foot - tall * 0.1,
        x - width * 0.22,
        foot - tall * 0.96,
        stroke(lighten(colour, 0.3), width * 0.1, 0.5),
    )


def flower(stage: Stage, x: float, y: float, size: float, colour: Rgb) -> None:
    """One bloom on a stem; far ones are only dots."""
    canvas = stage.canvas
    if size < 7 * stage.unit:
        canvas.drawCircle(x, y, size, fill(colour, 0.9))
        return
    stem = mix(stage.palette.near, (0.2, 0.45, 0.2), 0.5)
    canvas.drawLine(x, y, x + size * 0.2, y + size * 2.4, stroke(stem, size * 0.14))
    start = stage.rng.random()
    for i in range(6):
        px, py = around(x, y, size * 0.52, start + i / 6)
        canvas.drawCircle(px, py, size * 0.42, fill(darken(colour, 0.06 * (i % 3))))
    canvas.drawCircle(x, y, size * 0.3, fill((0.98, 0.82, 0.3)))


def snowfall(stage: Stage, count: int) -> None:
    """Flakes near and far."""
    rng, u = stage.rng, stage.unit
    for _ in range(count):
        near = rng.random() ** 3
        x, y = rng.uniform(0, stage.width), rng.uniform(0, stage.height)
        stage.canvas.drawCircle(x, y, u * (1.4 + 6 * near), fill(WHITE, 0.75 - 0.5 * near))
