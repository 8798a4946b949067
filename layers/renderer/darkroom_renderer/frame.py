"""The context an element is drawn in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from darkroom.domain.renders.rendered import RenderRefused, RenderWarning
from darkroom.domain.templates.payload import Payload
from darkroom_graphics.skia_api import Canvas
from darkroom_renderer.pictures import Pictures
from darkroom_renderer.vectors import Vectors

if TYPE_CHECKING:
    from darkroom_renderer.fonts import Fonts


@dataclass(frozen=True, slots=True)
class Tools:
    """Tools that are loaded once and used for every render."""

    fonts: Fonts
    pictures: Pictures
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture being drawn.

    ``canvas`` is scaled to the template's own px; one of these is ``ratio`` pixels of the picture.
    ``fetched`` has the bytes of every address, ``in_time`` tells whether there is time for one more element,
    ``warnings`` takes what the picture's sender should know.
    ``turned`` is what pixels go through on their way to the canvas, where they do: the groups and stacks around that
    are turned, a page's scale. ``nested`` is how many groups and stacks around are drawn apart before they are laid
    on the picture. ``is_page`` says that shapes stay shapes.
    """

    canvas: Canvas
    ratio: float
    payload: Payload
    fetched: Mapping[str, bytes]
    tools: Tools
    in_time: Callable[[], bool]
    warnings: list[RenderWarning]
    turned: Any = None
    nested: int = 0
    is_page: bool = False

    def check_time(self, element_id: str) -> None:
        """Raises RenderRefused where there is no time left for the element."""
        if not self.in_time():
            raise RenderRefused(element_id, "", "the picture takes too long to draw, make it simpler")

    def bytes_of(self, url: str, element_id: str, field: str) -> bytes:
        """The bytes of a picture's address; raises RenderRefused where there are none."""
        data = self.fetched.get(url)
        if data is None:
            raise RenderRefused(element_id, field, "the picture could not be fetched")
        return data
