"""Open land: mountains, desert, fields and snow, as layers that pale with distance."""

from collections.abc import Callable

from darkroom_graphics.skia_api import skia
from darkroom_sandbox.brush import Point, curve, fill, linear, polygon, rect, vertical
from darkroom_sandbox.colours import WHITE, Rgb, darken, lighten, mix, turned
from darkroom_sandbox.light import aurora, clouds, mirror, mist, sky, soft_shadow, stars, sun
from darkroom_sandbox.noise import ridge
from darkroom_sandbox.scenes.props import balloon, birds, cabin, cactus, conifer, flower, snowfall, tent
from darkroom_sandbox.stage import Stage, saved


def hang_sky(stage: Stage, horizon: float) -> Point:
    """Sky, clouds or stars, and the sun or moon; returns where the light comes from."""
    rng, w = stage.rng, stage.width
    sky(stage, horizon)
    if stage.palette.dark:
        stars(stage, horizon)
    if stage.has("aurora", "northern", "borealis"):
        aurora(stage, 0, horizon)
    at = (
        w * rng.choice((rng.uniform(0.16, 0.36), rng.uniform(0.64, 0.84))),
        horizon * rng.uniform(0.3, 0.74),
    )
    sun(stage, at, stage.unit * rng.uniform(46, 84))
    clouds(stage, horizon * 0.08, horizon * 0.8, rng.uniform(0.5, 1.0))
    return at


def hills(
    stage: Stage,
    base: float,
    height: float,
    t: float,
    *,
    waves: float,
    octaves: int = 4,
    tone: Rgb | None = None,
) -> list[Point]:
    """One silhouette at depth ``t``; returns its crest from left to right."""
    line = ridge(stage.rng, 160, waves, octaves, 0.45)
    step = stage.width / (len(line) - 1)
    crest = [(i * step, base - height * (0.5 + 0.5 * float(v))) for i, v in enumerate(line)]
    colour = tone or stage.palette.depth(t)
    haze = mix(colour, stage.palette.sky[3], 0.42 * (1 - t))
    body = polygon([(0.0, float(stage.height)), *crest, (float(stage.width), float(stage.height))])
    stage.canvas.drawPath(body, vertical(base - height, base + height * 1.1, colour, haze))
    return crest


def mountains(stage: Stage) -> None:
    """Snow-capped ranges one behind the other, firs in front; sometimes a lake at their feet."""
    h, rng = stage.height, stage.rng
    lake = stage.has("lake", "reflection", "reflections", "fjord", "river") or rng.random() < 0.3
    horizon = h * (0.62 if lake else rng.uniform(0.62, 0.7))
    light = hang_sky(stage, horizon)
    hills(stage, horizon * 0.94, h * 0.2, 0.12, waves=4)
    mist(stage, horizon, h * 0.2, stage.palette.sky[3], 0.5)
    ranges = 2 + (stage.detail > 2)
    for i in range(ranges):
        t = 0.24 + 0.3 * i / max(1, ranges - 1)
        _range(stage, horizon + h * 0.02 * i, h * (0.4 - 0.13 * i), t, light)
        mist(stage, horizon + h * 0.03 * i, h * 0.16, stage.palette.sky[3], 0.5)
    if lake:
        mirror(
            stage,
            horizon,
            dim=mix(stage.palette.sky[1], stage.palette.near, 0.35),
            strength=0.5,
            ripple=5 * stage.unit,
        )
        _shore(stage, h * 0.9)
    else:
        _foothills(stage, horizon)
    _guests(stage, horizon)


def _range(stage: Stage, base: float, height: float, t: float, light: Point) -> None:
    """Peaks with a lit and a shaded face and snow on top."""
    rng, w, canvas = stage.rng, stage.width, stage.canvas
    colour = stage.palette.depth(t)
    count = max(2, round(3.2 * w / stage.height * (1 + t)))
    order = sorted(range(count), key=lambda _: rng.random())
    for i in order:
        x = w * (i + rng.uniform(0.2, 0.8)) / count
        rise = height * rng.uniform(0.55, 1.0)
        half = rise * rng.uniform(0.85, 1.25)
        _peak(stage, (x, base - rise), half, base, colour, light[0] < x)
    canvas.drawRect(
        rect(0, base - 1, w, stage.height - base + 1), fill(mix(colour, stage.palette.sky[3], 0.3))
    )


