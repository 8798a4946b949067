"""Characters to glyphs: a paragraph shaped once, in em, whatever size it is set at afterwards."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from icu4py.breakers import CharacterBreaker, LineBreaker

from darkroom_type.typesetting import bidi
from darkroom_type.typesetting.faces import Face
from darkroom_type.typesetting.harfbuzz import hb
from darkroom_type.typesetting.items import Casting, Item, visible

ELLIPSIS: Final = "…"
MOST_DOTS: Final = 64  # ellipses remembered of one style
CONTEXT: Final = 8  # characters around a run that decide how its ends join

_KANA: Final = re.compile("[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
_CURSIVE: Final = re.compile("[\u0600-\u077f\u07c0-\u08ff\u1800-\u18af\ufb50-\ufdff\ufe70-\ufefc]")
# Beside these, figures stand as high as capitals, in families too whose own are made for small letters.
_FULL_HEIGHT: Final = re.compile(
    "[\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97c\uac00-\ud7ff\uf900-\ufaff\ufb50-\ufdff"
    "\ufe30-\ufe4f\ufe70-\ufefc\uff00-\uffef\U00020000-\U0003ffff]"
)
_LINING: Final = {"lnum": True}
# Letters that are pulled apart must not be one glyph.
_APART: Final = {"liga": False, "clig": False, "calt": False}


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs of one face in the order they are drawn, left to right.

    ``clusters`` are the characters they stand for; ``advances``, ``shifts`` and ``rises`` are in em of the text, and
    there are no ``rises`` where all are on the line. ``style`` is the place of the run's :class:`RunStyle`, ``scale``
    the size of its own em in the text's. ``missing`` are the characters that no font has a shape for.
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
    style: int = 0
    scale: float = 1.0
    missing: str = ""


@dataclass(frozen=True, slots=True)
class RunStyle:
    """How a part of a text is set: its faces, its size in the text's em, what is added between letters in that em."""

    casting: Casting
    scale: float = 1.0
    spacing: float = 0.0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A shaped paragraph; every width in em.

    ``edges[i]`` is how wide everything before character ``i`` is. ``cuts`` are where it may be cut at all, ``stops``
    where a line likes to end; both end with the text's length. ``styles[i]`` is the style of character ``i``, and the
    last one that of an empty paragraph.
    """

    text: str
    base: int
    runs: tuple[Run, ...]
    edges: list[float]
    cuts: list[int]
    stops: list[int]
    spacing: float
    styles: list[int]

    def width(self, start: int, end: int) -> float:
        """How wide a line of these characters is, without the letter spacing after the last."""
        return max(0.0, self.edges[end] - self.edges[start] - self.spacing) if end > start else 0.0


@dataclass(frozen=True, slots=True)
class Shaped:
    """A text with its glyphs, ready for any size and width.

    ``ellipses`` are what a cut line ends in, in each of the ``styles``; the first style is that of the whole text.
    """

    paragraphs: tuple[Paragraph, ...]
    ellipses: tuple[Run, ...]
    styles: tuple[RunStyle, ...]
    rtl: bool

    @property
    def lead(self) -> Face:
        """The face of the text's own family."""
        return self.styles[0].casting.lead

    @property
    def ellipsis(self) -> Run:
        """What a line that is cut ends in, in the text's own style."""
        return self.ellipses[0]

    @property
    def missing(self) -> str:
        """The characters no font has a shape for, each once; they are drawn as the box that says so."""
        return "".join(
            dict.fromkeys(
                each for paragraph in self.paragraphs for run in paragraph.runs for each in run.missing
            )
        )

    @property
    def chars(self) -> int:
        """How long it is; an empty text counts too."""
        return 1 + sum(len(paragraph.text) for paragraph in self.paragraphs)


_DOTS: Final[WeakKeyDictionary[Casting, dict[tuple[int, float, int], Run]]] = WeakKeyDictionary()

type Parts = Sequence[tuple[int, str]]


def shape(paragraphs: Sequence[str], base: int, casting: Casting, spacing: float) -> Shaped:
    """Shapes a text that is cut at its newlines, whose lines begin at the left (``base`` 0) or the right (1)."""
    return shape_runs([[(0, each)] for each in paragraphs], base, [RunStyle(casting, spacing=spacing)])


def shape_runs(paragraphs: Sequence[Parts], base: int, styles: Sequence[RunStyle]) -> Shaped:
    """Shapes a text of several styles, each paragraph in parts: which style, and the words.

    Where styles add different spaces between letters, the one after a line's last letter is part of the line.
    """
    spacings = {style.spacing for style in styles}
    spacing = spacings.pop() if len(spacings) == 1 else 0.0
    lining = any(_FULL_HEIGHT.search(words) for parts in paragraphs for _, words in parts)
    shaped = tuple(_paragraph(each, base, styles, spacing, lining=lining) for each in paragraphs)
    return Shaped(
        shaped, tuple(_ellipsis(at, style, base) for at, style in enumerate(styles)), tuple(styles), base == 1
    )


def _ellipsis(at: int, style: RunStyle, base: int) -> Run:
    """The dots in a style; remembered, for they would be a seventh of what a headline takes to shape."""
    kept, key = _DOTS.setdefault(style.casting, {}), (at, style.scale, base)
    dots = kept.get(key)
    if dots is None:
        if len(kept) >= MOST_DOTS:
            kept.clear()
        item, bare = Item(0, len(ELLIPSIS), base, style.casting.lead), replace(style, spacing=0.0)
        dots = kept[key] = _run(item, ELLIPSIS, [ord(ELLIPSIS)], [0, 1], bare, at, _Manner("en"))
    return dots


