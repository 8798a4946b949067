"""Among trees: trunks in depth, light falling through, ferns at the feet."""

from collections.abc import Callable

from darkroom_graphics.skia_api import skia
from darkroom_sandbox.brush import curve, fill, stroke
from darkroom_sandbox.colours import mix
from darkroom_sandbox.light import bokeh, glow, mist, rays, sky, stars, sun
from darkroom_sandbox.scenes.land import hills
from darkroom_sandbox.scenes.props import broadleaf, cabin, conifer, tent
from darkroom_sandbox.stage import Stage


def forest(stage: Stage) -> None:
    """Rows of trees, each nearer row darker and taller, with mist between and beams from a low light."""
    w, h, rng, p = stage.width, stage.height, stage.rng, stage.palette
    sky(stage, h * 0.75)
    if p.dark:
        stars(stage, h * 0.5)
    light = (w * rng.uniform(0.3, 0.7), h * rng.uniform(0.24, 0.4))
    sun(stage, light, 58 * stage.unit)
    leafy = stage.has("jungle", "rainforest", "autumn", "oak", "park", "fall")
    rows = 3 + stage.detail
    for i in range(rows):
        t = (i + 1) / rows
        foot = h * (0.56 + 0.36 * t**1.2)
        hills(stage, foot + h * 0.03, h * 0.06, 0.15 + 0.8 * t, waves=3, octaves=2)
        _row(stage, foot, h * (0.2 + 0.42 * t), 0.12 + 0.78 * t, leafy)
        if i < rows - 1:
            mist(stage, foot + h * 0.05, h * 0.24, mix(p.sky[3], p.light, 0.3), 0.44 * (1 - 0.5 * t))
        if i == rows - 3 and not p.dark:
            rays(stage, light, 10, p.light, 0.26, h * 0.75)
    _clearing(stage)
    bokeh(stage, 6 + 5 * stage.detail, h * 0.35, h * 0.95, (p.light, p.accent))


def _row(stage: Stage, foot: float, tall: float, t: float, leafy: bool) -> None:
    rng, w = stage.rng, stage.width
    count = max(3, int(w / tall * (3.1 - 1.5 * t)))
    gap_at = rng.uniform(0.35, 0.65)
    for i in range(count):
        x = w * (i + rng.uniform(0.1, 0.9)) / count
        if t > 0.6 and abs(x / w - gap_at) < 0.16:
            continue
        size, colour = tall * rng.uniform(0.62, 1.1), stage.palette.depth(t)
        if leafy:
            broadleaf(stage, x, foot, size * 0.9, mix(colour, stage.palette.accent, 0.3 * (0.4 + t)))
        else:
            conifer(stage, x, foot + rng.uniform(-0.02, 0.03) * tall, size, colour)


def _clearing(stage: Stage) -> None:
    w, h, u, rng = stage.width, stage.height, stage.unit, stage.rng
    ground = stage.palette.depth(0.97)
    hills(stage, h * 0.98, h * 0.1, 1.0, waves=2, octaves=3, tone=ground)
    if stage.has("tent", "camping", "campfire", "camp"):
        tent(stage, w * 0.5, h * 0.9, 190 * u)
    if stage.has("cabin", "house", "home", "hut"):
        cabin(stage, w * 0.5, h * 0.9, 190 * u)
    if stage.has("campfire", "fire"):
        glow(stage, (w * 0.66, h * 0.9), 190 * u, (1.0, 0.6, 0.2), 0.8)
        stage.canvas.drawPath(
            curve([(w * 0.66 - 22 * u, h * 0.92), (w * 0.66, h * 0.85), (w * 0.66 + 22 * u, h * 0.92)]),
            fill((1.0, 0.75, 0.3)),
        )
    for _ in range(70 * stage.detail):
        x, y, tall = rng.uniform(0, w), h * rng.uniform(0.93, 1.03), u * rng.uniform(20, 85)
        blade = skia.Path()
        blade.moveTo(x, y)
        lean = rng.uniform(-0.6, 0.6) * tall
        blade.quadTo(x + lean * 0.2, y - tall * 0.7, x + lean, y - tall)
        stage.canvas.drawPath(
            blade, stroke(mix(ground, stage.palette.accent, rng.uniform(0, 0.16)), u * rng.uniform(1.5, 4))
        )


SCENES: dict[str, Callable[[Stage], None]] = {"forest": forest}