def _slope(stage: Stage, top: Point, foot: Point, wobble: float, steps: int = 14) -> list[Point]:
    points = []
    for k in range(1, steps):
        s = k / steps
        drift = stage.rng.uniform(-1, 1) * wobble * (1 - s * 0.4)
        points.append(
            (top[0] + (foot[0] - top[0]) * s + drift, top[1] + (foot[1] - top[1]) * s + drift * 0.5)
        )
    return [*points, foot]


def _peak(stage: Stage, top: Point, half: float, base: float, colour: Rgb, lit_left: bool) -> None:
    rng, canvas, rise = stage.rng, stage.canvas, base - top[1]
    wobble = rise * 0.035
    left = _slope(stage, top, (top[0] - half, base), wobble)
    right = _slope(stage, top, (top[0] + half, base), wobble)
    spine = _slope(stage, top, (top[0] + rng.uniform(-0.2, 0.2) * half, base), wobble * 2.2, 9)
    lit, shade = mix(lighten(colour, 0.18), stage.palette.light, 0.16), darken(colour, 0.16)
    haze = mix(colour, stage.palette.sky[3], 0.5)
    outline = polygon([*reversed(left), top, *right])
    canvas.drawPath(outline, vertical(top[1], base, lit, haze))
    dark_side = right if lit_left else left
    canvas.drawPath(polygon([top, *spine, *reversed(dark_side)]), vertical(top[1], base, shade, haze))
    snow_line = top[1] + rise * rng.uniform(0.26, 0.42)
    _snow_cap(stage, outline, polygon([top, *spine, *reversed(dark_side)]), top, half, snow_line)


def _snow_cap(stage: Stage, outline: object, shaded: object, top: Point, half: float, line: float) -> None:
    canvas, rng, depth = stage.canvas, stage.rng, line - top[1]
    teeth = [(top[0] - half, top[1] - 9.0)]
    count = 13
    for i in range(count + 1):
        x = top[0] - half + 2 * half * i / count
        teeth.append(
            (x, line + (depth * rng.uniform(0.05, 0.5) if i % 2 else -depth * rng.uniform(0.15, 0.5)))
        )
    cap = polygon([*teeth, (top[0] + half, top[1] - 9.0)])
    snow = mix(WHITE, stage.palette.sky[3], 0.2 if not stage.palette.dark else 0.55)
    for clip, colour in ((outline, snow), (shaded, mix(snow, stage.palette.sky[1], 0.42))):
        with saved(canvas):
            canvas.clipPath(clip, skia.ClipOp.kIntersect, True)
            canvas.drawPath(cap, fill(colour, 0.93))


def _foothills(stage: Stage, horizon: float) -> None:
    h = stage.height
    crest = hills(stage, horizon + h * 0.1, h * 0.1, 0.66, waves=3)
    _firs(stage, crest, h * 0.055, 0.72, 0.55)
    mist(stage, horizon + h * 0.16, h * 0.12, stage.palette.sky[3], 0.22)
    crest = hills(stage, horizon + h * 0.26, h * 0.12, 0.9, waves=2)
    _firs(stage, crest, h * 0.13, 0.96, 0.3)


def _firs(stage: Stage, crest: list[Point], size: float, t: float, density: float) -> None:
    gap = max(1, int(len(crest) * size * 0.36 / stage.width / max(density, 0.05)))
    for x, y in crest[:: max(1, gap)]:
        if stage.rng.random() < 0.72:
            tall = size * stage.rng.uniform(0.55, 1.15)
            conifer(
                stage, x + stage.rng.uniform(-0.2, 0.2) * size, y + tall * 0.12, tall, stage.palette.depth(t)
            )


