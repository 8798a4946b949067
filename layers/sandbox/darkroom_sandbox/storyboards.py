"""Paints a storyboard: one picture of three or four panels, each a scene of the story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from darkroom.domain.jobs.spec import StoryboardSpec
from darkroom.domain.prompts.storyboard import Panel, panels
from darkroom_graphics.skia_api import Canvas, skia
from darkroom_graphics.watermark import stamp
from darkroom_sandbox.brief import Brief, Painting
from darkroom_sandbox.brush import fill, rect, stroke
from darkroom_sandbox.colours import BLACK, WHITE
from darkroom_sandbox.images import decode, finished
from darkroom_sandbox.painter import paint
from darkroom_sandbox.ratios import AUTO, pixel_size

# A layout is the panels' left, top, width and height in parts of the picture, in reading order.
type Box = tuple[float, float, float, float]

_THIRD: Final = 1 / 3
_GRID: Final[tuple[Box, ...]] = (
    (0, 0, 0.5, 0.5),
    (0.5, 0, 0.5, 0.5),
    (0, 0.5, 0.5, 0.5),
    (0.5, 0.5, 0.5, 0.5),
)
_THREE: Final[Mapping[str, tuple[Box, ...]]] = {
    "wide": tuple((number * _THIRD, 0, _THIRD, 1) for number in range(3)),
    "tall": tuple((0, number * _THIRD, 1, _THIRD) for number in range(3)),
    "square": ((0, 0, 1, 0.5), (0, 0.5, 0.5, 0.5), (0.5, 0.5, 0.5, 0.5)),
}
_FOUR: Final[Mapping[str, tuple[Box, ...]]] = {
    "wide": _GRID,
    "tall": tuple((0, number / 4, 1, 1 / 4) for number in range(4)),
    "square": _GRID,
}


@dataclass(frozen=True, slots=True)
class _Frame:
    """How panels are set: the width of gutters and of lines, in parts of the picture's shorter side."""

    gutter: float
    line: float
    ground: tuple[float, float, float]


_COMIC: Final = _Frame(0.016, 0.008, BLACK)
_CLEAN: Final = _Frame(0.024, 0.0, WHITE)


def paint_storyboard(spec: StoryboardSpec, brief: Brief) -> Painting:
    """Paints the story of ``spec`` with all that ``brief`` says of every panel.

    Raises
    ------
    ValueError
        The brief cannot be painted.
    """
    ratio = "16:9" if brief.aspect_ratio == AUTO else brief.aspect_ratio
    width, height = pixel_size(ratio)
    comic = spec.visual_style == "comic-strip" or (spec.visual_style is None and spec.preset == "comic-strip")
    frame = _COMIC if comic else _CLEAN
    surface = skia.Surface(width, height)
    canvas = surface.getCanvas()
    canvas.clear(skia.Color4f(*frame.ground, 1.0).toColor())
    story = panels(spec)
    for number, (panel, box) in enumerate(zip(story, boxes(len(story), width, height), strict=True)):
        told = _brief_of(spec, brief, panel, number, last=number == len(story) - 1)
        _set(canvas, told, _within(box, width, height, frame), frame, min(width, height))
    if brief.watermark:
        stamp(canvas, width, height)
    return finished(surface, ratio)


def boxes(count: int, width: int, height: int) -> tuple[Box, ...]:
    """Where ``count`` panels stand in a picture of that shape."""
    shape = "wide" if width > height else "tall" if height > width else "square"
    return (_FOUR if count == 4 else _THREE)[shape]


def _within(box: Box, width: int, height: int, frame: _Frame) -> tuple[int, int, int, int]:
    """A panel's place in pixels, without its share of the gutters."""
    half = frame.gutter * min(width, height) / 2
    inner_width, inner_height = width - 2 * half, height - 2 * half
    left, top = half + box[0] * inner_width + half, half + box[1] * inner_height + half
    wide, tall = box[2] * inner_width - 2 * half, box[3] * inner_height - 2 * half
    return round(left), round(top), round(wide), round(tall)


def _brief_of(spec: StoryboardSpec, brief: Brief, panel: Panel, number: int, *, last: bool) -> Brief:
    """What one panel shows. The logo and the brand's name stand in the last alone."""
    shown = [
        one
        for one in brief.references
        if (one.kind != "logo" or last) and (one.kind != "product" or _shows_product(spec, number, last=last))
    ]
    return replace(
        brief,
        prompt=f"{brief.prompt}. {panel.shows}" if brief.prompt else panel.shows,
        title=panel.title,
        seed=f"{brief.seed}:{number}",
        look=brief.seed,
        references=tuple(shown),
        headline=_words(spec, panel, last=last),
        caption=None,
        brand=brief.brand if last else None,
        watermark=False,
    )


def _shows_product(spec: StoryboardSpec, number: int, *, last: bool) -> bool:
    if spec.product_role == "background":
        return last
    return number > 0 or spec.product_role == "hero"


def _words(spec: StoryboardSpec, panel: Panel, *, last: bool) -> str | None:
    match spec.text_density:
        case "minimal":
            return None
        case "rich":
            return f"{panel.title}: {panel.shows}"
        case _:
            return panel.title if not last or not spec.prompt else spec.prompt.splitlines()[0][:60]


def _set(canvas: Canvas, brief: Brief, place: tuple[int, int, int, int], frame: _Frame, side: int) -> None:
    left, top, wide, tall = place
    picture = decode(paint(replace(brief, size=(wide, tall))).data)
    canvas.drawImageRect(picture, rect(left, top, wide, tall), skia.SamplingOptions(), fill(WHITE))
    if frame.line:
        line = frame.line * side
        inside = rect(left + line / 2, top + line / 2, wide - line, tall - line)
        canvas.drawRect(inside, stroke(WHITE, line))
