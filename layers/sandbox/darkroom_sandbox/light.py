"""Air and light: skies, suns, stars, clouds, mist, grain. What gives flat shapes their depth."""

import numpy as np

from darkroom_graphics.rasters import resized, smooth_sampling
from darkroom_graphics.skia_api import Image, skia
from darkroom_sandbox.brush import Point, fill, linear, oval, radial, rect
from darkroom_sandbox.colours import Rgb, argb, lighten, mix
from darkroom_sandbox.images import from_rgba
from darkroom_sandbox.noise import Floats, generator, texture
from darkroom_sandbox.stage import Stage, saved


def sky(stage: Stage, horizon: float) -> None:
    """The palette's sky, with its last colour at the horizon (pixels from the top)."""
    a, b, c, d = stage.palette.sky
    paint = linear((0, 0), (0, horizon), ((0, a, 1), (0.42, b, 1), (0.78, c, 1), (1, d, 1)))
    stage.canvas.drawPaint(paint)


def glow(stage: Stage, centre: Point, radius: float, colour: Rgb, strength: float) -> None:
    """Light that spills over whatever is behind it."""
    falloff = tuple((t, colour, strength * (1 - t) ** 2.2) for t in (0.0, 0.15, 0.35, 0.6, 0.8, 1.0))
    stage.canvas.drawCircle(*centre, radius, radial(centre, radius, falloff, blend="Screen"))


def sun(stage: Stage, centre: Point, radius: float) -> None:
    """A disc with a halo: a sun by day, a cratered moon on dark palettes."""
    light = stage.palette.light
    glow(stage, centre, radius * 7, mix(stage.palette.sky[3], light, 0.5), 0.55)
    glow(stage, centre, radius * 2.6, light, 0.6)
    stage.canvas.drawCircle(*centre, radius, fill(light))
    if stage.palette.dark:
        _craters(stage, centre, radius)


def _craters(stage: Stage, centre: Point, radius: float) -> None:
    canvas, shade = stage.canvas, mix(stage.palette.light, stage.palette.far, 0.35)
    with saved(canvas):
        disc = skia.Path()
        disc.addCircle(*centre, radius)
        canvas.clipPath(disc, skia.ClipOp.kIntersect, True)
        for _ in range(7):
            x = centre[0] + stage.rng.uniform(-0.7, 0.7) * radius
            y = centre[1] + stage.rng.uniform(-0.7, 0.7) * radius
            canvas.drawCircle(x, y, radius * stage.rng.uniform(0.08, 0.26), fill(shade, 0.32))
        edge = ((0.0, shade, 0.0), (0.72, shade, 0.0), (1.0, shade, 0.55))
        offset = (centre[0] - radius * 0.25, centre[1] - radius * 0.25)
        canvas.drawCircle(*centre, radius, radial(offset, radius * 1.3, edge))


def stars(stage: Stage, bottom: float, density: float = 1.0) -> None:
    """Points of light, fading out towards ``bottom`` (pixels from the top)."""
    rng, canvas, u = stage.rng, stage.canvas, stage.unit
    for _ in range(int(230 * density * stage.width * stage.height / 1_048_576)):
        x, y = rng.uniform(0, stage.width), rng.uniform(0, bottom)
        bright = rng.random() ** 3
        alpha = (0.25 + 0.75 * bright) * (1 - (y / bottom) ** 2)
        canvas.drawCircle(x, y, (0.6 + 1.7 * bright) * u, fill(lighten(stage.palette.light, 0.3), alpha))
        if bright > 0.8:
            glow(stage, (x, y), 13 * u, stage.palette.light, 0.5 * alpha)


def veil(stage: Stage, field: Floats, colour: Rgb, strength: float, top: float, bottom: float) -> None:
    """Lays a noise field over a band of the picture as soft colour; the band fades at both ends."""
    height, width = field.shape
    fade = np.sin(np.linspace(0, np.pi, height))[:, None]
    alpha = np.clip((field - 0.42) * 2.6, 0, 1) * fade * strength
    pixels = np.empty((height, width, 4), np.uint8)
    pixels[:, :, :3] = np.round(np.array(colour) * 255).astype(np.uint8)
    pixels[:, :, 3] = (alpha * 255).astype(np.uint8)
    target = rect(0, top, stage.width, bottom - top)
    cubic = skia.SamplingOptions(skia.CubicResampler.Mitchell())
    image = from_rgba(pixels)
    stage.canvas.drawImageRect(image, skia.Rect.MakeWH(width, height), target, cubic, skia.Paint())


