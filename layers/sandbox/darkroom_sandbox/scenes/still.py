"""Still lifes: one thing on a table in good light."""

from collections.abc import Callable
from math import sin

from darkroom_graphics.skia_api import skia
from darkroom_sandbox.brush import (
    around,
    curve,
    fill,
    linear,
    oval,
    polygon,
    radial,
    rect,
    rounded,
    stroke,
    vertical,
)
from darkroom_sandbox.colours import WHITE, Rgb, darken, lighten, mix, turned
from darkroom_sandbox.light import bokeh, glow, soft_shadow
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


def _sheen(colour: Rgb, left: float, right: float) -> object:
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


def cup(stage: Stage) -> None:
    """A steaming cup on a saucer, beans beside it."""
    x, foot, size = table(stage)
    s = size * 0.9
    canvas, rng = stage.canvas, stage.rng
    ware = mix(stage.palette.accent, WHITE, rng.choice((0.0, 0.82)))
    soft_shadow(stage, x + s * 0.12, foot + s * 0.03, s * 0.78, s * 0.13, 0.6)
    canvas.drawOval(
        oval(x, foot, s * 0.62, s * 0.1),
        vertical(foot - s * 0.1, foot + s * 0.1, lighten(ware, 0.3), darken(ware, 0.25)),
    )
    canvas.drawOval(oval(x, foot - s * 0.012, s * 0.4, s * 0.055), fill(darken(ware, 0.3), 0.5))
    handle = skia.Path()
    handle.addOval(oval(x + s * 0.42, foot - s * 0.32, s * 0.17, s * 0.16))
    canvas.drawPath(handle, stroke(darken(ware, 0.2), s * 0.062))
    top = foot - s * 0.55
    body = skia.Path()
    body.moveTo(x - s * 0.42, top)
    body.cubicTo(x - s * 0.42, foot - s * 0.16, x - s * 0.26, foot, x - s * 0.18, foot)
    body.lineTo(x + s * 0.18, foot)
    body.cubicTo(x + s * 0.26, foot, x + s * 0.42, foot - s * 0.16, x + s * 0.42, top)
    body.close()
    canvas.drawPath(body, _sheen(ware, x - s * 0.42, x + s * 0.42))
    canvas.drawOval(oval(x, top, s * 0.42, s * 0.1), fill(lighten(ware, 0.4)))
    tea = stage.has("tea", "matcha")
    brew = (0.47, 0.6, 0.2) if stage.has("matcha") else (0.72, 0.38, 0.12) if tea else (0.33, 0.17, 0.08)
    canvas.drawOval(
        oval(x, top + s * 0.012, s * 0.385, s * 0.082),
        vertical(top - s * 0.08, top + s * 0.09, darken(brew, 0.3), lighten(brew, 0.16)),
    )
    if not tea:
        _latte_art(stage, x, top + s * 0.012, s)
    _steam(stage, x, top, s)
    for _ in range(9):
        _bean(
            stage,
            x + rng.choice((-1, 1)) * s * rng.uniform(0.62, 1.0),
            foot + s * rng.uniform(0.05, 0.3),
            s * 0.045,
        )


def _latte_art(stage: Stage, x: float, y: float, s: float) -> None:
    cream = (0.96, 0.87, 0.73)
    with saved(stage.canvas):
        stage.canvas.translate(x, y)
        stage.canvas.scale(1, 0.22)
        for i in range(4):
            r = s * (0.26 - 0.062 * i)
            tone = cream if i % 2 == 0 else (0.55, 0.32, 0.17)
            heart = curve(
                [(0, r), (-r, 0), (-r * 0.62, -r * 0.75), (0, -r * 0.34), (r * 0.62, -r * 0.75), (r, 0)],
                closed=True,
            )
            stage.canvas.drawPath(heart, fill(tone, 0.95))


def _steam(stage: Stage, x: float, y: float, s: float) -> None:
    for dx in (-0.16, 0.0, 0.17):
        points = [
            (x + s * (dx + 0.07 * sin(k * 1.25 + dx * 20)), y - s * (0.05 + 0.13 * k)) for k in range(6)
        ]
        for width, alpha in ((0.09, 0.1), (0.04, 0.22)):
            stage.canvas.drawPath(curve(points), stroke(WHITE, s * width, alpha, blur=s * 0.025))