class _Manner(NamedTuple):
    """What a whole text asks of the shaping of each of its runs."""

    language: str
    lining: bool = False  # figures as high as capitals


def _paragraph(
    parts: Parts, base: int, styles: Sequence[RunStyle], spacing: float, *, lining: bool
) -> Paragraph:
    text = "".join(words for _, words in parts)
    language = "ja" if _KANA.search(text) else "en"
    manner = _Manner(language, lining)
    levels = bidi.levels(text, base) if base or bidi.runs_both_ways(text) else None
    graphemes = _starts(CharacterBreaker(text, language), text)
    codes = list(map(ord, text))
    runs = tuple(
        _run(item, text, codes, graphemes, styles[at], at, manner)
        for at, inside in _graphemes_of(parts, graphemes)
        for item in styles[at].casting.items(text, inside, levels)
    )
    widths = np.zeros(len(text) + 1)
    begun = np.zeros(len(text) + 1, dtype=bool)
    begun[-1] = True
    for run in runs:
        np.add.at(widths, run.clusters + 1, run.advances)
        begun[run.clusters] = True
    cuts = [at for at, is_begun in zip(graphemes, begun[graphemes].tolist(), strict=True) if is_begun]
    stops = _starts(LineBreaker(text, language), text)[1:]
    return Paragraph(text, base, runs, np.cumsum(widths).tolist(), cuts, stops, spacing, _styles_of(parts))


def _graphemes_of(parts: Parts, graphemes: list[int]) -> Iterator[tuple[int, list[int]]]:
    """The style of each part, where its graphemes begin, and its end. A grapheme in two parts is the first one's."""
    begin = 0
    for at, words in parts:
        first, last = (bisect_left(graphemes, each) for each in (begin, begin + len(words)))
        if first < last:
            yield at, graphemes[first : last + 1]
        begin += len(words)


def _styles_of(parts: Parts) -> list[int]:
    styles = [at for at, words in parts for _ in words]
    return [*styles, parts[-1][0] if parts else 0]


def _starts(pieces: Any, text: str) -> list[int]:
    """Where a text's pieces begin, and its end."""
    return [0, *accumulate(map(len, pieces))] if text else [0]


def _run(
    item: Item, text: str, codes: list[int], graphemes: list[int], style: RunStyle, at: int, manner: _Manner
) -> Run:
    if item.face is None or item.missing:
        return _shapeless(item, text, graphemes, style, at)
    face, rtl, spacing = item.face, item.level % 2 == 1, style.spacing
    buffer = hb.Buffer()
    first = max(0, item.start - CONTEXT)
    buffer.add_codepoints(codes[first : item.end + CONTEXT], item.start - first, item.end - item.start)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if rtl else "ltr"
    buffer.language = manner.language
    cursive = bool(spacing) and _CURSIVE.search(text, item.start, item.end) is not None
    features = _LINING if manner.lining else {}
    hb.shape(face.shaper, buffer, {**features, **_APART} if spacing and not cursive else features)
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    glyphs = [info.codepoint for info in infos]
    clusters = np.array([info.cluster for info in infos], dtype=np.intp) + first
    measures = np.array([it.position for it in positions], dtype=np.float64).reshape(-1, 4) / face.units
    missing = _missing(glyphs, text, clusters, item.end, face) if 0 in glyphs else ""
    if style.scale != 1:
        measures *= style.scale
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
        at,
        style.scale,
        missing,
    )


def _shapeless(item: Item, text: str, graphemes: list[int], style: RunStyle, at: int) -> Run:
    """The box of a missing glyph for every grapheme no face has, and nothing for what is never seen."""
    inside = slice(bisect_right(graphemes, item.start), bisect_left(graphemes, item.end))
    starts = [item.start, *graphemes[inside]] if item.missing else []
    clusters = np.array(starts[::-1] if item.level % 2 else starts, dtype=np.intp)
    lead, none = style.casting.lead, np.zeros(len(starts))
    glyphs = np.zeros(len(starts), dtype=np.intp)
    widths = np.full(len(starts), lead.missing_width * style.scale)
    missing = visible(text[item.start : item.end]) if item.missing else ""
    return Run(
        item.start, item.end, item.level, lead, glyphs, clusters, widths, none, None, at, style.scale, missing
    )


def _missing(glyphs: list[int], text: str, clusters: Any, end: int, face: Face) -> str:
    """The characters behind the missing glyphs of a shaped run."""
    begins = sorted({*clusters.tolist(), end})
    missing = []
    for at in sorted({int(cluster) for glyph, cluster in zip(glyphs, clusters, strict=True) if not glyph}):
        cluster = visible(text[at : begins[bisect_right(begins, at)]])
        missing.append("".join(each for each in cluster if not face.glyph(ord(each))) or cluster)
    return "".join(missing)


def _spaced(advances: Any, clusters: Any, spacing: float) -> Any:
    """Adds ``spacing`` to the last glyph of each cluster; never so little that text runs backwards."""
    begins = np.concatenate(([True], clusters[1:] != clusters[:-1]))
    last = np.concatenate((begins[1:], [True]))
    shown = np.add.reduceat(advances, np.flatnonzero(begins))
    wider = advances.copy()
    wider[last] += np.where(shown > 0, np.maximum(spacing, -shown), 0)
    return wider
