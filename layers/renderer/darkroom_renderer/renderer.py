"""Draws a template, filled with a payload and its pictures, as a picture of pixels or a page."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

from darkroom.domain.jobs.spec import PNG, Encoding
from darkroom.domain.renders.rendered import Picture
from darkroom.domain.renders.warnings import bounded
from darkroom.domain.templates.definition import output_size
from darkroom.domain.templates.payload import Payload
from darkroom.domain.templates.template import Template
from darkroom_graphics.lossy import encode_lossy
from darkroom_graphics.png import Ground, Pixels, encode_png
from darkroom_graphics.scratch import scratch
from darkroom_renderer.composing import Composition, Kept, blank, canvas_on
from darkroom_renderer.fonts import Fonts
from darkroom_renderer.frame import Tools
from darkroom_renderer.pages import write_page
from darkroom_renderer.pictures import Pictures
from darkroom_renderer.vectors import Vectors
from darkroom_type.fonts import FOLDER
from darkroom_type.typesetting.faces import Faces

SVG_FONTS: Final = (FOLDER / "Inter.ttf", FOLDER / "Inter-Italic.ttf")
# A document within every limit can still ask for hundreds of blurred shadows of the canvas' size. Far above what
# designs take, and below how long a caller waits.
DRAWING_SECONDS: Final = 10.0
KEPT_BYTES: Final = 128_000_000  # of grounds, and as many of layers, per process


class PngRenderer:
    """Implements ``ports.Renderer``.

    What a payload does not change is drawn once per template version and ratio; fonts are loaded and pictures
    decoded once. ``fetch_font`` gets the bytes of a workspace's own font from where they are stored.
    All of it is kept within bounds, and what is kept makes no difference to a single byte.
    """

    def __init__(
        self,
        fonts: Fonts | None = None,
        *,
        fetch_font: Callable[[str], bytes] | None = None,
        kept_bytes: int = KEPT_BYTES,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic = monotonic
        self.tools = Tools(fonts or Fonts(Faces(fetch=fetch_font)), Pictures(), Vectors(SVG_FONTS))
        self._kept = Kept(kept_bytes)

    def render(
        self,
        template: Template,
        payload: Payload,
        pictures: Mapping[str, bytes],
        ratio: float,
        *,
        watermark: bool,
        encoding: Encoding = PNG,
    ) -> Picture:
        """A template version filled with a payload; ``ratio`` pixels for each of its px.

        A page has no pixels; there ``ratio`` is how fine its photographs and soft shadows are.

        Raises
        ------
        InvalidParam
            The picture would have too many pixels.
        RenderRefused
            A picture is missing, none, damaged or too large, a code does not fit its element, or there is so much
            to draw that it takes longer than ``DRAWING_SECONDS``.
        """
        size, ends = output_size(template.document, ratio), self._monotonic() + DRAWING_SECONDS

        def composed(tools: Tools, kept: Kept) -> Composition:
            return Composition(
                template,
                payload,
                pictures,
                ratio,
                size,
                tools=tools,
                kept=kept,
                in_time=lambda: self._monotonic() < ends,
            )

        if encoding.format == "pdf":
            return write_page(composed, self.tools, size, ratio, encoding.quality, watermark=watermark)
        picture = composed(self.tools, self._kept)
        pixels, ground = _drawn(picture, size, watermark=watermark)
        if encoding.quality is not None:
            data = encode_lossy(pixels, encoding.format, encoding.quality)
        else:
            data = encode_png(pixels, ground)
        return Picture(data, bounded(picture.warnings))


def _drawn(picture: Composition, size: tuple[int, int], *, watermark: bool) -> tuple[Pixels, Ground | None]:
    """The finished picture, and the ground it began with if that is kept."""
    ground = picture.ground() if picture.is_kept else None
    if ground:
        pixels = scratch("pixels", ground.pixels.shape)
        pixels[...] = ground.pixels
    else:
        pixels = blank(size)
    canvas = canvas_on(pixels)
    if not ground:
        picture.draw_ground(canvas)
    picture.draw_rest(canvas)
    if watermark:
        picture.draw_watermark(canvas)
    return pixels, ground