def _bean(stage: Stage, x: float, y: float, r: float) -> None:
    soft_shadow(stage, x + r * 0.3, y + r * 0.5, r * 1.5, r * 0.5, 0.5)
    with saved(stage.canvas):
        stage.canvas.translate(x, y)
        stage.canvas.rotate(stage.rng.uniform(-50, 50))
        stage.canvas.drawOval(oval(0, 0, r, r * 0.66), vertical(-r, r, (0.5, 0.29, 0.16), (0.2, 0.1, 0.05)))
        stage.canvas.drawPath(
            curve([(-r * 0.9, 0), (-r * 0.3, r * 0.14), (r * 0.3, -r * 0.14), (r * 0.9, 0)]),
            stroke((0.13, 0.06, 0.03), r * 0.13),
        )


def bowl(stage: Stage) -> None:
    """A generous bowl: broth or greens, toppings, chopsticks."""
    x, foot, size = table(stage)
    s = size * 0.9
    canvas, rng, p = stage.canvas, stage.rng, stage.palette
    ware = mix(p.near, p.accent, 0.55)
    soft_shadow(stage, x + s * 0.1, foot + s * 0.03, s * 0.85, s * 0.14, 0.6)
    top = foot - s * 0.48
    body = skia.Path()
    body.moveTo(x - s * 0.72, top)
    body.cubicTo(x - s * 0.66, foot - s * 0.05, x - s * 0.34, foot, x - s * 0.26, foot)
    body.lineTo(x + s * 0.26, foot)
    body.cubicTo(x + s * 0.34, foot, x + s * 0.66, foot - s * 0.05, x + s * 0.72, top)
    body.close()
    canvas.drawPath(body, _sheen(ware, x - s * 0.72, x + s * 0.72))
    with saved(canvas):
        canvas.clipPath(body, skia.ClipOp.kIntersect, True)
        canvas.drawRect(rect(x - s, top + s * 0.12, s * 2, s * 0.028), fill(lighten(ware, 0.5), 0.6))
    canvas.drawOval(oval(x, top, s * 0.72, s * 0.235), fill(lighten(ware, 0.3)))
    inside = oval(x, top + s * 0.012, s * 0.675, s * 0.205)
    broth = (0.86, 0.5, 0.17) if not stage.has("salad", "avocado", "vegan") else (0.42, 0.62, 0.24)
    canvas.drawOval(inside, vertical(top - s * 0.2, top + s * 0.2, darken(broth, 0.25), lighten(broth, 0.2)))
    with saved(canvas):
        canvas.clipPath(_ellipse(x, top + s * 0.012, s * 0.675, s * 0.205), skia.ClipOp.kIntersect, True)
        for _ in range(60):
            cx, cy = x + rng.gauss(0, 0.26) * s, top + rng.gauss(0, 0.07) * s
            canvas.drawOval(
                oval(cx, cy, s * rng.uniform(0.06, 0.16), s * 0.04),
                stroke((0.98, 0.87, 0.56), s * 0.011, 0.85),
            )
        for _ in range(26):
            cx, cy, r = x + rng.gauss(0, 0.3) * s, top + rng.gauss(0, 0.08) * s, s * rng.uniform(0.012, 0.024)
            canvas.drawCircle(
                cx, cy, r, fill(rng.choice(((0.3, 0.6, 0.25), (0.45, 0.72, 0.3), (0.82, 0.2, 0.15))))
            )
    _egg(stage, x - s * 0.24, top - s * 0.015, s * 0.155)
    _egg(stage, x + s * 0.04, top + s * 0.055, s * 0.155)
    _nori(stage, x + s * 0.3, top, s)
    for shift in (0.0, 0.06):
        canvas.drawLine(
            x - s * 0.95,
            top - s * (0.24 - shift * 0.6),
            x + s * 0.3,
            top - s * (0.09 + shift),
            stroke((0.36, 0.18, 0.1), s * 0.022),
        )
    _steam(stage, x, top - s * 0.12, s)


