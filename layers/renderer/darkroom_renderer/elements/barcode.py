"""Barcodes: EAN-13 and Code 128."""

from __future__ import annotations

from typing import Final

from darkroom.domain.templates.barcodes import ean13
from darkroom.domain.templates.elements import BarcodeElement, TextElement
from darkroom_graphics.skia_api import skia
from darkroom_renderer.elements.modules import draw_modules, encoded, module_pixels, pixel_grid
from darkroom_renderer.elements.text import draw_words
from darkroom_renderer.frame import Frame
from darkroom_renderer.paints import is_clear, plain

QUIET: Final = {"ean13": (11, 7), "code128": (10, 10)}  # modules the standards keep free, left and right
TEXT_SHARE: Final = 0.2  # of the height, what the human writing takes
TEXT_MOST: Final = 48.0  # px


def draw_barcode(frame: Frame, element: BarcodeElement) -> None:
    """Draws bars of whole pixels in the middle of the box. Raises RenderRefused where they would be too thin."""
    value = frame.payload.get(element.id)
    text = value.text if value and value.text is not None else element.text
    if not text:
        return
    text = ean13(text) if element.format == "ean13" else text
    bars = encoded(element, text)[:1]
    left, right = QUIET[element.format]
    count = bars.shape[1] + left + right
    each = module_pixels(element, count, element.width * frame.ratio)
    tall = max(1, round(element.height * frame.ratio))
    below = min(TEXT_SHARE * element.height, TEXT_MOST) if element.show_text else 0.0
    if not is_clear(element.background):
        box = skia.Rect.MakeXYWH(element.x, element.y, element.width, element.height)
        frame.canvas.drawRect(box, plain(element.background))
    with pixel_grid(frame, element, count * each, tall) as canvas:
        bar = max(1, tall - round(below * frame.ratio))
        draw_modules(canvas, bars, (left * each, 0), (each, bar), element.color, shapes=frame.is_page)
    if below:
        draw_words(frame, _caption(element, count * each / frame.ratio, below), _spoken(element, text))


def _spoken(element: BarcodeElement, text: str) -> str:
    """The text as people write it: an EAN-13 in its three groups."""
    return f"{text[0]} {text[1:7]} {text[7:]}" if element.format == "ean13" else text


def _caption(element: BarcodeElement, width: float, height: float) -> TextElement:
    """The human writing, as a text that shrinks until it is no wider than the code."""
    return TextElement.model_construct(
        id=element.id,
        type="text",
        x=element.x + (element.width - width) / 2,
        y=element.y + element.height - height,
        width=width,
        height=height,
        font_weight=500,
        font_size=max(1.0, height * 0.72),
        min_font_size=1.0,
        color=element.color,
        align="center",
        vertical_align="bottom",
        direction="ltr",
        wrap=False,
        line_height=1.2,
    )
