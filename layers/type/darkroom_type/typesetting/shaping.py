"""Characters to glyphs: a paragraph shaped once, in em, whatever size it is set at afterwards."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

import numpy as np
from icu4py.breakers import CharacterBreaker, LineBreaker

from darkroom_type.typesetting import bidi
from darkroom_type.typesetting.faces import Face
from darkroom_type.typesetting.harfbuzz import hb
from darkroom_type.typesetting.items import Casting, Item

ELLIPSIS: Final = "…"
CONTEXT: Final = 8  # characters around a run that decide how its ends join

_KANA: Final = re.compile("[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
_CURSIVE: Final = re.compile("[\u0600-\u077f\u07c0-\u08ff\u1800-\u18af\ufb50-\ufdff\ufe70-\ufefc]")
# Letters that are pulled apart must not be one glyph.
_APART: Final = {"liga": False, "clig": False, "calt": False}


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs of one face in the order they are drawn, left to right.

    ``clusters`` are the characters they stand for; ``advances``, ``shifts`` and ``rises`` are in em, and there are
    no ``rises`` where all are on the line.
    """

    start: int
    end: int
    level: int
    face: Face
    glyphs: Any
    clusters: Any
    advances: Any
    shifts: Any
    rises: Any


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A shaped paragraph; every width in em.

    ``edges[i]`` is how wide everything before character ``i`` is. ``cuts`` are where it may be cut at all, ``stops``
    where a line likes to end; both end with the text's length.
    """

    text: str
    base: int
    runs: tuple[Run, ...]
    edges: list[float]
    cuts: list[int]
    stops: list[int]
    spacing: float

    def width(self, start: int, end: int) -> float:
        """How wide a line of these characters is, without the letter spacing after the last."""
        return max(0.0, self.edges[end] - self.edges[start] - self.spacing) if end > start else 0.0


@dataclass(frozen=True, slots=True)
class Shaped:
    """A text with its glyphs, ready for any size and width. ``ellipsis`` is what a cut line ends in."""

    paragraphs: tuple[Paragraph, ...]
    ellipsis: Run
    lead: Face
    rtl: bool

    @property
    def chars(self) -> int:
        """How long it is; an empty text counts too."""
        return 1 + sum(len(paragraph.text) for paragraph in self.paragraphs)


def shape(paragraphs: Sequence[str], base: int, casting: Casting, spacing: float) -> Shaped:
    """Shapes a text that is cut at its newlines, whose lines begin at the left (``base`` 0) or the right (1)."""
    shaped = tuple(_paragraph(each, base, casting, spacing) for each in paragraphs)
    dots = Item(0, len(ELLIPSIS), base, casting.lead)
    ellipsis = _run(dots, ELLIPSIS, [ord(ELLIPSIS)], [0, 1], casting.lead, "en", 0.0)
    return Shaped(shaped, ellipsis, casting.lead, rtl=base == 1)


def _paragraph(text: str, base: int, casting: Casting, spacing: float) -> Paragraph:
    language = "ja" if _KANA.search(text) else "en"
    levels = bidi.levels(text, base) if base or bidi.runs_both_ways(text) else None
    graphemes = _starts(CharacterBreaker(text, language), text)
    items = casting.items(text, graphemes, levels)
    codes = list(map(ord, text))
    runs = tuple(_run(item, text, codes, graphemes, casting.lead, language, spacing) for item in items)
    widths = np.zeros(len(text) + 1)
    begun = np.zeros(len(text) + 1, dtype=bool)
    begun[-1] = True
    for run in runs:
        np.add.at(widths, run.clusters + 1, run.advances)
        begun[run.clusters] = True
    cuts = [at for at, is_begun in zip(graphemes, begun[graphemes].tolist(), strict=True) if is_begun]
    stops = _starts(LineBreaker(text, language), text)[1:]
    return Paragraph(text, base, runs, np.cumsum(widths).tolist(), cuts, stops, spacing)


def _starts(pieces: Any, text: str) -> list[int]:
    """Where a text's pieces begin, and its end."""
    return [0, *accumulate(map(len, pieces))] if text else [0]


def _run(
    item: Item, text: str, codes: list[int], graphemes: list[int], lead: Face, language: str, spacing: float
) -> Run:
    if item.face is None:
        return _blank(item, graphemes, lead)
    face, rtl = item.face, item.level % 2 == 1
    buffer = hb.Buffer()
    first = max(0, item.start - CONTEXT)
    buffer.add_codepoints(codes[first : item.end + CONTEXT], item.start - first, item.end - item.start)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if rtl else "ltr"
    buffer.language = language
    cursive = bool(spacing) and _CURSIVE.search(text, item.start, item.end) is not None
    hb.shape(face.shaper, buffer, _APART if spacing and not cursive else {})
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    glyphs = [info.codepoint for info in infos]
    clusters = np.array([info.cluster for info in infos], dtype=np.intp) + first
    measures = np.array([it.position for it in positions], dtype=np.float64).reshape(-1, 4) / face.units
    if 0 in glyphs:
        _hide_missing(glyphs, measures, text, clusters, face)
    advances = measures[:, 2]
    if spacing and not cursive and glyphs:
        advances = _spaced(advances, clusters, spacing)
    rises = measures[:, 1] if measures[:, 1].any() else None
    return Run(
        item.start,
        item.end,
        item.level,
        face,
        np.array(glyphs, dtype=np.intp),
        clusters,
        advances,
        measures[:, 0],
        rises,
    )


def _blank(item: Item, graphemes: list[int], lead: Face) -> Run:
    """A space for every grapheme no face has, and nothing for what is never seen."""
    inside = slice(bisect_left(graphemes, item.start), bisect_left(graphemes, item.end))
    starts = graphemes[inside] if item.blank else []
    clusters = np.array(starts[::-1] if item.level % 2 else starts, dtype=np.intp)
    none = np.zeros(len(starts))
    glyphs = np.full(len(starts), lead.space)
    widths = np.full(len(starts), lead.space_width)
    return Run(item.start, item.end, item.level, lead, glyphs, clusters, widths, none, None)


def _hide_missing(glyphs: list[int], measures: Any, text: str, clusters: Any, face: Face) -> None:
    """Makes a space of every glyph the face turned out not to have; a mark it lacks just goes."""
    for at, glyph in enumerate(glyphs):
        if not glyph:
            glyphs[at] = face.space
            first = at == 0 or clusters[at] != clusters[at - 1]
            is_mark = unicodedata.combining(text[clusters[at]]) or not first
            measures[at] = (0, 0, 0 if is_mark else face.space_width, 0)


def _spaced(advances: Any, clusters: Any, spacing: float) -> Any:
    """Adds ``spacing`` to the last glyph of each cluster; never so little that text runs backwards."""
    begins = np.concatenate(([True], clusters[1:] != clusters[:-1]))
    last = np.concatenate((begins[1:], [True]))
    shown = np.add.reduceat(advances, np.flatnonzero(begins))
    wider = advances.copy()
    wider[last] += np.where(shown > 0, np.maximum(spacing, -shown), 0)
    return wider
