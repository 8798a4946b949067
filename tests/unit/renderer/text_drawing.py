"""Helpers for setting text in tests: elements, pictures of them, and what is in the lines."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from darkroom.domain.templates.elements import TextElement
from darkroom_graphics.skia_api import skia
from darkroom_renderer.fonts import Fonts
from darkroom_renderer.looks import Words
from darkroom_renderer.text import Setting, draw_text, set_text
from darkroom_type.typesetting.shaping import Run

FONTS = Fonts()  # faces are the same whoever asks, and opening them takes time


def words(**fields: Any) -> TextElement:
    """A text element in a box of 440 by 100 px, with 20 px around it."""
    box = {"x": 20, "y": 20, "width": 440, "height": 100}
    return TextElement.model_validate({"id": "words", "type": "text", "fontSize": 32, **box, **fields})


def drawn(text: Words, element: TextElement, *, fonts: Fonts = FONTS, ground: str = "#ffffff") -> bytes:
    """A PNG of the element and 20 px around it."""
    width, height = (round(side) + 40 for side in (element.width, element.height))
    surface = skia.Surface(width, height)
    canvas = surface.getCanvas()
    canvas.clear(int(ground.lstrip("#"), 16) | 0xFF000000)
    draw_text(canvas, element, text, fonts)
    return bytes(surface.makeImageSnapshot().encodeToData(skia.kPNG, 100))


def ink(png: bytes) -> NDArray[np.bool_]:
    """Where a PNG is not white."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("L")) < 250


def laid_out(text: str, **fields: Any) -> Setting:
    return set_text(words(**fields), text, FONTS)


def lines(text: str, **fields: Any) -> list[str]:
    """What is on each line, an ellipsis included."""
    setting = laid_out(text, **fields)
    return [line.paragraph.text[line.start : line.end] + "…" * line.cut for line in setting.lines]


def runs(text: str, **fields: Any) -> list[Run]:
    return [run for paragraph in laid_out(text, **fields).shaped.paragraphs for run in paragraph.runs]


def glyphs(text: str, **fields: Any) -> list[int]:
    """All glyphs of a text, each run's from left to right."""
    return [glyph for run in runs(text, **fields) for glyph in run.glyphs.tolist()]
