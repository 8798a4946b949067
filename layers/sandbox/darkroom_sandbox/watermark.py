"""The test-mode mark: unmistakable, repeated, and light enough to see the picture through it."""

from typing import Final

from darkroom_graphics.skia_api import Canvas
from darkroom_sandbox.brush import fill, rounded, stroke
from darkroom_sandbox.colours import BLACK, WHITE
from darkroom_sandbox.lettering import DISPLAY, TEXT, font
from darkroom_sandbox.stage import saved

MARK: Final = "TEST MODE"
TAG: Final = "TEST MODE · NOT FOR USE"


def stamp(canvas: Canvas, width: int, height: int) -> None:
    """Draws the diagonal marks and the corner tag over a canvas of this size in pixels."""
    size = max(10.0, min(width, height) * 0.062)
    made = font(DISPLAY, size)
    step_x, step_y = made.measureText(MARK) + size * 2.2, size * 3.3
    reach = (width**2 + height**2) ** 0.5
    edge, ink = stroke(BLACK, size * 0.05, 0.26), fill(WHITE, 0.3)
    with saved(canvas):
        canvas.translate(width / 2, height / 2)
        canvas.rotate(-30)
        rows = int(reach / step_y / 2) + 1
        columns = int(reach / step_x / 2) + 2
        for row in range(-rows, rows + 1):
            for column in range(-columns, columns + 1):
                x = (column + (row % 2) * 0.5) * step_x
                canvas.drawString(MARK, x, row * step_y, made, edge)
                canvas.drawString(MARK, x, row * step_y, made, ink)
    _tag(canvas, width, height)


def _tag(canvas: Canvas, width: int, height: int) -> None:
    size = max(9.0, min(width, height) * 0.022)
    made = font(TEXT, size)
    wide, tall, margin = made.measureText(TAG) + size * 1.8, size * 2.1, size
    x, y = width - margin - wide, height - margin - tall
    canvas.drawRRect(rounded(x, y, wide, tall, size * 0.5), fill((0.82, 0.1, 0.16), 0.94))
    canvas.drawString(TAG, x + size * 0.9, y + tall / 2 + size * 0.36, made, fill(WHITE))