def clouds(stage: Stage, top: float, bottom: float, amount: float = 1.0) -> None:
    """Soft high clouds, and on brighter palettes a few rounded ones with lit tops."""
    field = texture(stage.rng, 128, 64, 5, 4, stretch=2.6)
    veil(stage, field, stage.palette.cloud, 0.5 * amount, top, bottom)
    if stage.palette.dark:
        return
    for _ in range(stage.rng.randint(2, 4)):
        x = stage.rng.uniform(-0.05, 1.05) * stage.width
        y = top + (bottom - top) * stage.rng.uniform(0.3, 0.8)
        _puff(stage, x, y, stage.unit * stage.rng.uniform(70, 170), 0.75 * amount)


def _puff(stage: Stage, x: float, y: float, size: float, alpha: float) -> None:
    rng, shape = stage.rng, skia.Path()
    shape.addRRect(
        skia.RRect.MakeRectXY(rect(x - size, y - size * 0.16, size * 2, size * 0.2), size / 10, size / 10)
    )
    for i in range(5):
        offset = (i - 2) / 2.6
        r = size * (0.42 - 0.26 * abs(offset)) * rng.uniform(0.8, 1.15)
        shape.addCircle(x + offset * size + rng.uniform(-0.05, 0.05) * size, y - r * 0.55, r)
    base = mix(stage.palette.cloud, stage.palette.sky[2], 0.55)
    with saved(stage.canvas):
        stage.canvas.clipRect(rect(x - size * 2, y - size * 2, size * 4, size * 2.04))
        stops = ((0.0, stage.palette.cloud, alpha), (1.0, base, 0.0))
        stage.canvas.drawPath(shape, linear((0, y - size * 0.55), (0, y), stops))


def mist(stage: Stage, y: float, depth: float, colour: Rgb, strength: float) -> None:
    """A bank of mist, thickest at ``y`` and gone ``depth`` pixels above it."""
    stops = ((0.0, colour, 0.0), (0.7, colour, strength * 0.7), (1.0, colour, strength))
    stage.canvas.drawRect(rect(0, y - depth, stage.width, depth), linear((0, y - depth), (0, y), stops))


def rays(stage: Stage, source: Point, count: int, colour: Rgb, strength: float, reach: float) -> None:
    """Beams from a light, ``reach`` pixels long."""
    rng = stage.rng
    for _ in range(count):
        lean = rng.uniform(-0.55, 0.55)
        spread = rng.uniform(0.015, 0.06)
        x, y = source
        path = skia.Path()
        path.addPoly(
            [
                skia.Point(x, y),
                skia.Point(x + (lean - spread) * reach, y + reach),
                skia.Point(x + (lean + spread) * reach, y + reach),
            ],
            True,
        )
        stops = ((0.0, colour, strength * rng.uniform(0.4, 1.0)), (1.0, colour, 0.0))
        stage.canvas.drawPath(path, linear(source, (x, y + reach), stops, blend="Screen"))


def aurora(stage: Stage, top: float, bottom: float) -> None:
    """Hanging curtains of light."""
    rng, canvas, w = stage.rng, stage.canvas, stage.width
    for hue in (stage.palette.accent, stage.palette.cloud, stage.palette.sky[3]):
        base = rng.uniform(0.35, 0.75)
        phase, sway = rng.uniform(0, 6), rng.uniform(0.05, 0.12)
        columns = 72
        for i in range(columns):
            t = i / columns
            wave = np.sin(t * 5 + phase) * sway + np.sin(t * 13 + phase * 2) * sway * 0.3
            foot = top + (bottom - top) * (base + wave)
            rise = (bottom - top) * (0.32 + 0.16 * np.sin(t * 23 + phase))
            alpha = 0.3 * (0.6 + 0.4 * np.sin(t * 31 + phase)) * np.sin(np.pi * t) ** 0.5
            stops = ((0.0, hue, 0.0), (0.8, hue, float(alpha)), (1.0, hue, 0.0))
            box = rect(t * w, foot - rise, w / columns * 1.9, rise)
            canvas.drawRect(box, linear((0, foot - rise), (0, foot), stops, blend="Screen"))


def bokeh(stage: Stage, count: int, top: float, bottom: float, colours: tuple[Rgb, ...]) -> None:
    """Out-of-focus lights."""
    for _ in range(count):
        x, y = stage.rng.uniform(0, stage.width), stage.rng.uniform(top, bottom)
        r = stage.unit * stage.rng.uniform(12, 62)
        colour = stage.rng.choice(colours)
        alpha = stage.rng.uniform(0.08, 0.28)
        stops = ((0.0, colour, alpha * 0.7), (0.86, colour, alpha), (1.0, colour, 0.0))
        stage.canvas.drawCircle(x, y, r, radial((x, y), r, stops, blend="Screen"))


