"""Writes a composition as a PDF of one page, in which text is text and shapes are shapes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from darkroom.domain.renders.rendered import Picture
from darkroom.domain.renders.warnings import bounded
from darkroom_graphics.pdf_texts import with_texts
from darkroom_graphics.skia_api import skia
from darkroom_renderer.composing import Composition, Kept
from darkroom_renderer.fonts import Fonts
from darkroom_renderer.frame import Tools
from darkroom_type.fonts import Family
from darkroom_type.typesetting.faces import Style
from darkroom_type.typesetting.items import Casting
from darkroom_type.typesetting.shaping import ELLIPSIS, Run, Shaped

if TYPE_CHECKING:
    from darkroom.domain.templates.template import Template

POINTS: Final = 0.75  # in a px of the template, as in CSS
CREATOR: Final = "Darkroom"
LOSSLESS: Final = 101  # Skia's word for photographs that stay as they are


def write_page(
    composed: Callable[[Tools, Kept], Composition],
    tools: Tools,
    size: tuple[int, int],
    ratio: float,
    quality: int | None,
    *,
    watermark: bool,
) -> Picture:
    """The page of a composition of ``size`` pixels, which ``composed`` makes.

    ``ratio`` is how many pixels each of the template's px is worth where something has to be pixels, ``quality`` that
    of its photographs.
    """
    fonts, scale = CopiedFonts(tools.fonts), POINTS / ratio
    stream = skia.DynamicMemoryWStream()
    document = skia.PDF.MakeDocument(stream, _metadata(scale, quality))
    try:
        canvas = document.beginPage(size[0] * scale, size[1] * scale)
        canvas.scale(scale, scale)
        page = composed(replace(tools, fonts=fonts), Kept(0)).for_page(canvas.getTotalMatrix())
        page.draw_ground(canvas)
        page.draw_rest(canvas)
        if watermark:
            page.draw_watermark(canvas)
        document.endPage()
        document.close()
    except BaseException:
        document.abort()  # or it would write its end when it is forgotten, into a stream that is gone by then
        raise
    data = with_texts(bytes(stream.detachAsData()), fonts.texts())
    return Picture(data, bounded(page.warnings))


def _metadata(scale: float, quality: int | None) -> object:
    metadata = skia.PDF.Metadata()
    metadata.fCreator = metadata.fProducer = CREATOR
    metadata.fRasterDPI = 72 / scale
    metadata.fEncodingQuality = LOSSLESS if quality is None else quality
    return metadata


class CopiedFonts(Fonts):
    """A process' fonts, which remembers for one page what its glyphs stand for."""

    def __init__(self, fonts: Fonts) -> None:
        self._fonts = fonts
        self._single: dict[str, dict[int, str]] = defaultdict(dict)
        self._joined: dict[str, dict[int, str]] = defaultdict(dict)

    def of(self, template: Template) -> Fonts:
        """Those a template was made with, remembered here too."""
        self._fonts = self._fonts.of(template)
        return self

    def family(self, name: str) -> Family:
        """A family by its name; raises UnknownFont."""
        return self._fonts.family(name)

    def casting(self, style: Style) -> Casting:
        """Chooses faces for texts of a style."""
        return self._fonts.casting(style)

    def shaped(self, key: Hashable, make: Callable[[], Shaped]) -> Shaped:
        """The glyphs of a text, made if they are not remembered."""
        shaped = self._fonts.shaped(key, make)
        for paragraph in shaped.paragraphs:
            for run in paragraph.runs:
                self._note(run, paragraph.text)
        for ellipsis in shaped.ellipses:
            self._note(ellipsis, ELLIPSIS)
        return shaped

    def texts(self) -> Mapping[str, Mapping[int, str]]:
        """What is copied for each glyph, by the PostScript name of its font."""
        return {name: self._joined[name] | self._single[name] for name in (*self._joined, *self._single)}

    def _note(self, run: Run, text: str) -> None:
        single, joined = self._single[run.face.name], self._joined[run.face.name]
        for glyphs, characters in _clusters(run, text):
            if len(glyphs) == len(characters):
                for glyph, character in zip(glyphs, characters, strict=True):
                    single.setdefault(glyph, character)
            else:
                for glyph, copied in zip(glyphs, (characters, *[""] * len(glyphs)), strict=False):
                    joined.setdefault(glyph, copied)


def _clusters(run: Run, text: str) -> Iterator[tuple[list[int], str]]:
    """Glyphs and the characters they stand for together, both as they are read."""
    glyphs: dict[int, list[int]] = defaultdict(list)
    for glyph, cluster in zip(run.glyphs.tolist(), run.clusters.tolist(), strict=True):
        if glyph:
            glyphs[cluster].append(glyph)
    begins = sorted({*run.clusters.tolist(), run.end})
    ends = dict(pairwise(begins))
    for begin, drawn in glyphs.items():
        yield drawn[::-1] if run.level % 2 else drawn, text[begin : ends[begin]]
