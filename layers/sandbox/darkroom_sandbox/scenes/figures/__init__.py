"""Figures: a person or an animal, large in the frame, lit from one side."""

from __future__ import annotations

from collections.abc import Callable

from darkroom_sandbox.scenes.figures.animals import COATS, animal
from darkroom_sandbox.scenes.figures.portrait import portrait
from darkroom_sandbox.stage import Stage

SCENES: dict[str, Callable[[Stage], None]] = {
    "portrait": portrait,
    **{kind: animal(kind) for kind in COATS},
}
