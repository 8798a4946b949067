"""Text elements: words set into a box."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Any, Final

from darkroom.domain.templates.elements import TextElement
from darkroom_graphics.skia_api import Canvas, skia
from darkroom_renderer.fonts import Fonts
from darkroom_renderer.paints import colour, is_clear, plain
from darkroom_type.typesetting import bidi
from darkroom_type.typesetting.cleaning import cleaned
from darkroom_type.typesetting.faces import Style
from darkroom_type.typesetting.lines import Broken, Line, Measure, break_lines
from darkroom_type.typesetting.placing import gaps_of, place_line
from darkroom_type.typesetting.shaping import Shaped, shape

SIZE_STEP: Final = 0.25  # px, how finely text shrinks
ROUNDING: Final = 0.01  # px, so that a line still fits the width that it was measured to have
LENIENCE: Final = 0.05  # em a text may be higher than its box; only a few letters reach that low


@dataclass(frozen=True, slots=True)
class Setting:
    """A text broken into lines at a size in px."""

    shaped: Shaped
    size: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line's place: its left end, its baseline, its width and what it is stretched by; all in px."""

    line: Line
    left: float
    baseline: float
    width: float
    stretched: float


def draw_text(canvas: Canvas, element: TextElement, text: str, fonts: Fonts) -> None:
    """Draws a text into the element's box, as the element says; nothing where there is nothing to see."""
    setting = set_text(element, text, fonts)
    rows = rows_of(element, setting)
    if not any(row.width for row in rows):
        return
    _draw_background(canvas, element, setting, rows)
    pieces = _pieces(setting, rows)
    if not pieces:
        return
    blob = _blob(pieces)
    _draw_shadow(canvas, element, pieces, blob)
    canvas.drawTextBlob(blob, 0, 0, plain(element.color))


def text_extent(
    element: TextElement, text: str, width: float, height: float, fonts: Fonts
) -> tuple[float, float]:
    """What a text takes of a box of that size: the width of its longest line and the height of all, in px."""
    boxed = element.model_copy(update={"x": 0.0, "y": 0.0, "width": width, "height": height})
    setting = set_text(boxed, text, fonts)
    rows = rows_of(boxed, setting)
    longest = max((row.width for row in rows), default=0.0)
    return longest + ROUNDING, len(rows) * setting.size * element.line_height


def set_text(element: TextElement, text: str, fonts: Fonts) -> Setting:
    """Finds the largest size, of those the element allows, at which the text fits, and its lines at that."""
    shaped = fonts.shaped(_key(element, text), lambda: _shape(element, text, fonts))
    broken = _broken(element, shaped, element.font_size)
    size, least = element.font_size, element.smallest_size
    if not _fits(broken) and least < size:
        steps = math.ceil((size - least) / SIZE_STEP)
        low, high = 0, steps  # low fits or is the least, high does not
        while high - low > 1:
            middle = (low + high) // 2
            if _fits(_broken(element, shaped, least + middle * SIZE_STEP)):
                low = middle
            else:
                high = middle
        size = min(least + low * SIZE_STEP, size)
        broken = _broken(element, shaped, size)
    return Setting(shaped, size, broken.lines)


def rows_of(element: TextElement, setting: Setting) -> list[Row]:
    """Where the lines stand in the element's box."""
    shaped, size = setting.shaped, setting.size
    leading = size * element.line_height
    spare = element.height - leading * len(setting.lines)
    top = element.y + spare * {"top": 0.0, "middle": 0.5, "bottom": 1.0}[element.vertical_align]
    lead = shaped.lead
    baseline = top + (leading - (lead.ascent + lead.descent) * size) / 2 + lead.ascent * size
    return [_row(element, setting, line, baseline + leading * at) for at, line in enumerate(setting.lines)]


def _row(element: TextElement, setting: Setting, line: Line, baseline: float) -> Row:
    size, shaped = setting.size, setting.shaped
    width = line.width * size
    if line.cut:
        width += (
            float(shaped.ellipsis.advances.sum()) + line.paragraph.spacing * (line.end > line.start)
        ) * size
    spare, stretched = element.width - width, 0.0
    align = element.align
    if align == "justify":
        if spare > 0 and not line.last and gaps_of(line):
            stretched, width, spare = spare, element.width, 0.0
        align = "start"
    if align in {"start", "end"}:
        align = "right" if (align == "start") == shaped.rtl else "left"
    left = element.x + spare * {"left": 0.0, "center": 0.5, "right": 1.0}[align]
    return Row(line, left, baseline, width, stretched)


def _key(element: TextElement, text: str) -> tuple[object, ...]:
    return (
        text,
        element.font_family,
        element.font_weight,
        element.font_style,
        element.font_size,
        element.letter_spacing,
        element.text_transform,
        element.direction,
    )