def _nori(stage: Stage, x: float, top: float, s: float) -> None:
    """Two sheets of seaweed leaning on the rim."""
    for dx, lean in ((0.12, 0.1), (0.0, 0.04)):
        left = x + dx * s
        sheet = [
            (left, top + s * 0.04),
            (left + lean * s, top - s * 0.3),
            (left + (lean + 0.19) * s, top - s * 0.26),
        ]
        outline = polygon([*sheet, (left + s * 0.2, top + s * 0.05)])
        stage.canvas.drawPath(outline, vertical(top - s * 0.3, top, (0.2, 0.3, 0.2), (0.06, 0.12, 0.09)))


def _ellipse(x: float, y: float, rx: float, ry: float) -> object:
    path = skia.Path()
    path.addOval(oval(x, y, rx, ry))
    return path


def _egg(stage: Stage, x: float, y: float, r: float) -> None:
    canvas = stage.canvas
    canvas.drawOval(oval(x, y + r * 0.12, r * 1.02, r * 0.62), fill((0.3, 0.14, 0.05), 0.35))
    canvas.drawOval(oval(x, y, r, r * 0.58), vertical(y - r, y + r, WHITE, (0.9, 0.86, 0.8)))
    canvas.drawOval(
        oval(x, y, r * 0.58, r * 0.33),
        radial((x - r * 0.1, y - r * 0.1), r * 0.6, ((0, (1.0, 0.78, 0.2), 1), (1, (0.93, 0.5, 0.08), 1))),
    )


def cake(stage: Stage) -> None:
    """A layered cake on a stand, icing running down, candles lit."""
    x, foot, s = table(stage)
    canvas, rng, p = stage.canvas, stage.rng, stage.palette
    icing = lighten(p.accent, 0.35)
    soft_shadow(stage, x, foot + s * 0.02, s * 0.6, s * 0.09, 0.55)
    plate = lighten(p.sky[3], 0.5)
    canvas.drawRect(
        rect(x - s * 0.06, foot - s * 0.16, s * 0.12, s * 0.16), _sheen(plate, x - s * 0.06, x + s * 0.06)
    )
    canvas.drawOval(oval(x, foot, s * 0.24, s * 0.04), fill(darken(plate, 0.12)))
    canvas.drawOval(
        oval(x, foot - s * 0.17, s * 0.66, s * 0.085),
        vertical(foot - s * 0.25, foot - s * 0.1, plate, darken(plate, 0.25)),
    )
    base = foot - s * 0.18
    for width, tall, tone in ((0.5, 0.34, (0.97, 0.9, 0.8)), (0.36, 0.3, mix(p.accent, WHITE, 0.62))):
        _tier(stage, x, base, s * width, s * tall, tone, icing)
        base -= s * tall
    for i in range(5):
        cx = x + s * (i - 2) * 0.12
        canvas.drawRect(
            rect(cx - s * 0.013, base - s * 0.2, s * 0.026, s * 0.19), fill(turned(p.accent, 50 * i))
        )
        glow(stage, (cx, base - s * 0.245), s * 0.2, (1.0, 0.75, 0.3), 0.6)
        canvas.drawOval(oval(cx, base - s * 0.235, s * 0.016, s * 0.038), fill((1.0, 0.86, 0.4)))
    for _ in range(26):
        canvas.drawCircle(
            x + s * rng.uniform(-0.46, 0.46),
            foot - s * rng.uniform(0.22, 0.4),
            s * 0.011,
            fill(turned(p.accent, rng.uniform(0, 360))),
        )


def _tier(stage: Stage, x: float, base: float, half: float, tall: float, tone: Rgb, icing: Rgb) -> None:
    canvas, rng = stage.canvas, stage.rng
    top, flat = base - tall, half * 0.15
    side = skia.Path()
    side.addRect(rect(x - half, top, half * 2, tall))
    side.addOval(oval(x, base, half, flat))
    canvas.drawPath(side, _sheen(tone, x - half, x + half))
    drips = [(x - half * 1.02, top)]
    drips += [
        (x - half + half * 2 * i / 14, top + flat + tall * (rng.uniform(0.14, 0.4) if i % 2 else 0.06))
        for i in range(15)
    ]
    drips.append((x + half * 1.02, top))
    canvas.drawPath(curve(drips, closed=True), _sheen(icing, x - half, x + half))
    canvas.drawOval(
        oval(x, top, half * 1.02, flat), vertical(top - flat, top + flat, lighten(icing, 0.4), icing)
    )


