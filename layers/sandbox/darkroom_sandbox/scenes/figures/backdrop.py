"""The studio in which figures are lit from one side."""

from __future__ import annotations

from darkroom_sandbox.colours import mix
from darkroom_sandbox.light import bokeh
from darkroom_sandbox.scenes.town import spotlight_wall
from darkroom_sandbox.stage import Stage


def backdrop(stage: Stage) -> None:
    """Draws a wall in the palette's colours, with lights out of focus before it."""
    p = stage.palette
    spotlight_wall(stage, mix(p.sky[1], p.sky[2], 0.4))
    bokeh(stage, 6 * stage.detail, 0, stage.height, (p.light, p.accent))
