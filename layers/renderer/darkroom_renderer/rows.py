"""The lines of a text at their places."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom_type.typesetting.lines import Line


@dataclass(frozen=True, slots=True)
class Row:
    """A line's place: its left end, its baseline, its width, what it is stretched by; all in px.

    ``above`` is how far it reaches above its baseline, ``height`` all of its leading.
    """

    line: Line
    left: float
    baseline: float
    width: float
    stretched: float
    above: float
    height: float