def bottle(stage: Stage) -> None:
    """A bottle with a label, lit through, leaves beside it."""
    x, foot, s = table(stage)
    canvas, p = stage.canvas, stage.palette
    tall, half = s * 1.16, s * 0.2
    glass = mix(p.accent, p.near, 0.2)
    soft_shadow(stage, x + s * 0.14, foot, s * 0.5, s * 0.07, 0.6)
    for side in (-1, 1):
        _sprig(stage, x + side * s * 0.42, foot + s * 0.02, s * 0.55, side)
    shape = skia.Path()
    shape.moveTo(x - half, foot)
    shape.lineTo(x - half, foot - tall * 0.56)
    shape.cubicTo(
        x - half, foot - tall * 0.72, x - half * 0.36, foot - tall * 0.7, x - half * 0.36, foot - tall * 0.8
    )
    shape.lineTo(x + half * 0.36, foot - tall * 0.8)
    shape.cubicTo(
        x + half * 0.36, foot - tall * 0.7, x + half, foot - tall * 0.72, x + half, foot - tall * 0.56
    )
    shape.lineTo(x + half, foot)
    shape.close()
    canvas.drawPath(shape, _sheen(glass, x - half, x + half))
    with saved(canvas):
        canvas.clipPath(shape, skia.ClipOp.kIntersect, True)
        canvas.drawRect(
            rect(x - half * 0.72, foot - tall, half * 0.16, tall), fill(WHITE, 0.5, blur=s * 0.01)
        )
        canvas.drawRect(
            rect(x + half * 0.74, foot - tall, half * 0.1, tall), fill(WHITE, 0.22, blur=s * 0.01)
        )
        label = lighten(p.sky[3], 0.4)
        canvas.drawRect(
            rect(x - half, foot - tall * 0.46, half * 2, tall * 0.3),
            linear(
                (x - half, 0),
                (x + half, 0),
                ((0, darken(label, 0.15), 1), (0.3, label, 1), (1, darken(label, 0.35), 1)),
            ),
        )
        canvas.drawCircle(x, foot - tall * 0.35, half * 0.34, fill(p.accent))
        for k in range(2):
            canvas.drawRect(
                rect(
                    x - half * (0.55 - 0.15 * k),
                    foot - tall * (0.245 - 0.035 * k),
                    half * (1.1 - 0.3 * k),
                    tall * 0.012,
                ),
                fill(p.near, 0.75),
            )
    cap = darken(p.near, 0.1)
    canvas.drawRRect(
        rounded(x - half * 0.44, foot - tall * 0.98, half * 0.88, tall * 0.19, half * 0.08),
        _sheen(lighten(cap, 0.12), x - half * 0.44, x + half * 0.44),
    )


def _sprig(stage: Stage, x: float, foot: float, tall: float, side: float) -> None:
    canvas, green = stage.canvas, mix((0.25, 0.5, 0.3), stage.palette.near, 0.25)
    tip = (x + side * tall * 0.35, foot - tall)
    stem = skia.Path()
    stem.moveTo(x, foot)
    stem.quadTo(x, foot - tall * 0.6, *tip)
    canvas.drawPath(stem, stroke(darken(green, 0.3), tall * 0.018))
    for i in range(8):
        t = 0.15 + 0.85 * i / 8
        cx, cy = x + side * tall * 0.35 * t * t, foot - tall * (1.2 * t - 0.2 * t * t)
        with saved(canvas):
            canvas.translate(cx, cy)
            canvas.rotate((-35 if i % 2 else 215) + 20 * side)
            leaf = curve(
                [(0, 0), (tall * 0.1, -tall * 0.05), (tall * 0.22, 0), (tall * 0.1, tall * 0.05)], closed=True
            )
            canvas.drawPath(leaf, fill(lighten(green, 0.2 * (i % 2))))