def _shape(element: TextElement, text: str, fonts: Fonts) -> Shaped:
    text = cleaned(text, element.text_transform)
    base = {"ltr": 0, "rtl": 1}.get(element.direction)
    if base is None:
        base = bidi.first_strong(text) or 0
    style = Style(element.font_family, element.font_weight, element.font_style == "italic", element.font_size)
    return shape(text.split("\n"), base, fonts.casting(style), element.letter_spacing / element.font_size)


def _broken(element: TextElement, shaped: Shaped, size: float) -> Broken:
    fitting = _lines_that_fit(element, shaped, size)
    measure = Measure(
        width=element.width / size,
        most_lines=max(1, min(fitting, element.max_lines or fitting)),
        wrap=element.wrap,
        ellipsis=float(shaped.ellipsis.advances.sum()) if element.ellipsis else None,
    )
    broken = break_lines(shaped.paragraphs, measure)
    return broken if fitting else replace(broken, complete=False)


def _lines_that_fit(element: TextElement, shaped: Shaped, size: float) -> int:
    """How many lines the box is high enough for; the last one needs no leading below its letters."""
    leading = size * element.line_height
    last = min(leading, (shaped.lead.ascent + shaped.lead.descent) * size)
    return max(0, 1 + math.floor((element.height + LENIENCE * size - last) / leading))


def _fits(broken: Broken) -> bool:
    return broken.complete and broken.whole_words


@dataclass(frozen=True, slots=True)
class _Piece:
    """Glyphs of one font, and where each stands in px."""

    font: Any
    glyphs: list[int]
    across: list[float]
    down: float | list[float]
    in_colour: bool


def _pieces(setting: Setting, rows: Sequence[Row]) -> list[_Piece]:
    size, made = setting.size, []
    fonts: dict[int, Any] = {}
    for row in rows:
        for placed in place_line(row.line, setting.shaped.ellipsis, row.stretched / size):
            face = placed.face
            if id(face) not in fonts:
                fonts[id(face)] = face.at(size)
            across = (row.left + placed.places * size).tolist()
            rises = placed.rises
            down = row.baseline if rises is None else (row.baseline - rises * size).tolist()
            made.append(_Piece(fonts[id(face)], placed.glyphs.tolist(), across, down, face.in_colour))
    return [piece for piece in made if piece.glyphs]


def _blob(pieces: Sequence[_Piece]) -> Any:
    """All glyphs as one thing to draw."""
    builder = skia.TextBlobBuilder()
    for piece in pieces:
        if isinstance(piece.down, float):
            builder.allocRunPosH(piece.font, piece.glyphs, piece.across, piece.down)
        else:
            builder.allocRunPos(piece.font, piece.glyphs, list(map(skia.Point, piece.across, piece.down)))
    return builder.make()


def _outline(pieces: Sequence[_Piece]) -> Any:
    """All glyphs as one shape."""
    outline = skia.Path()
    for piece in pieces:
        downs = repeat(piece.down) if isinstance(piece.down, float) else piece.down
        for glyph, across, down in zip(piece.glyphs, piece.across, downs, strict=False):
            path = piece.font.getPath(glyph)
            if path is not None:
                outline.addPath(path, across, down)
    return outline


def _draw_shadow(canvas: Canvas, element: TextElement, pieces: Sequence[_Piece], blob: Any) -> None:
    """The shadow of the whole text: of letters blurred one by one the overlaps would show."""
    shadow = element.shadow
    if shadow is None or is_clear(shadow.color):
        return
    if any(piece.in_colour for piece in pieces):
        paint, sigma = plain("#000000"), shadow.blur / 2
        paint.setImageFilter(
            skia.ImageFilters.DropShadowOnly(shadow.x, shadow.y, sigma, sigma, colour(shadow.color), None)
        )
        canvas.drawTextBlob(blob, 0, 0, paint)
    elif shadow.blur:
        # Several times faster than a filter of the picture: only the shape's coverage is blurred, not four channels.
        outline = _outline(pieces)
        outline.offset(shadow.x, shadow.y)
        paint = plain(shadow.color)
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, shadow.blur / 2))
        canvas.drawPath(outline, paint)
    else:
        canvas.drawTextBlob(blob, shadow.x, shadow.y, plain(shadow.color))


def _draw_background(canvas: Canvas, element: TextElement, setting: Setting, rows: Sequence[Row]) -> None:
    background = element.background
    if background is None or is_clear(background.color):
        return
    shown = [row for row in rows if row.width]
    leading, padding = setting.size * element.line_height, background.padding
    lead, size = setting.shaped.lead, setting.size
    above = (leading - (lead.ascent + lead.descent) * size) / 2 + lead.ascent * size
    left = min(row.left for row in shown) - padding
    right = max(row.left + row.width for row in shown) + padding
    top = rows[0].baseline - above - padding
    bottom = rows[-1].baseline - above + leading + padding
    box = skia.Rect.MakeLTRB(left, top, right, bottom)
    radius = min(background.radius, box.width() / 2, box.height() / 2)
    canvas.drawRoundRect(box, radius, radius, plain(background.color))
