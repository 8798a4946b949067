"""Paints everything of a picture but its words: the scene, and the pictures that came along in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from darkroom.domain.prompts.chance import chance
from darkroom_graphics.skia_api import Image, skia
from darkroom_sandbox.brief import Brief, Reference
from darkroom_sandbox.colours import rgb
from darkroom_sandbox.images import decode
from darkroom_sandbox.light import finish, wash
from darkroom_sandbox.palettes import PALETTES, Palette, drawn_from, tinted
from darkroom_sandbox.ratios import AUTO, nearest_ratio, pixel_size
from darkroom_sandbox.reading import Reading, read
from darkroom_sandbox.reference_pictures import badge, cover, portraits, prints, whole
from darkroom_sandbox.scenes import SCENES
from darkroom_sandbox.stage import Stage

DETAIL: Final = {"fast": 1, "standard": 2, "premium": 3}
KINDS: Final = ("ref", "template", "logo", "style", "character", "product")
MIN_SIDE, MAX_SIDE, MAX_AREA = 16, 4096, 8_400_000
REFERENCE_SIDE: Final = 1600
MOST_LOGOS: Final = 3


@dataclass(frozen=True, slots=True)
class Scenery:
    """A stage with what a brief says about it: empty at first, then painted.

    ``references`` are the decoded pictures by kind. Logos are placed last, over words where there are any.
    """

    stage: Stage
    aspect_ratio: str
    reading: Reading
    references: Mapping[str, list[Image]]

    @property
    def is_known(self) -> bool:
        """Whether there is a scene, or a template, to show what the prompt is about."""
        return self.reading.setting is not None or bool(self.references["template"])

    def paint(self, free: float = 1.0) -> None:
        """Paints the scene, an abstract one for a prompt about something that none shows, and the pictures in it.

        ``free`` is the upper share of the picture that no words will take: there the pictures are.
        """
        stage, references = self.stage, self.references
        region = (0.0, 0.0, float(stage.width), stage.height * free)
        if references["template"]:
            cover(stage, references["template"][0])
            wash(stage, stage.palette.accent, 0.16)
        else:
            SCENES[self.reading.setting or "abstract"](stage)
        finish(stage)
        prints(stage, [*references["product"], *references["ref"]], region)
        portraits(stage, references["character"], region)

    def place_logos(self, inset: float = 0.0, size: float = 1.0) -> None:
        """Puts the logos on the picture, one below the other, ``inset`` px further in and ``size`` times as large."""
        x, y, w, h = whole(self.stage)
        region = (x + inset, y + inset, w - 2 * inset, h - 2 * inset)
        for place, logo in enumerate(self.references["logo"][:MOST_LOGOS]):
            badge(self.stage, logo, place, region, size=size)


def open_scenery(brief: Brief) -> Scenery:
    """Sets the stage for a brief and reads its prompt. Nothing is painted yet.

    Raises
    ------
    ValueError
        Its ratio, style, colours, size or a reference's kind is unknown.
    UnusablePicture
        A reference cannot be read. It is a ValueError.
    """
    references = _opened(brief.references)
    width, height, ratio = _measure(brief, references)
    rng = chance("paint", brief.prompt, brief.seed)
    reading = read(brief.prompt, rng, loosely=bool(brief.caption))
    stage = Stage(
        surface=skia.Surface(width, height),
        width=width,
        height=height,
        rng=rng,
        palette=_palette(brief, reading, references["style"]),
        words=reading.words,
        detail=_detail(brief.style),
    )
    return Scenery(stage, ratio, reading, references)


def paint_scenery(brief: Brief) -> Scenery:
    """Paints a brief's scene; raises as ``open_scenery`` does."""
    scenery = open_scenery(brief)
    scenery.paint()
    return scenery


def _detail(style: str) -> int:
    try:
        return DETAIL[style]
    except KeyError:
        raise ValueError(f"unknown style, use one of: {', '.join(DETAIL)}") from None


def _opened(references: Iterable[Reference]) -> dict[str, list[Image]]:
    opened: dict[str, list[Image]] = {kind: [] for kind in KINDS}
    for reference in references:
        if reference.kind not in opened:
            raise ValueError(f"unknown reference kind, use one of: {', '.join(KINDS)}")
        opened[reference.kind].append(decode(reference.data, longest=REFERENCE_SIDE))
    return opened


def _measure(brief: Brief, references: dict[str, list[Image]]) -> tuple[int, int, str]:
    ratio = brief.aspect_ratio
    if ratio == AUTO:
        first = next((references[r.kind][0] for r in brief.references), None)
        ratio = nearest_ratio(first.width(), first.height()) if first else "1:1"
    width, height = pixel_size(ratio)
    if brief.size is not None:
        width, height = brief.size
        if min(width, height) < MIN_SIDE or max(width, height) > MAX_SIDE or width * height > MAX_AREA:
            raise ValueError(
                f"size must be {MIN_SIDE} to {MAX_SIDE} pixels a side, at most {MAX_AREA} pixels"
            )
        ratio = nearest_ratio(width, height)
    return width, height, ratio


def _palette(brief: Brief, reading: Reading, styles: list[Image]) -> Palette:
    """Brand colours win over a style picture, a style picture over the colours named in the prompt."""
    mood = PALETTES[reading.mood]
    if brief.palette:
        return tinted(mood, tuple(rgb(code) for code in brief.palette))
    if styles:
        return tinted(mood, drawn_from(styles[0]))
    if not reading.colours:
        return mood
    if reading.setting in (None, "abstract"):
        return tinted(mood, reading.colours)
    return replace(mood, accent=reading.colours[0])