def vase(stage: Stage) -> None:
    """A bouquet in a rounded vase."""
    x, foot, s = table(stage)
    canvas, rng, p = stage.canvas, stage.rng, stage.palette
    soft_shadow(stage, x + s * 0.12, foot, s * 0.5, s * 0.08, 0.55)
    heads = [
        (x + s * rng.gauss(0, 0.25), foot - s * rng.uniform(0.75, 1.2), s * rng.uniform(0.085, 0.15))
        for _ in range(11)
    ]
    green = mix((0.2, 0.45, 0.25), p.near, 0.3)
    for hx, hy, _r in heads:
        stem = skia.Path()
        stem.moveTo(x + (hx - x) * 0.15, foot - s * 0.46)
        stem.quadTo(x + (hx - x) * 0.4, hy + s * 0.2, hx, hy)
        canvas.drawPath(stem, stroke(green, s * 0.014))
    for i in range(16):
        with saved(canvas):
            canvas.translate(x + s * rng.uniform(-0.16, 0.16), foot - s * rng.uniform(0.55, 0.85))
            canvas.rotate(rng.uniform(-160, -20))
            leaf = curve([(0, 0), (s * 0.1, -s * 0.045), (s * 0.22, 0), (s * 0.1, s * 0.045)], closed=True)
            canvas.drawPath(leaf, fill(lighten(green, 0.25 * (i % 3) / 2)))
    hues = (p.accent, turned(p.accent, 22), lighten(p.accent, 0.5), turned(p.accent, -26))
    for hx, hy, r in sorted(heads, key=lambda head: head[1]):
        _rose(stage, hx, hy, r, rng.choice(hues))
    pot = mix(p.sky[3], WHITE, 0.35)
    body = curve(
        [
            (x - s * 0.12, foot - s * 0.52),
            (x - s * 0.15, foot - s * 0.45),
            (x - s * 0.27, foot - s * 0.22),
            (x - s * 0.16, foot),
            (x + s * 0.16, foot),
            (x + s * 0.27, foot - s * 0.22),
            (x + s * 0.15, foot - s * 0.45),
            (x + s * 0.12, foot - s * 0.52),
        ],
        closed=True,
    )
    canvas.drawPath(body, _sheen(pot, x - s * 0.27, x + s * 0.27))


def _rose(stage: Stage, x: float, y: float, r: float, colour: Rgb) -> None:
    start = stage.rng.random()
    for ring, (reach, petals) in enumerate(((0.62, 8), (0.4, 6), (0.18, 4))):
        tone = lighten(darken(colour, 0.22), 0.16 * ring)
        for i in range(petals):
            px, py = around(x, y, r * reach, start + i / petals + ring * 0.07)
            size = r * (0.5 - 0.1 * ring)
            stage.canvas.drawCircle(
                px,
                py,
                size,
                radial(
                    (px - size * 0.3, py - size * 0.3),
                    size * 1.3,
                    ((0, lighten(tone, 0.22), 1), (1, tone, 1)),
                ),
            )
    stage.canvas.drawCircle(x, y, r * 0.16, fill(darken(colour, 0.4)))


def phone(stage: Stage) -> None:
    """A floating phone whose screen shows cards and a chart."""
    x, foot, s = table(stage)
    canvas, p = stage.canvas, stage.palette
    tall, wide = s * 1.3, s * 0.64
    soft_shadow(stage, x, foot + s * 0.04, s * 0.5, s * 0.06, 0.6)
    with saved(canvas):
        canvas.translate(x, foot - s * 0.66)
        canvas.rotate(stage.rng.uniform(-9, 9))
        canvas.drawRRect(
            rounded(-wide / 2 + s * 0.03, -tall / 2 + s * 0.04, wide, tall, s * 0.09),
            fill(p.near, 0.45, blur=s * 0.04),
        )
        canvas.drawRRect(
            rounded(-wide / 2, -tall / 2, wide, tall, s * 0.09),
            linear((-wide / 2, 0), (wide / 2, 0), ((0, (0.28, 0.29, 0.34), 1), (1, (0.07, 0.07, 0.1), 1))),
        )
        inner = rounded(
            -wide / 2 + s * 0.025, -tall / 2 + s * 0.025, wide - s * 0.05, tall - s * 0.05, s * 0.07
        )
        canvas.clipRRect(inner, skia.ClipOp.kIntersect, True)
        canvas.drawPaint(
            linear(
                (0, -tall / 2),
                (0, tall / 2),
                ((0, lighten(p.sky[3], 0.7), 1), (1, lighten(p.sky[2], 0.5), 1)),
            )
        )
        _screen(stage, wide - s * 0.05, tall - s * 0.05, s)


