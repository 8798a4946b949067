"""Text elements: the payload's words or the template's, handed to the setting of text."""

from __future__ import annotations

from darkroom.domain.templates.elements import TextElement
from darkroom_renderer.frame import Frame
from darkroom_renderer.text import draw_text


def draw_text_element(frame: Frame, element: TextElement) -> None:
    """Sets the payload's text or, without one, the template's."""
    value = frame.payload.get(element.id)
    draw_words(frame, element, value.text if value and value.text is not None else element.text)


def draw_words(frame: Frame, element: TextElement, text: str) -> None:
    """Sets a text in the manner and the box of ``element``."""
    if text:
        draw_text(frame.canvas, element, text, frame.tools.fonts)
