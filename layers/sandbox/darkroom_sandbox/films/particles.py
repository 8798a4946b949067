"""What drifts through a film: snow, rain, embers, bubbles, petals, glints. Each a formula of the moment, so that
any frame can be drawn without the ones before it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import pi, sin
from random import Random
from typing import Final

from darkroom_graphics.skia_api import Canvas, Image, skia
from darkroom_sandbox.brush import fill, linear, oval, radial, rect, stroke
from darkroom_sandbox.colours import WHITE, Rgb
from darkroom_sandbox.stage import saved

SPRITE: Final = 64


@dataclass(frozen=True, slots=True)
class Kind:
    """How one sort of particle looks and moves.

    ``size`` and ``speed`` are ranges, in shares of the shorter side (per second); ``fall`` is 1 downwards, -1
    upwards, 0 where they stand. ``blink`` is how deeply they pulse, ``sway`` how far they wander, ``band`` where
    they are from top (0) to bottom (1).
    """

    count: int
    size: tuple[float, float]
    speed: tuple[float, float]
    fall: float
    colours: tuple[Rgb, ...]
    alpha: float
    sway: float = 0.02
    blink: float = 0.0
    band: tuple[float, float] = (0.0, 1.0)
    shape: str = "mote"
    blend: str = "Screen"


_GOLD, _FIRE, _ROSE = (1.0, 0.86, 0.55), (1.0, 0.5, 0.15), (1.0, 0.72, 0.8)
KINDS: Final[Mapping[str, Kind]] = {
    "dust": Kind(46, (0.006, 0.022), (0.004, 0.02), -1, (WHITE, _GOLD), 0.5, 0.05, 0.7),
    "snow": Kind(130, (0.007, 0.03), (0.05, 0.16), 1, (WHITE,), 0.85, 0.04, 0.0, blend="SrcOver"),
    "rain": Kind(120, (0.03, 0.085), (1.1, 1.9), 1, ((0.85, 0.92, 1.0),), 0.3, 0.0, shape="streak"),
    "embers": Kind(64, (0.006, 0.02), (0.06, 0.2), -1, (_FIRE, _GOLD), 0.95, 0.05, 0.6),
    "bubbles": Kind(40, (0.01, 0.045), (0.04, 0.12), -1, (WHITE,), 0.5, 0.02, shape="ring"),
    "stars": Kind(70, (0.006, 0.022), (0.0, 0.0), 0, (WHITE, (0.8, 0.88, 1.0)), 0.95, 0.0, 1.0, (0.0, 0.62)),
    "petals": Kind(
        38, (0.018, 0.042), (0.05, 0.11), 1, (_ROSE, WHITE), 0.9, 0.07, shape="petal", blend="SrcOver"
    ),
    "leaves": Kind(
        34,
        (0.02, 0.052),
        (0.06, 0.13),
        1,
        ((0.85, 0.4, 0.1), (0.95, 0.65, 0.2), (0.7, 0.22, 0.1)),
        0.92,
        0.09,
        shape="petal",
        blend="SrcOver",
    ),
    "fireflies": Kind(40, (0.012, 0.034), (0.005, 0.02), -1, ((0.9, 1.0, 0.5), _GOLD), 0.9, 0.06, 1.0),
    "glints": Kind(80, (0.008, 0.026), (0.0, 0.0), 0, (WHITE, _GOLD), 0.8, 0.01, 1.0, (0.6, 0.97), "glint"),
    "bokeh": Kind(
        22, (0.05, 0.13), (0.005, 0.02), -1, ((1.0, 0.5, 0.8), _GOLD, (0.4, 0.8, 1.0)), 0.2, 0.04, 0.5
    ),
    "steam": Kind(16, (0.12, 0.3), (0.05, 0.1), -1, (WHITE,), 0.13, 0.03, 0.3, (0.1, 0.55), "puff"),
}


@dataclass(frozen=True, slots=True)
class _Particle:
    x: float
    y: float
    size: float
    speed: float
    phase: float
    sprite: int


class Particles:
    """Draws one kind of particle over a frame of a size in pixels."""

    def __init__(self, kind: str, size: tuple[int, int], rng: Random) -> None:
        self._kind, self._size = KINDS[kind], size
        self._sprites = [_SHAPES[self._kind.shape](colour) for colour in self._kind.colours]
        self._particles = [self._new(rng) for _ in range(self._kind.count)]

    def _new(self, rng: Random) -> _Particle:
        low, high = self._kind.size
        near = rng.random() ** 2  # few are near: large and fast
        slow, fast = self._kind.speed
        return _Particle(
            rng.random(),
            rng.random(),
            low + (high - low) * near,
            slow + (fast - slow) * (0.3 * rng.random() + 0.7 * near),
            rng.uniform(0, 2 * pi),
            rng.randrange(len(self._sprites)),
        )

    def draw(self, canvas: Canvas, moment: float) -> None:
        """Draws the particles as they are at ``moment`` seconds."""
        kind, (width, height) = self._kind, self._size
        unit, (top, bottom) = min(width, height), self._kind.band
        for one in self._particles:
            progress = (one.y + kind.fall * one.speed * moment) % 1.0
            side = one.size * unit
            x = (one.x + kind.sway * sin(moment * 0.8 + one.phase)) % 1.0 * (width + side) - side / 2
            y = (top + (bottom - top) * progress) * (height + 2 * side) - side
            pulse = 1 - kind.blink * (0.5 + 0.5 * sin(moment * (1.2 + one.speed * 8) + one.phase * 3))
            alpha = kind.alpha * pulse * _fade(kind, progress)
            if alpha > 0.02:
                self._draw_one(canvas, one, (x, y, side), alpha, moment)

    def _draw_one(
        self, canvas: Canvas, one: _Particle, at: tuple[float, float, float], alpha: float, moment: float
    ) -> None:
        paint = skia.Paint(Alphaf=alpha, BlendMode=getattr(skia.BlendMode, f"k{self._kind.blend}"))
        sprite, (x, y, side) = self._sprites[one.sprite], at
        whole = skia.Rect.MakeWH(sprite.width(), sprite.height())
        soft = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)
        if self._kind.shape != "petal":
            w = side * sprite.width() / SPRITE
            canvas.drawImageRect(sprite, whole, rect(x - w / 2, y - side / 2, w, side), soft, paint)
            return
        with saved(canvas):
            canvas.translate(x, y)
            canvas.rotate((one.phase * 57 + moment * (40 + 60 * one.speed)) % 360)
            canvas.scale(1, 0.35 + 0.65 * abs(sin(moment * 1.7 + one.phase)))
            canvas.drawImageRect(sprite, whole, rect(-side / 2, -side / 2, side, side), soft, paint)


def _fade(kind: Kind, progress: float) -> float:
    """Particles that rise or fall inside a band come and go softly at its ends."""
    return 1.0 if kind.fall == 0 or kind.band == (0.0, 1.0) else sin(pi * progress)


def _sprite(draw: Callable[[Canvas], None], width: int = SPRITE) -> Image:
    surface = skia.Surface(width, SPRITE)
    surface.getCanvas().clear(skia.ColorTRANSPARENT)
    draw(surface.getCanvas())
    return surface.makeImageSnapshot()


def _mote(colour: Rgb) -> Image:
    stops = ((0.0, colour, 1.0), (0.25, colour, 0.75), (0.6, colour, 0.18), (1.0, colour, 0.0))
    return _sprite(lambda canvas: canvas.drawPaint(radial((SPRITE / 2, SPRITE / 2), SPRITE / 2, stops)))


def _puff(colour: Rgb) -> Image:
    stops = ((0.0, colour, 1.0), (0.4, colour, 0.55), (1.0, colour, 0.0))
    return _sprite(lambda canvas: canvas.drawPaint(radial((SPRITE / 2, SPRITE / 2), SPRITE / 2, stops)))


def _streak(colour: Rgb) -> Image:
    paint = linear((0, 0), (0, SPRITE), ((0.0, colour, 0.0), (1.0, colour, 1.0)))
    return _sprite(lambda canvas: canvas.drawRect(rect(0, 0, 2, SPRITE), paint), 2)


def _ring(colour: Rgb) -> Image:
    middle = SPRITE / 2

    def draw(canvas: Canvas) -> None:
        canvas.drawCircle(middle, middle, middle - 5, fill(colour, 0.12))
        canvas.drawCircle(middle, middle, middle - 5, stroke(colour, 3, 0.7))
        canvas.drawCircle(middle * 0.68, middle * 0.66, 6, fill(colour, 0.9, blur=1.5))

    return _sprite(draw)


def _petal(colour: Rgb) -> Image:
    middle = SPRITE / 2
    light = ((0.0, WHITE, 0.35), (1.0, colour, 0.0))

    def draw(canvas: Canvas) -> None:
        shape = skia.Path()
        shape.moveTo(4, middle)
        shape.quadTo(middle, -6, SPRITE - 4, middle)
        shape.quadTo(middle, SPRITE * 0.9, 4, middle)
        canvas.drawPath(shape, fill(colour))
        canvas.drawPath(shape, linear((0, 0), (0, SPRITE), light))

    return _sprite(draw)


def _glint(colour: Rgb) -> Image:
    stops = ((0.0, colour, 1.0), (0.5, colour, 0.4), (1.0, colour, 0.0))
    wide = SPRITE * 4

    def draw(canvas: Canvas) -> None:
        canvas.translate(wide / 2, SPRITE / 2)
        canvas.scale(4, 0.5)
        canvas.drawOval(oval(0, 0, SPRITE / 2, SPRITE / 2), radial((0, 0), SPRITE / 2, stops))

    return _sprite(draw, wide)


_SHAPES: Final[Mapping[str, Callable[[Rgb], Image]]] = {
    "mote": _mote,
    "puff": _puff,
    "streak": _streak,
    "ring": _ring,
    "petal": _petal,
    "glint": _glint,
}
