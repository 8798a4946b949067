"""Draws the glyphs of a text: what is behind them, their shadow and outline, and each look in its own paint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Final

from darkroom.domain.templates.elements import TextElement
from darkroom_graphics.skia_api import Canvas, Paint, skia
from darkroom_renderer.backing import Room, behind, box_of, has_background, spanned
from darkroom_renderer.looks import Look
from darkroom_renderer.measures import ellipsis_of
from darkroom_renderer.paints import Fill, colour, filling, is_clear, is_opaque, plain
from darkroom_renderer.placing import Box
from darkroom_renderer.rows import Row
from darkroom_type.typesetting.placing import place_line
from darkroom_type.typesetting.shaping import Shaped

SEAM: Final = 0.01  # px; what is this close together is underlined in one stroke


@dataclass(frozen=True, slots=True)
class _Piece:
    """Glyphs of one font on one row, where each stands in px, and the ends of all of them."""

    font: Any
    glyphs: list[int]
    across: list[float]
    down: float | list[float]
    in_colour: bool
    look: int
    row: Row
    left: float
    right: float


class Lettering:
    """A text that is set, to be drawn once."""

    def __init__(
        self,
        element: TextElement,
        looks: Sequence[Look],
        shaped: Shaped,
        size: float,
        rows: Sequence[Row],
        room: Room,
    ) -> None:
        self._element = element
        self._looks = looks
        self._shaped = shaped
        self._size = size
        self._rows = rows
        self._room = room
        self._pieces = list(self._placed())
        self._lines = list(self._decorations())

    def draw(self, canvas: Canvas) -> None:
        """Draws background, shadow, outline and letters, in this order."""
        self._draw_background(canvas)
        if not self._pieces:
            return
        blob = _blob(self._pieces)
        self._draw_shadow(canvas, blob)
        self._draw_outline(canvas)
        if len(self._looks) == 1:
            self._draw_look(canvas, 0, blob)
            return
        for look in sorted({piece.look for piece in self._pieces}):
            self._draw_look(canvas, look, _blob([piece for piece in self._pieces if piece.look == look]))

    # ------------------------------------------------------------------ what there is to draw

    def _placed(self) -> Iterator[_Piece]:
        size = self._size
        fonts: dict[tuple[int, float], Any] = {}
        for row in self._rows:
            for placed in place_line(row.line, ellipsis_of(self._shaped, row.line), row.stretched / size):
                if not len(placed.glyphs):
                    continue
                face, scale = placed.face, placed.scale
                if (id(face), scale) not in fonts:
                    fonts[id(face), scale] = face.at(size * scale)
                rises = placed.rises
                yield _Piece(
                    fonts[id(face), scale],
                    placed.glyphs.tolist(),
                    (row.left + placed.places * size).tolist(),
                    row.baseline if rises is None else (row.baseline - rises * size).tolist(),
                    face.in_colour,
                    placed.style,
                    row,
                    row.left + placed.left * size,
                    row.left + placed.right * size,
                )

    def _decorations(self) -> Iterator[tuple[int, Any]]:
        """The lines under or through letters: of which look, and where."""
        for piece in self._pieces:
            decoration = self._looks[piece.look].decoration
            if decoration in {None, "none"}:
                continue
            style = self._shaped.styles[piece.look]
            metrics = style.casting.lead.at(self._size * style.scale).getMetrics()
            if decoration == "underline":
                below, thick = metrics.fUnderlinePosition, metrics.fUnderlineThickness
            else:
                below, thick = metrics.fStrikeoutPosition, metrics.fStrikeoutThickness
            top = piece.row.baseline + below - thick / 2
            yield piece.look, skia.Rect.MakeLTRB(piece.left, top, piece.right, top + thick)

    def _outline_of_all(self) -> Any:
        """All letters and the lines under or through them, as one shape."""
        outline = _outline(self._pieces)
        for _, rect in self._lines:
            outline.addRect(rect)
        return outline

    @property
    def _stroke(self) -> float:
        """How wide the line is whose outer half is the outline, in px."""
        outline = self._element.outline
        if outline is None or is_clear(outline.color):
            return 0.0
        return 2 * outline.width * self._size / self._element.font_size

    # ------------------------------------------------------------------ drawing it

    def _draw_background(self, canvas: Canvas) -> None:
        background = self._element.background
        if background is None or not has_background(self._element):
            return
        around = behind(self._element, box_of(self._rows), self._room)
        box = skia.Rect.MakeXYWH(around.x, around.y, around.width, around.height)
        radius = min(background.radius, box.width() / 2, box.height() / 2)
        canvas.drawRoundRect(box, radius, radius, plain(background.color))

    def _draw_shadow(self, canvas: Canvas, blob: Any) -> None:
        """The shadow of the whole text: of letters blurred one by one the overlaps would show."""
        shadow = self._element.shadow
        if shadow is None or is_clear(shadow.color):
            return
        if any(piece.in_colour for piece in self._pieces):
            paint, sigma = plain("#000000"), shadow.blur / 2
            paint.setImageFilter(
                skia.ImageFilters.DropShadowOnly(shadow.x, shadow.y, sigma, sigma, colour(shadow.color), None)
            )
            canvas.drawTextBlob(blob, 0, 0, paint)
        elif shadow.blur or self._stroke or self._lines:
            # Several times faster than a filter of the picture: only the shape's coverage is blurred, not colours.
            outline = self._outline_of_all()
            outline.offset(shadow.x, shadow.y)
            paint = plain(shadow.color)
            if self._stroke:
                _stroked(paint, self._stroke, skia.Paint.kStrokeAndFill_Style)
            if shadow.blur:
                paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, shadow.blur / 2))
            canvas.drawPath(outline, paint)
        else:
            canvas.drawTextBlob(blob, shadow.x, shadow.y, plain(shadow.color))

    def _draw_outline(self, canvas: Canvas) -> None:
        """A stroke behind the letters; what is not to shine through them is taken out again."""
        outline, stroke = self._element.outline, self._stroke
        if outline is None or not stroke:
            return
        shape = self._outline_of_all()
        paint = _stroked(plain(outline.color), stroke, skia.Paint.kStroke_Style)
        if all(is_opaque(self._fill(look)) for look in {piece.look for piece in self._pieces}):
            canvas.drawPath(shape, paint)
            return
        around = shape.computeTightBounds().makeOutset(stroke, stroke)
        canvas.saveLayer(around, None)
        canvas.drawPath(shape, paint)
        inner = plain("#000000")
        inner.setBlendMode(skia.BlendMode.kDstOut)
        canvas.drawPath(shape, inner)
        canvas.restore()

    def _draw_look(self, canvas: Canvas, look: int, blob: Any) -> None:
        box = box_of(self._rows) if self._looks[look].fill is None else self._box_of(look)
        paint: Paint = filling(self._fill(look), box.x, box.y, box.width, box.height)
        lines = [rect for each, rect in self._lines if each == look]
        struck = self._looks[look].decoration == "line-through"
        if not struck:
            _draw_lines(canvas, lines, paint)
        canvas.drawTextBlob(blob, 0, 0, paint)
        if struck:
            _draw_lines(canvas, lines, paint)

    def _fill(self, look: int) -> Fill:
        own = self._looks[look].fill
        return self._element.color if own is None else own

    def _box_of(self, look: int) -> Box:
        pieces = [piece for piece in self._pieces if piece.look == look]
        left, right = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
        return spanned(left, right, [piece.row for piece in pieces])


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


def _stroked(paint: Paint, width: float, style: Any) -> Paint:
    paint.setStyle(style)
    paint.setStrokeWidth(width)
    paint.setStrokeJoin(skia.Paint.kRound_Join)
    return paint


def _draw_lines(canvas: Canvas, lines: Sequence[Any], paint: Paint) -> None:
    """The lines, those that touch as one: of two that are see-through a seam would show."""
    joined: list[Any] = []
    for line in sorted(lines, key=lambda it: (it.top(), it.left())):
        last = joined[-1] if joined else None
        if last and last.top() == line.top() and line.left() <= last.right() + SEAM:
            last.join(line)
        else:
            joined.append(line)
    for line in joined:
        canvas.drawRect(line, paint)
