"""QR codes."""

from __future__ import annotations

from darkroom.domain.templates.elements import QrElement
from darkroom_graphics.skia_api import skia
from darkroom_renderer.elements.modules import draw_modules, encoded, module_pixels, pixel_grid
from darkroom_renderer.frame import Frame
from darkroom_renderer.paints import is_clear, plain


def draw_qr(frame: Frame, element: QrElement) -> None:
    """Draws the largest code whose modules are whole pixels, with its quiet zone, in the middle of the box.

    Raises RenderRefused where the code would be too small to be read.
    """
    value = frame.payload.get(element.id)
    text = value.text if value and value.text is not None else element.text
    if not text:
        return
    modules = encoded(element, text, ec_level=element.error_correction)
    count = len(modules) + 2 * element.margin
    each = module_pixels(element, count, min(element.width, element.height) * frame.ratio)
    with pixel_grid(frame, element, count * each, count * each) as canvas:
        if not is_clear(element.background):
            canvas.drawRect(skia.Rect.MakeWH(count * each, count * each), plain(element.background))
        inset = element.margin * each
        draw_modules(canvas, modules, (inset, inset), (each, each), element.color, shapes=frame.is_page)
