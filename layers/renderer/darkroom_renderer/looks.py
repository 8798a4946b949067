"""The looks within a text: what each of its runs says, on top of what its element says."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from darkroom.domain.templates.elements import TextElement, TextRun
from darkroom.domain.templates.families import chain
from darkroom_renderer.fonts import Fonts
from darkroom_renderer.paints import Fill
from darkroom_type.typesetting.cleaning import cleaned
from darkroom_type.typesetting.faces import Style
from darkroom_type.typesetting.shaping import RunStyle

type Words = str | tuple[TextRun, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """How a part of a text is set and painted; ``spacing`` in px at full size.

    ``fill`` is the part's own, ``None`` where it shares the element's.
    """

    face: Style
    spacing: float
    fill: Fill | None
    decoration: str | None

    def style(self, element: TextElement, fonts: Fonts) -> RunStyle:
        """The look as shaping needs it, in em of the element."""
        size = element.font_size
        return RunStyle(fonts.casting(self.face), self.face.size / size, self.spacing / size)


@dataclass(frozen=True, slots=True)
class Dressed:
    """A text in parts, each with the place of its look. The first look is the element's own."""

    looks: tuple[Look, ...]
    parts: tuple[tuple[int, str], ...]

    def paragraphs(self, transform: str) -> list[list[tuple[int, str]]]:
        """The parts of each paragraph, cleaned. An empty one has the look that its newline has."""
        paragraphs: list[list[tuple[int, str]]] = [[]]
        before = ""
        for look, text in self.parts:
            first, *others = cleaned(text, transform, before).split("\n")
            paragraphs[-1].append((look, first))
            paragraphs.extend([(look, each)] for each in others)
            before = text[-1:] or before
        return paragraphs


def dressed(element: TextElement, words: Words, fonts: Fonts) -> Dressed:
    """The words of an element; neighbours that look the same are one part."""
    italic = element.font_style == "italic"
    family, *others = map(fonts.family, chain(element.font_family))
    face = Style(family, element.font_weight, italic, element.font_size, tuple(others))
    own = Look(face, element.letter_spacing, None, element.text_decoration)
    if isinstance(words, str):
        return Dressed((own,), ((0, words),))
    looks = {own: 0}
    parts = [
        (looks.setdefault(look, len(looks)), "".join(run.text for run in runs))
        for look, runs in groupby(words, lambda run: _look(run, own, fonts))
    ]
    return Dressed(tuple(looks), tuple(parts))


def _look(run: TextRun, own: Look, fonts: Fonts) -> Look:
    face = own.face
    family, others = face.family, face.others
    if run.font_family:
        family, *named = map(fonts.family, chain(run.font_family))
        others = tuple(named)
    return Look(
        Style(
            family,
            run.font_weight or face.weight,
            run.font_style == "italic" if run.font_style else face.italic,
            run.font_size or face.size,
            others,
        ),
        own.spacing if run.letter_spacing is None else run.letter_spacing,
        run.color,
        run.text_decoration or own.decoration,
    )