def finish(stage: Stage, strength: float = 0.05) -> None:
    """The last coat: a gentle vignette and film grain, which also hides banding."""
    w, h = stage.width, stage.height
    reach = (w * w + h * h) ** 0.5 / 2
    shade = stage.palette.near
    with saved(stage.canvas):
        stops = ((0.0, shade, 0.0), (0.62, shade, 0.0), (1.0, shade, 0.34))
        stage.canvas.drawPaint(radial((w / 2, h / 2), reach, stops))
    if stage.detail > 1:
        grain(stage, strength)


def grain(stage: Stage, strength: float) -> None:
    """Film grain over everything; it also hides banding."""
    side = 192
    grey = np.clip(generator(stage.rng).normal(128, 46, (side, side)), 0, 255).astype(np.uint8)
    tile = np.dstack((grey, grey, grey, np.full_like(grey, 255)))
    repeat = skia.TileMode.kRepeat
    shader = from_rgba(tile).makeShader(repeat, repeat, skia.SamplingOptions())
    stage.canvas.drawPaint(
        skia.Paint(Shader=shader, BlendMode=skia.BlendMode.kSoftLight, Alphaf=strength * 3)
    )


def soft_shadow(stage: Stage, cx: float, cy: float, rx: float, ry: float, strength: float = 0.4) -> None:
    """A contact shadow: darkest in the middle, gone at the ellipse's edge."""
    colour = mix(stage.palette.near, (0, 0, 0), 0.4)
    with saved(stage.canvas):
        stage.canvas.translate(cx, cy)
        stage.canvas.scale(1, ry / rx)
        stops = ((0.0, colour, strength), (0.45, colour, strength * 0.55), (1.0, colour, 0.0))
        stage.canvas.drawCircle(0, 0, rx, radial((0, 0), rx, stops))


def mirror(
    stage: Stage, line: float, *, dim: Rgb, strength: float, ripple: float = 0.0, smear: int = 1
) -> None:
    """Reflects what lies above ``line`` (pixels) onto what lies below it.

    ``ripple`` shakes it sideways by that many pixels; ``smear`` > 1 draws it out vertically, as wet asphalt
    does.
    """
    canvas, w, h = stage.canvas, stage.width, stage.height
    above = _smeared(stage, smear)
    step = max(3, int(5 * stage.unit))
    y = line
    while y < h:
        band = min(step, h - y)
        shift = stage.rng.uniform(-1, 1) * ripple * (0.25 + (y - line) / max(1.0, h - line))
        with saved(canvas):
            canvas.clipRect(rect(0, y, w, band))
            canvas.translate(shift, 2 * line)
            canvas.scale(1, -1)
            if 2 * line - y - band >= 0:
                whole = rect(0, 0, above.width(), above.height())
                canvas.drawImageRect(above, whole, rect(0, 0, w, h), smooth_sampling(), skia.Paint())
        y += band
    stops = ((0.0, dim, strength * 0.55), (1.0, dim, strength))
    canvas.drawRect(rect(0, line, w, h - line), linear((0, line), (0, h), stops))


def _smeared(stage: Stage, smear: int) -> Image:
    image = stage.surface.makeImageSnapshot()
    if smear <= 1:
        return image
    return resized(image, max(1, stage.width // 3), max(1, stage.height // smear))


def gleam(
    stage: Stage, x: float, top: float, bottom: float, width: float, colour: Rgb, alpha: float = 0.8
) -> None:
    """A light's broken path on water: short strokes that spread and thin out towards the viewer."""
    rng, canvas = stage.rng, stage.canvas
    rows = int(26 + 16 * stage.detail)
    for i in range(rows):
        t = (i / rows) ** 1.5
        y = top + (bottom - top) * t
        reach = width * (0.35 + 1.5 * t)
        for _ in range(2 if stage.detail > 1 else 1):
            length = reach * rng.uniform(0.12, 0.62) * (1 - 0.35 * t)
            cx = x + rng.gauss(0, 0.34) * reach
            thick = stage.unit * (0.9 + 4.2 * t)
            canvas.drawOval(
                oval(cx, y, length, thick), fill(colour, alpha * rng.uniform(0.25, 0.8) * (1 - 0.55 * t))
            )


def wash(stage: Stage, colour: Rgb, strength: float) -> None:
    """Tints the whole picture."""
    stage.canvas.drawColor(argb(colour, strength), skia.BlendMode.kSoftLight)
