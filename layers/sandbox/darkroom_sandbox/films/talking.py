"""Shows that somebody speaks: a row of bars follows the voice, and light swells with it."""

from math import pi, sin
from typing import Final

from darkroom_graphics.skia_api import Canvas, skia
from darkroom_sandbox.brush import fill, radial, rounded
from darkroom_sandbox.colours import BLACK, WHITE, Rgb
from darkroom_sandbox.films.sound import Samples

BARS: Final = 21
_LIGHT: Final[Rgb] = (0.55, 0.85, 1.0)


class Talking:
    """Draws the voice over frames of ``size`` pixels; ``loudness`` has one value, 0..1, a frame."""

    def __init__(self, size: tuple[int, int], loudness: Samples) -> None:
        self._size, self._loudness = size, loudness
        width, height = size
        reach = (width * width + height * height) ** 0.5 / 2
        stops = ((0.0, _LIGHT, 0.0), (0.7, _LIGHT, 0.0), (1.0, _LIGHT, 0.75))
        surface = skia.Surface(width // 4, height // 4)
        surface.getCanvas().clear(skia.ColorTRANSPARENT)
        surface.getCanvas().drawPaint(radial((width / 8, height / 8), reach / 4, stops))
        self._rim = surface.makeImageSnapshot()

    def loud(self, number: int) -> float:
        """How loud the frame is."""
        return float(self._loudness[min(number, len(self._loudness) - 1)])

    def draw(self, canvas: Canvas, number: int) -> None:
        """Draws what belongs to frame ``number``."""
        self._glow(canvas, self.loud(number))
        self._bars(canvas, number)

    def _glow(self, canvas: Canvas, loud: float) -> None:
        if loud < 0.05:
            return
        paint = skia.Paint(Alphaf=0.3 * loud, BlendMode=skia.BlendMode.kScreen)
        whole = skia.Rect.MakeWH(self._rim.width(), self._rim.height())
        soft = skia.SamplingOptions(skia.FilterMode.kLinear)
        canvas.drawImageRect(self._rim, whole, skia.Rect.MakeWH(*self._size), soft, paint)

    def _bars(self, canvas: Canvas, number: int) -> None:
        """Newest in the middle, running out to both sides: what was said a moment ago is still to be seen."""
        width, height = self._size
        unit = min(width, height)
        gap, tall = unit * 0.017, unit * 0.075
        left, middle = width / 2 - gap * (BARS - 1) / 2, height - unit * 0.12
        pill = rounded(left - gap * 2, middle - tall * 0.62, gap * (BARS + 3), tall * 1.24, tall * 0.62)
        canvas.drawRRect(pill, fill(BLACK, 0.42))
        for bar in range(BARS):
            away = abs(bar - BARS // 2)
            level = self.loud(max(0, number - away)) if number >= away else 0.0
            level *= (1 - 0.55 * away / (BARS // 2)) * (0.75 + 0.25 * sin(number * 0.9 + bar * pi * 0.7))
            side = max(gap * 0.5, tall * 0.92 * level)
            x = left + bar * gap - gap * 0.25
            canvas.drawRRect(rounded(x, middle - side / 2, gap * 0.5, side, gap * 0.25), fill(WHITE, 0.92))
