"""The camera: a still bent frame by frame so that what is near moves more than what is far.

The still lies on a grid of small triangles. Each corner has a depth, guessed from where it is: the foot of a
picture is usually nearest, its middle nearer than its edges. A move enlarges and shifts the corners by their
depth, always so that the frame stays covered, and begins at the still as it is.
"""

from math import pi, sin
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from darkroom_graphics.skia_api import Canvas, Image, skia
from darkroom_sandbox.films.direction import Direction

type Floats = NDArray[np.float64]

COLUMNS, ROWS = 12, 20
# How much a usual move enlarges in five seconds; longer films move further, but no further than this again.
REACH: Final = 0.17
_SIDEWAYS: Final = {"left": 1.0, "right": -1.0}
_UPRIGHT: Final = {"up": 1.0, "down": -1.0}


class Camera:
    """Draws a still as it looks at a moment of the film. ``seconds`` is the film's length."""

    def __init__(self, still: Image, size: tuple[int, int], direction: Direction, seconds: float) -> None:
        self._size, self._direction, self._seconds = size, direction, seconds
        clamp = skia.TileMode.kClamp
        self._paint = skia.Paint(
            Shader=still.makeShader(clamp, clamp, skia.SamplingOptions(skia.FilterMode.kLinear))
        )
        rows, columns = np.mgrid[0 : ROWS + 1, 0 : COLUMNS + 1]
        self._u, self._v = columns / COLUMNS, rows / ROWS
        self._depth = _depth(self._u, self._v)
        self._inner = np.sin(pi * self._u) * np.sin(pi * self._v)
        self._source = _points(self._u * still.width(), self._v * still.height())
        self._triangles = _triangles()
        self._reach = REACH * direction.pace * min(1.6, max(0.6, seconds / 5) ** 0.5)
        if direction.move == "static":
            self._reach *= 0.25

    def draw(self, canvas: Canvas, moment: float, *, loud: float = 0.0) -> None:
        """Draws the frame at ``moment`` seconds; ``loud``, 0..1, moves a speaker's head and jaw."""
        x, y = self._placed(moment, loud)
        width, height = self._size
        mode = skia.Vertices.VertexMode.kTriangles_VertexMode
        place = _points(x * width, y * height)
        vertices = skia.Vertices(mode, place, self._source, None, self._triangles)
        canvas.drawVertices(vertices, self._paint, skia.BlendMode.kSrc)

    def _placed(self, moment: float, loud: float) -> tuple[Floats, Floats]:
        """Where every corner of the grid is, in shares of the frame."""
        way = self._way(moment)
        move, depth = self._direction.move, self._depth
        enlarged = self._reach * way * (0.7 + 0.6 * depth) + 0.014 * loud
        room = enlarged / 2
        sway = min(1.0, moment) * 0.16
        sideways = 0.75 * _SIDEWAYS.get(move, 0.0) * (0.5 + 0.5 * depth) + sway * sin(moment * 0.9)
        upright = 0.75 * _UPRIGHT.get(move, 0.0) * (0.5 + 0.5 * depth) + sway * sin(moment * 1.3)
        if move == "orbit":
            sideways = sideways + 0.7 * (depth - 0.45) * sin(pi * 1.5 * way)
        x = 0.5 + (self._u - 0.5) * (1 + enlarged) + room * sideways
        y = 0.5 + (self._v - 0.5) * (1 + enlarged) + room * upright
        return self._alive(x, y, moment, loud)

    def _way(self, moment: float) -> float:
        """How much of the move is done, 0..1, gently begun and ended."""
        t = min(1.0, moment / self._seconds)
        eased = t - 0.7 * sin(2 * pi * t) / (2 * pi)
        return 1 - eased if self._direction.move == "pull" else eased

    def _alive(self, x: Floats, y: Floats, moment: float, loud: float) -> tuple[Floats, Floats]:
        """What moves of itself: water, breath, a speaking head. The frame's edges stay where they are."""
        start = min(1.0, moment * 2)
        if self._direction.water:
            low = np.clip((self._v - 0.5) * 3, 0, 1) * self._inner * start
            x = x + low * 0.0045 * np.sin(2 * pi * (self._v * 6 - moment * 0.55) + self._u * 3)
            y = y + low * 0.003 * np.sin(2 * pi * (self._u * 2.2 + self._v * 3 - moment * 0.4))
        if self._direction.living:
            breath = sin(2 * pi * moment / 3.4) * start
            y = y + 0.006 * breath * self._inner * (0.5 - self._v)
        if loud:
            jaw = np.exp(-(((self._u - 0.5) / 0.2) ** 2) - ((self._v - 0.66) / 0.13) ** 2)
            y = y + 0.018 * loud * jaw * self._inner
        return x, y


def _depth(u: Floats, v: Floats) -> Floats:
    """0 (far) to 1 (near)."""
    middle = np.exp(-(((u - 0.5) / 0.28) ** 2) - ((v - 0.58) / 0.3) ** 2)
    depth: Floats = np.clip(0.08 + 0.62 * v**1.6 + 0.4 * middle, 0, 1)
    return depth


def _points(x: Floats, y: Floats) -> list[Any]:
    return [skia.Point(a, b) for a, b in zip(x.ravel().tolist(), y.ravel().tolist(), strict=True)]


def _triangles() -> list[int]:
    wide = COLUMNS + 1
    corners = (row * wide + column for row in range(ROWS) for column in range(COLUMNS))
    return [i for a in corners for i in (a, a + 1, a + wide, a + 1, a + wide + 1, a + wide)]