def _shore(stage: Stage, y: float) -> None:
    h = stage.height
    crest = hills(stage, y + h * 0.05, h * 0.09, 0.97, waves=2)
    _firs(stage, crest[: len(crest) // 3], h * 0.22, 0.99, 0.3)
    _firs(stage, crest[-len(crest) // 5 :], h * 0.15, 0.99, 0.3)


def _guests(stage: Stage, horizon: float) -> None:
    """What else the words ask for."""
    w, h, u, rng = stage.width, stage.height, stage.unit, stage.rng
    if stage.has("balloon", "balloons"):
        for scale in (1.0, 0.55, 0.4):
            balloon(stage, w * rng.uniform(0.15, 0.85), horizon * rng.uniform(0.2, 0.6), 110 * u * scale)
    elif not stage.palette.dark:
        birds(stage, w * rng.uniform(0.3, 0.7), horizon * rng.uniform(0.25, 0.5), rng.randint(4, 8))
    if stage.has("cabin", "house", "home", "hut", "lodge"):
        cabin(stage, w * rng.uniform(0.3, 0.7), h * 0.9, 150 * u)
    if stage.has("tent", "camping", "camp", "campfire"):
        tent(stage, w * rng.uniform(0.35, 0.65), h * 0.92, 170 * u)


def desert(stage: Stage) -> None:
    """Dunes with a sharp crest: one face in the light, one in shade."""
    w, h, rng = stage.width, stage.height, stage.rng
    horizon = h * rng.uniform(0.5, 0.6)
    light = hang_sky(stage, horizon)
    hills(stage, horizon * 1.0, h * 0.1, 0.1, waves=6)
    mist(stage, horizon, h * 0.14, stage.palette.sky[3], 0.6)
    layers = 3 + stage.detail
    for i in range(layers):
        t = (i + 1) / layers
        _dune(stage, horizon + (h - horizon) * (0.02 + 0.74 * t**1.3), h * (0.07 + 0.13 * t), t, light)
    for _ in range(3 if stage.has("cactus") else rng.randint(0, 2)):
        cactus(
            stage,
            w * rng.uniform(0.1, 0.9),
            h * rng.uniform(0.86, 0.95),
            210 * stage.unit * rng.uniform(0.6, 1),
        )
    birds(stage, w * rng.uniform(0.3, 0.7), horizon * 0.4, 4)


def _dune(stage: Stage, base: float, height: float, t: float, light: Point) -> None:
    rng, w, h, canvas = stage.rng, stage.width, stage.height, stage.canvas
    top = (w * rng.uniform(0.15, 0.85), base - height)
    left, right = (
        (-w * rng.uniform(0.1, 0.5), base + height * 0.7),
        (w * rng.uniform(1.1, 1.5), base + height * 0.7),
    )
    sand = mix(mix(stage.palette.sky[3], stage.palette.far, 0.35 + 0.5 * t), stage.palette.accent, 0.18)
    shade = mix(darken(sand, 0.2), stage.palette.near, 0.12 + 0.34 * t)
    sweep_left = ((left[0] + top[0]) / 2, base + height * 0.12)
    sweep_right = ((right[0] + top[0]) / 2, base + height * 0.1)
    body = curve([left, sweep_left, top, sweep_right, right])
    body.lineTo(w * 1.5, h * 1.1)
    body.lineTo(-w * 0.5, h * 1.1)
    body.close()
    canvas.drawPath(body, vertical(base - height, base + height * 2.4, lighten(sand, 0.16), sand))
    away = 1.0 if light[0] < top[0] else -1.0
    low = base + height * 2.2
    foot = (top[0] + away * w * rng.uniform(0.02, 0.14), low)
    face = skia.Path()
    face.moveTo(*top)
    bow = away * w * rng.uniform(0.08, 0.16)
    face.cubicTo(top[0] - bow, base + height * 0.1, top[0] + bow, base + height * 0.8, *foot)
    edge, sweep = (right, sweep_right) if away > 0 else (left, sweep_left)
    face.lineTo(edge[0], low)
    face.lineTo(*edge)
    face.quadTo(*sweep, *top)
    with saved(canvas):
        canvas.clipPath(body, skia.ClipOp.kIntersect, True)
        stops = ((0.0, shade, 1.0), (0.45, shade, 0.75), (1.0, sand, 0.0))
        canvas.drawPath(face, linear((0, base - height), (0, low), stops))


def field(stage: Stage) -> None:
    """Rolling hills, rows of crops or flowers running to the horizon."""
    w, h, rng = stage.width, stage.height, stage.rng
    horizon = h * rng.uniform(0.5, 0.58)
    hang_sky(stage, horizon)
    hills(stage, horizon, h * 0.12, 0.14, waves=3)
    mist(stage, horizon + h * 0.02, h * 0.12, stage.palette.sky[3], 0.5)
    green = mix(stage.palette.far, (0.36, 0.56, 0.24), 0.6 if not stage.palette.dark else 0.25)
    for i in range(3):
        tone = mix(lighten(green, 0.25 - 0.1 * i), stage.palette.near, 0.1 + 0.14 * i)
        crest = hills(
            stage, horizon + h * (0.04 + 0.06 * i), h * 0.08, 0.3 + 0.2 * i, waves=2, octaves=2, tone=tone
        )
        for x, y in crest[:: rng.randint(11, 17)]:
            _bush(stage, x, y, stage.unit * (12 + 12 * i) * rng.uniform(0.6, 1.4), darken(tone, 0.3))
    _rows(stage, horizon + h * 0.15, mix(green, stage.palette.near, 0.42))
    _blossoms(stage, horizon + h * 0.17)
    if stage.has("house", "farm", "cabin", "home", "barn"):
        cabin(stage, w * rng.uniform(0.25, 0.75), horizon + h * 0.15, 110 * stage.unit)
    _guests(stage, horizon)


def _bush(stage: Stage, x: float, y: float, size: float, colour: Rgb) -> None:
    soft_shadow(stage, x + size * 0.4, y + size * 0.1, size * 1.4, size * 0.3, 0.3)
    for dx, dy, r in ((-0.5, 0.0, 0.55), (0.4, -0.05, 0.6), (0.0, -0.45, 0.7)):
        stage.canvas.drawCircle(x + dx * size, y - size * 0.3 + dy * size, r * size, fill(colour))
    stage.canvas.drawCircle(x - size * 0.15, y - size * 0.85, size * 0.4, fill(lighten(colour, 0.2), 0.5))


def _rows(stage: Stage, top: float, colour: Rgb) -> None:
    w, h, canvas = stage.width, stage.height, stage.canvas
    canvas.drawRect(rect(0, top, w, h - top), vertical(top, h, lighten(colour, 0.14), darken(colour, 0.3)))
    vanish = (w * stage.rng.uniform(0.3, 0.7), top - h * 0.06)
    for i in range(-16, 17):
        foot = vanish[0] + i * w * 0.13
        wedge = polygon([vanish, (foot, h), (foot + w * 0.055, h)])
        with saved(canvas):
            canvas.clipRect(rect(0, top, w, h - top))
            canvas.drawPath(wedge, fill(darken(colour, 0.45), 0.35))


def _blossoms(stage: Stage, top: float) -> None:
    rng, w, h = stage.rng, stage.width, stage.height
    hue = stage.palette.accent
    if stage.has("lavender"):
        hue = (0.52, 0.38, 0.8)
    if stage.has("sunflower", "sunflowers", "wheat"):
        hue = (0.97, 0.77, 0.16)
    hues = (hue, turned(hue, 18), lighten(hue, 0.35))
    count = 130 + 110 * stage.detail
    for depth in sorted(rng.random() for _ in range(count)):
        y = top + (h - top) * (0.02 + 1.0 * depth**1.7)
        flower(stage, rng.uniform(0, w), y, stage.unit * (3 + 30 * depth**1.6), rng.choice(hues))


def snow(stage: Stage) -> None:
    """Winter: white hills, firs under snow, falling flakes."""
    w, h, rng = stage.width, stage.height, stage.rng
    horizon = h * rng.uniform(0.52, 0.62)
    light = hang_sky(stage, horizon)
    _range(stage, horizon, h * 0.32, 0.22, light)
    mist(stage, horizon, h * 0.2, stage.palette.sky[3], 0.6)
    white = mix(WHITE, stage.palette.sky[2], 0.25 if not stage.palette.dark else 0.62)
    for i in range(3):
        base = horizon + h * (0.06 + 0.13 * i)
        tone = mix(white, stage.palette.sky[1], 0.34 - 0.14 * i)
        crest = hills(stage, base, h * 0.09, 1.0, waves=2, octaves=2, tone=tone)
        for x, y in crest[:: 15 - 2 * i]:
            if rng.random() < 0.75:
                tall = h * (0.05 + 0.06 * i) * rng.uniform(0.6, 1.3)
                soft_shadow(stage, x, y + tall * 0.04, tall * 0.42, tall * 0.07, 0.35)
                conifer(stage, x, y + tall * 0.05, tall, stage.palette.depth(0.45 + 0.2 * i), snow=white)
    if stage.has("cabin", "house", "christmas", "lodge", "home") or rng.random() < 0.4:
        cabin(stage, w * rng.uniform(0.3, 0.7), h * 0.88, 150 * stage.unit, snow=white)
    snowfall(stage, 130 * stage.detail)


SCENES: dict[str, Callable[[Stage], None]] = {
    "mountains": mountains,
    "desert": desert,
    "field": field,
    "snow": snow,
}
