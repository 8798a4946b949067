"""Words on an edited picture: those it was told to say, and an instruction that was not understood."""

from __future__ import annotations

from typing import Final

from darkroom_sandbox.brush import fill, rounded, stroke
from darkroom_sandbox.colours import WHITE
from darkroom_sandbox.editing.regions import Box
from darkroom_sandbox.lettering import HEADLINE, outlined
from darkroom_sandbox.stage import Stage
from darkroom_sandbox.typography import Fit, Manner, fitted

NOTE: Final = Manner("Inter", 620, leading=1.3)
_PANEL: Final = (0.07, 0.07, 0.1)


def write_note(stage: Stage, text: str, region: Box, *, fills: bool, high: bool = False) -> bool:
    """Sets an instruction on a dark strip at a region's foot, at its head if ``high``, or all over if it ``fills``.

    False, with nothing drawn, where no font has a shape for it.
    """
    x, y, w, h = region
    side = min(w, h)
    m, pad = (side * 0.04, side * 0.045)
    room = (w - 2 * m - 2 * pad, (h - 2 * m - 2 * pad) * (1.0 if fills else 0.26))
    largest = max(side * (0.19 if fills else 0.056), 11.0)
    block = fitted(
        text, NOTE, Fit(*room, largest=largest, smallest=max(6.0, side * 0.022), breaking=side * 0.03)
    )
    if block is None:
        return False
    wide, tall = (w - 2 * m, h - 2 * m) if fills else (block.width + 2 * pad, block.height + 2 * pad)
    left, top = x + w - m - wide if block.rtl else x + m, y + m if high else y + h - m - tall
    panel = rounded(left, top, wide, tall, min(side * 0.035, tall / 2))
    stage.canvas.drawRRect(panel, fill(_PANEL, 0.86))
    stage.canvas.drawRRect(panel, stroke(WHITE, max(1.0, side * 0.003), 0.35))
    block.draw(
        stage.canvas, left + pad, top + (tall - block.height) / 2, wide - 2 * pad, "start", fill(WHITE)
    )
    return True


def write_words(stage: Stage, text: str, region: Box) -> None:
    """Sets words large, white with a dark outline, in the lower part of a region."""
    x, y, w, h = region
    side = min(w, h)
    block = fitted(
        text, HEADLINE, Fit(w * 0.88, h * 0.4, largest=side * 0.16, smallest=max(7.0, side * 0.03))
    )
    if block is not None:
        outlined(stage.canvas, block, x + w * 0.06, y + h * 0.94 - block.height, w * 0.88)
