"""Text elements: the payload's words or the template's, handed to the setting of text."""

from __future__ import annotations

from darkroom.domain.renders.warnings import missing_glyphs
from darkroom.domain.templates.elements import TextElement
from darkroom.domain.templates.payload import words_of
from darkroom_renderer.frame import Frame
from darkroom_renderer.looks import Words
from darkroom_renderer.text import draw_text


def draw_text_element(frame: Frame, element: TextElement) -> None:
    """Sets the payload's words or, without any, the template's."""
    draw_words(frame, element, words_of(element, frame.payload))


def draw_words(frame: Frame, element: TextElement, words: Words) -> None:
    """Sets words in the manner and the box of ``element``."""
    missing = draw_text(frame.canvas, element, words, frame.tools.fonts) if words else ""
    if missing:
        frame.warnings.append(missing_glyphs(element.id, missing))