def _screen(stage: Stage, wide: float, tall: float, s: float) -> None:
    canvas, p, rng = stage.canvas, stage.palette, stage.rng
    left, top = -wide / 2 + s * 0.05, -tall / 2 + s * 0.05
    inner = wide - s * 0.1
    canvas.drawRRect(
        rounded(-s * 0.08, top - s * 0.02, s * 0.16, s * 0.035, s * 0.018), fill((0.05, 0.05, 0.07))
    )
    canvas.drawRRect(
        rounded(left, top + s * 0.07, inner, s * 0.36, s * 0.04),
        linear((left, top), (left + inner, top + s * 0.4), ((0, p.accent, 1), (1, turned(p.accent, 40), 1))),
    )
    points = [
        (left + inner * (0.06 + 0.11 * i), top + s * (0.37 - 0.035 * i - rng.uniform(0, 0.07)))
        for i in range(9)
    ]
    canvas.drawPath(curve(points), stroke(WHITE, s * 0.012))
    canvas.drawCircle(*points[-1], s * 0.018, fill(WHITE))
    for i in range(4):
        y = top + s * (0.48 + 0.17 * i)
        canvas.drawRRect(rounded(left, y, inner, s * 0.14, s * 0.03), fill(WHITE, 0.92))
        canvas.drawCircle(left + s * 0.07, y + s * 0.07, s * 0.038, fill(turned(p.accent, 45 * i)))
        canvas.drawRRect(
            rounded(left + s * 0.14, y + s * 0.04, inner * rng.uniform(0.3, 0.6), s * 0.022, s * 0.01),
            fill(p.near, 0.7),
        )
        canvas.drawRRect(
            rounded(left + s * 0.14, y + s * 0.083, inner * rng.uniform(0.2, 0.4), s * 0.017, s * 0.008),
            fill(p.near, 0.3),
        )


def box(stage: Stage) -> None:
    """A ribboned box on a plinth."""
    x, foot, s = table(stage)
    canvas, p = stage.canvas, stage.palette
    plinth = lighten(p.sky[3], 0.25)
    soft_shadow(stage, x, foot + s * 0.1, s * 0.85, s * 0.14, 0.5)
    canvas.drawPath(_drum(x, foot, s * 0.68, s * 0.13, s * 0.12), _sheen(plinth, x - s * 0.68, x + s * 0.68))
    canvas.drawOval(
        oval(x, foot - s * 0.12, s * 0.68, s * 0.13),
        vertical(foot - s * 0.25, foot, lighten(plinth, 0.4), plinth),
    )
    soft_shadow(stage, x + s * 0.06, foot - s * 0.1, s * 0.5, s * 0.08, 0.5)
    base, half, tall, rise = foot - s * 0.06, s * 0.4, s * 0.5, s * 0.12
    faces = (
        (
            [(x - half, base - rise), (x, base), (x, base - tall), (x - half, base - rise - tall)],
            lighten(p.accent, 0.12),
        ),
        (
            [(x, base), (x + half, base - rise), (x + half, base - rise - tall), (x, base - tall)],
            darken(p.accent, 0.3),
        ),
        (
            [
                (x - half, base - rise - tall),
                (x, base - tall),
                (x + half, base - rise - tall),
                (x, base - 2 * rise - tall),
            ],
            lighten(p.accent, 0.4),
        ),
    )
    for points, tone in faces:
        canvas.drawPath(polygon(points), vertical(base - tall, base, lighten(tone, 0.1), darken(tone, 0.12)))
    ribbon = lighten(p.light, 0.3)
    for side in (-1, 1):
        strip = [
            (x + side * half * 0.42, base - rise * 0.42),
            (x + side * half * 0.58, base - rise * 0.58),
            (x + side * half * 0.58, base - rise * 0.58 - tall),
            (x + side * half * 0.42, base - rise * 0.42 - tall),
        ]
        canvas.drawPath(polygon(strip), fill(ribbon, 0.9 if side < 0 else 0.65))
    knot = (x, base - tall - rise)
    for side in (-1, 1):
        loop = curve(
            [
                knot,
                (x + side * s * 0.16, knot[1] - s * 0.16),
                (x + side * s * 0.26, knot[1] - s * 0.06),
                (x + side * s * 0.12, knot[1] + s * 0.02),
            ],
            closed=True,
        )
        canvas.drawPath(loop, fill(ribbon))
        canvas.drawPath(loop, stroke(darken(ribbon, 0.35), s * 0.006, 0.6))
    canvas.drawCircle(*knot, s * 0.035, fill(darken(ribbon, 0.1)))


