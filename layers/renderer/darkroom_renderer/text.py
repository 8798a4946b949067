"""Text elements: words set into a box."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from darkroom.domain.errors import NotFound
from darkroom.domain.renders.rendered import RenderRefused
from darkroom.domain.templates.elements import TextElement
from darkroom_graphics.skia_api import Canvas
from darkroom_renderer.backing import (
    ROUNDING,
    Room,
    box_of,
    close,
    has_background,
    inset,
    padding_of,
    stays_in,
    tight,
)
from darkroom_renderer.fonts import Fonts
from darkroom_renderer.lettering import Lettering
from darkroom_renderer.looks import Dressed, Words, dressed
from darkroom_renderer.measures import broken_at, ellipsis_of, line_height, tops
from darkroom_renderer.rows import Row
from darkroom_type.typesetting import bidi
from darkroom_type.typesetting.faces import UnknownFont
from darkroom_type.typesetting.lines import Broken, Line
from darkroom_type.typesetting.placing import gaps_of
from darkroom_type.typesetting.shaping import Shaped, shape_runs

SIZE_STEP: Final = 0.25  # px, how finely text shrinks


@dataclass(frozen=True, slots=True)
class Setting:
    """A text broken into lines at a size in px; ``whole`` says that all of it fits its room at full size."""

    dressed: Dressed
    shaped: Shaped
    room: Room
    size: float
    lines: tuple[Line, ...]
    whole: bool


def draw_text(canvas: Canvas, element: TextElement, words: Words, fonts: Fonts) -> str:
    """Draws words into the element's box, as the element says; nothing where there is nothing to see.

    Returns the characters that no font has a shape for.
    """
    setting = set_text(element, words, fonts)
    rows = rows_of(setting)
    if any(row.width for row in rows):
        Lettering(element, setting.dressed.looks, setting.shaped, setting.size, rows, setting.room).draw(
            canvas
        )
    return setting.shaped.missing


def text_extent(
    element: TextElement, words: Words, width: float, height: float, fonts: Fonts
) -> tuple[float, float]:
    """What words take of a box of that size: the width of its longest line and the height of all, in px.

    Their background is part of it.
    """
    boxed = element.model_copy(update={"x": 0.0, "y": 0.0, "width": width, "height": height})
    setting = set_text(boxed, words, fonts)
    rows, room = rows_of(setting), setting.room
    longest = max((row.width for row in rows), default=0.0)
    return longest + 2 * room.across + ROUNDING, tops([row.height for row in rows])[-1] + 2 * room.down


def set_text(element: TextElement, words: Words, fonts: Fonts) -> Setting:
    """Finds the largest size, of those the element allows, at which the text fits, and its lines at that.

    Raises
    ------
    RenderRefused
        One of the workspace's own fonts cannot be had.
    """
    padding = padding_of(element)
    try:
        text = dressed(element, words, fonts)
        shaped = fonts.shaped(_key(element, text), lambda: _shape(element, text, fonts))
    except (UnknownFont, NotFound) as problem:
        raise RenderRefused(element.id, "fontFamily", "a font of the text is gone") from problem
    setting = _set(text, shaped, Room(element, padding, padding))
    return _kept_in(element, setting) if padding else setting


def _kept_in(element: TextElement, setting: Setting) -> Setting:
    """The setting in the room that its background leaves it, where the background would leave the element's box.

    Where the text would not fit for that, it takes the padding's place, or shrinks if it may.
    """
    text, shaped, rows, padding = setting.dressed, setting.shaped, rows_of(setting), setting.room.across
    if not any(row.width for row in rows) or stays_in(element, box_of(rows), padding):
        return setting
    room = inset(element, padding, padding)
    padded = _set(text, shaped, room) if room else None
    if padded and padded.whole:
        return padded
    may_shrink = element.smallest_size < element.font_size
    room = close(element, box_of(rows)) if setting.whole and not may_shrink else tight(element)
    return _set(text, shaped, room) if room else setting


def _set(text: Dressed, shaped: Shaped, room: Room) -> Setting:
    element = room.box
    broken = broken_at(element, shaped, element.font_size)
    size, least = element.font_size, element.smallest_size
    if not _fits(broken) and least < size:
        steps = math.ceil((size - least) / SIZE_STEP)
        low, high = 0, steps  # low fits or is the least, high does not
        while high - low > 1:
            middle = (low + high) // 2
            if _fits(broken_at(element, shaped, least + middle * SIZE_STEP)):
                low = middle
            else:
                high = middle
        size = min(least + low * SIZE_STEP, size)
        broken = broken_at(element, shaped, size)
    return Setting(text, shaped, room, size, broken.lines, size == element.font_size and _fits(broken))


def rows_of(setting: Setting) -> list[Row]:
    """Where the lines stand in their room."""
    element, size = setting.room.box, setting.size
    heights = [line_height(element, setting.shaped, line) for line in setting.lines]
    begins = tops([size * height.leading for height in heights])
    spare = element.height - begins[-1]
    top = element.y + spare * {"top": 0.0, "middle": 0.5, "bottom": 1.0}[element.vertical_align]
    rows = []
    for line, height, begin in zip(setting.lines, heights, begins, strict=False):
        leading = size * height.leading
        inner = (leading - (height.ascent + height.descent) * size) / 2
        baseline = top + inner + height.ascent * size + begin
        left, width, stretched = _across(element, setting, line)
        rows.append(Row(line, left, baseline, width, stretched, inner + height.ascent * size, leading))
    return _where_the_template_has_them(rows, setting) if has_background(element) else rows


def _where_the_template_has_them(rows: list[Row], setting: Setting) -> list[Row]:
    """The rows before their background, which stays where the template has it whatever language fills it.

    Among each other they stand as their own direction wants.
    """
    element, shown = setting.room.box, [row for row in rows if row.width]
    turned = setting.shaped.rtl and element.direction == "auto"
    if not turned or element.align not in {"start", "end", "justify"} or not shown:
        return rows
    if element.align == "end":
        moved = element.x + element.width - max(row.left + row.width for row in shown)
    else:
        moved = element.x - min(row.left for row in shown)
    return [replace(row, left=row.left + moved) for row in rows]


def _across(element: TextElement, setting: Setting, line: Line) -> tuple[float, float, float]:
    """A line's left end, its width and what it is stretched by, in px."""
    size, shaped = setting.size, setting.shaped
    width = line.width * size
    if line.cut:
        dots = float(ellipsis_of(shaped, line).advances.sum())
        width += (dots + line.paragraph.spacing * (line.end > line.start)) * size
    spare, stretched = element.width - width, 0.0
    align = element.align
    if align == "justify":
        if spare > 0 and not line.last and gaps_of(line):
            stretched, width, spare = spare, element.width, 0.0
        align = "start"
    if align in {"start", "end"}:
        align = "right" if (align == "start") == shaped.rtl else "left"
    left = element.x + spare * {"left": 0.0, "center": 0.5, "right": 1.0}[align]
    return left, width, stretched


def _key(element: TextElement, text: Dressed) -> tuple[object, ...]:
    """What decides a text's glyphs. Sizes and spaces are in em of the element's size."""
    faces = tuple((look.face, look.spacing) for look in text.looks)
    return (text.parts, faces, element.font_size, element.text_transform, element.direction)


def _shape(element: TextElement, text: Dressed, fonts: Fonts) -> Shaped:
    paragraphs = text.paragraphs(element.text_transform)
    base = {"ltr": 0, "rtl": 1}.get(element.direction)
    if base is None:
        base = bidi.first_strong("\n".join(words for parts in paragraphs for _, words in parts)) or 0
    styles = [look.style(element, fonts) for look in text.looks]
    return shape_runs(paragraphs, base, styles)


def _fits(broken: Broken) -> bool:
    return broken.complete and broken.whole_words
