"""Lines to glyphs at their places, left to right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from darkroom_type.typesetting import bidi
from darkroom_type.typesetting.faces import Face
from darkroom_type.typesetting.lines import Line
from darkroom_type.typesetting.shaping import Paragraph, Run

# Between these a line may be stretched: ideographs, kana, Hangul, and the punctuation that is as wide.
_IDEOGRAPH: Final = re.compile("[\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\uffef]")


@dataclass(frozen=True, slots=True)
class Placed:
    """Glyphs of one face: where each begins, in em from the line's left end, and how far above the line.

    ``rises`` is ``None`` where all are on it. ``left`` and ``right`` are where the glyphs together begin and end;
    ``style`` and ``scale`` are as of their run.
    """

    face: Face
    glyphs: Any
    places: Any
    rises: Any
    left: float
    right: float
    style: int
    scale: float


def place_line(line: Line, ellipsis: Run | None, stretched: float = 0.0) -> Iterator[Placed]:
    """The glyphs of a line; ``stretched`` em are spread over the places where it may be stretched."""
    paragraph = line.paragraph
    runs = [run for run in paragraph.runs if run.start < line.end and line.start < run.end]
    chosen = bidi.visual_order([run.level for run in runs] + [paragraph.base] * line.cut)
    gaps = gaps_of(line) if stretched > 0 else set()
    extra = stretched / len(gaps) if gaps else 0.0
    at = 0.0
    for index in chosen:
        if index == len(runs):
            if ellipsis is None:
                continue
            placed, at = _placed(ellipsis, slice(None), at, set(), 0.0)
        else:
            placed, at = _placed(runs[index], _within(runs[index], line), at, gaps, extra)
        yield placed


def gaps_of(line: Line) -> set[int]:
    """The characters after which a justified line is stretched: spaces, or else every ideograph."""
    paragraph, inside = line.paragraph, range(line.start, line.end)
    spaces = {at for at in inside if paragraph.text[at] in " \u00a0"}
    return spaces or _ideographs(paragraph, line)


def _ideographs(paragraph: Paragraph, line: Line) -> set[int]:
    cuts = [at for at in paragraph.cuts if line.start <= at < line.end]
    return {at for at in cuts[:-1] if _IDEOGRAPH.match(paragraph.text, at)}


def _within(run: Run, line: Line) -> Any:
    """Which of a run's glyphs are on the line. They are together, whatever way it runs."""
    if line.start <= run.start and run.end <= line.end:
        return slice(None)
    return (run.clusters >= line.start) & (run.clusters < line.end)


def _placed(run: Run, part: Any, at: float, gaps: set[int], extra: float) -> tuple[Placed, float]:
    advances = run.advances[part]
    if gaps:
        clusters = run.clusters[part]
        advances = advances + [extra * (cluster in gaps) for cluster in clusters.tolist()]
    ends = at + np.cumsum(advances)
    after = float(ends[-1]) if len(ends) else at
    places = ends - advances + run.shifts[part]
    rises = None if run.rises is None else run.rises[part]
    return Placed(run.face, run.glyphs[part], places, rises, at, after, run.style, run.scale), after
