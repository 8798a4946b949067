"""Light that wanders over a film: one soft patch, so that no two moments are lit alike."""

from math import pi, sin
from random import Random

from darkroom_graphics.skia_api import Canvas, skia
from darkroom_sandbox.brush import radial
from darkroom_sandbox.colours import Rgb


class Glow:
    """A patch of light crossing the frame, ``size`` in pixels, over the film's ``seconds``."""

    def __init__(self, size: tuple[int, int], seconds: float, rng: Random) -> None:
        self._size, self._seconds = size, seconds
        ends = [rng.uniform(-0.2, 0.3), rng.uniform(0.7, 1.2)]
        rng.shuffle(ends)
        self._from, self._to = ends
        self._height, self._phase = rng.uniform(0.05, 0.4), rng.uniform(0, 2 * pi)
        colour: Rgb = rng.choice(((1.0, 0.92, 0.76), (1.0, 0.86, 0.74), (0.88, 0.94, 1.0)))
        # Made at its full size once: enlarging it for every frame would cost more than all the rest.
        self._reach = round(max(size) * 0.42)
        surface = skia.Surface(self._reach * 2, self._reach * 2)
        stops = tuple((t, colour, (1 - t) ** 2) for t in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0))
        surface.getCanvas().drawPaint(radial((self._reach, self._reach), self._reach, stops))
        self._patch = surface.makeImageSnapshot()

    def draw(self, canvas: Canvas, moment: float, strength: float = 0.22) -> None:
        """Lays the light over the frame, as it is at ``moment`` seconds."""
        width, height = self._size
        t = moment / self._seconds
        x = round((self._from + (self._to - self._from) * t) * width) - self._reach
        y = round(self._height * height) - self._reach
        alpha = min(1.0, moment) * strength * (0.8 + 0.2 * sin(moment * 1.6 + self._phase))
        canvas.drawImage(self._patch, x, y, skia.SamplingOptions(), skia.Paint(Alphaf=alpha))
