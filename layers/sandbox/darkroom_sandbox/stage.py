"""The stage: everything a scene needs to know to paint itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from darkroom_graphics.skia_api import Canvas, Surface
from darkroom_sandbox.palettes import Palette


@dataclass(frozen=True, slots=True)
class Stage:
    """A surface in use: its size in pixels, chance, colours, the words that matter and how much detail to
    paint.

    ``detail`` is 1 (fast), 2 (standard) or 3 (premium).
    """

    surface: Surface
    width: int
    height: int
    rng: Random
    palette: Palette
    words: frozenset[str]
    detail: int = 2

    @property
    def canvas(self) -> Canvas:
        """The surface's canvas."""
        return self.surface.getCanvas()

    @property
    def unit(self) -> float:
        """One design unit in pixels: 1 on a 1024-pixel square, so that shapes keep their proportions."""
        return min(self.width, self.height) / 1024

    def has(self, *words: str) -> bool:
        """Whether the prompt said any of these."""
        return not self.words.isdisjoint(words)


@contextmanager
def saved(canvas: Canvas) -> Iterator[None]:
    """Restores the canvas's clip and transform at the end, whatever happens."""
    count = canvas.save()
    try:
        yield
    finally:
        canvas.restoreToCount(count)