def _drum(x: float, foot: float, rx: float, ry: float, tall: float) -> object:
    path = skia.Path()
    path.addRect(rect(x - rx, foot - tall, rx * 2, tall))
    path.addOval(oval(x, foot, rx, ry))
    return path


def sneaker(stage: Stage) -> None:
    """A running shoe in profile, mid-air over its shadow."""
    x, foot, size = table(stage)
    s = size * 0.8
    canvas, p = stage.canvas, stage.palette
    soft_shadow(stage, x, foot + s * 0.06, s * 0.85, s * 0.1, 0.6)
    with saved(canvas):
        canvas.translate(x, foot - s * 0.2)
        canvas.rotate(-8)
        sole = curve(
            [
                (-s * 0.84, s * 0.02),
                (-s * 0.8, s * 0.17),
                (0, s * 0.17),
                (s * 0.7, s * 0.18),
                (s * 0.88, s * 0.04),
                (s * 0.5, s * 0.03),
                (0, s * 0.02),
            ],
            closed=True,
        )
        upper = curve(
            [
                (-s * 0.8, s * 0.05),
                (-s * 0.82, -s * 0.3),
                (-s * 0.66, -s * 0.5),
                (-s * 0.5, -s * 0.4),
                (-s * 0.24, -s * 0.42),
                (0, -s * 0.28),
                (s * 0.34, -s * 0.12),
                (s * 0.74, -s * 0.08),
                (s * 0.85, s * 0.06),
                (0, s * 0.08),
            ],
            closed=True,
        )
        canvas.drawPath(
            upper,
            linear(
                (0, -s * 0.5), (0, s * 0.1), ((0, lighten(p.accent, 0.25), 1), (1, darken(p.accent, 0.28), 1))
            ),
        )
        with saved(canvas):
            canvas.clipPath(upper, skia.ClipOp.kIntersect, True)
            for k in range(3):
                swoosh = curve(
                    [
                        (-s * 0.7 + k * s * 0.1, s * 0.06),
                        (-s * 0.3 + k * s * 0.1, -s * 0.08),
                        (s * 0.05 + k * s * 0.12, -s * 0.34),
                    ]
                )
                canvas.drawPath(swoosh, stroke(WHITE if k == 1 else darken(p.accent, 0.5), s * 0.05, 0.9))
            canvas.drawCircle(s * 0.82, s * 0.08, s * 0.25, fill(darken(p.accent, 0.45), 0.85))
            canvas.drawCircle(-s * 0.9, -s * 0.08, s * 0.24, fill(darken(p.accent, 0.5), 0.85))
        for k in range(5):
            lx, ly = -s * 0.16 + k * s * 0.1, -s * 0.34 + k * s * 0.052
            canvas.drawLine(
                lx - s * 0.05, ly + s * 0.07, lx + s * 0.05, ly - s * 0.02, stroke(WHITE, s * 0.022)
            )
        canvas.drawPath(sole, vertical(0, s * 0.18, WHITE, (0.78, 0.8, 0.86)))
        canvas.drawPath(
            curve([(-s * 0.8, s * 0.12), (0, s * 0.125), (s * 0.82, s * 0.1)]), stroke(p.accent, s * 0.02)
        )


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


SCENES: dict[str, Callable[[Stage], None]] = {
    "cup": cup,
    "bowl": bowl,
    "cake": cake,
    "bottle": bottle,
    "vase": vase,
    "phone": phone,
    "box": box,
    "sneaker": sneaker,
    "fruit": fruit,
}
