"""The background of a text, and the room that it leaves the lines: it stays in the element's box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from darkroom.domain.templates.elements import TextElement
from darkroom_renderer.paints import is_clear
from darkroom_renderer.placing import Box
from darkroom_renderer.rows import Row

ROUNDING: Final = 0.01  # px, so that a line still fits the width that it was measured to have
SLACK: Final = 1e-6  # px, of sums
MOST_PADDING: Final = 0.25  # of a side, where a text has to shrink or to be cut for it


@dataclass(frozen=True, slots=True)
class Room:
    """``box`` is the element as its lines have it; their background is ``across`` and ``down`` px larger."""

    box: TextElement
    across: float = 0.0
    down: float = 0.0


def has_background(element: TextElement) -> bool:
    """Whether anything is drawn behind the text."""
    return element.background is not None and not is_clear(element.background.color)


def padding_of(element: TextElement) -> float:
    """By how many px the background is to be larger than the lines; 0 without one."""
    return element.background.padding if element.background and has_background(element) else 0.0


def box_of(rows: Sequence[Row]) -> Box:
    """The lines' own box: as wide as the widest, as high as all of their leading."""
    shown = [row for row in rows if row.width]
    left, right = min(row.left for row in shown), max(row.left + row.width for row in shown)
    return spanned(left, right, rows)


def spanned(left: float, right: float, rows: Sequence[Row]) -> Box:
    """What is between ``left`` and ``right`` on rows."""
    top = rows[0].baseline - rows[0].above
    bottom = rows[-1].baseline - rows[-1].above + rows[-1].height
    return Box(left, top, right - left, bottom - top)


def stays_in(element: TextElement, lines: Box, padding: float) -> bool:
    """Whether a background that much larger than the lines stays in the element's box."""
    return (
        lines.x - padding >= element.x - SLACK
        and lines.y - padding >= element.y - SLACK
        and lines.x + lines.width + padding <= element.x + element.width + SLACK
        and lines.y + lines.height + padding <= element.y + element.height + SLACK
    )


def behind(element: TextElement, lines: Box, room: Room) -> Box:
    """Where the background is drawn: the leading of lines may be higher than the box, their background is not."""
    left = max(lines.x - room.across, element.x)
    top = max(lines.y - room.down, element.y)
    right = min(lines.x + lines.width + room.across, element.x + element.width)
    bottom = min(lines.y + lines.height + room.down, element.y + element.height)
    return Box(left, top, max(0.0, right - left), max(0.0, bottom - top))


def inset(element: TextElement, across: float, down: float) -> Room | None:
    """The room within the box; ``None`` where nothing is left of it."""
    if 2 * across >= element.width or 2 * down >= element.height:
        return None
    within = {
        "x": element.x + across,
        "y": element.y + down,
        "width": element.width - 2 * across,
        "height": element.height - 2 * down,
    }
    return Room(element.model_copy(update=within), across, down)


def close(element: TextElement, lines: Box) -> Room | None:
    """The room for lines that fit the box without padding: as much of it as is left beside them."""
    padding = padding_of(element)
    across = (element.width - lines.width - ROUNDING) / 2
    down = (element.height - lines.height) / 2
    return inset(element, max(0.0, min(padding, across)), max(0.0, min(padding, down)))


def tight(element: TextElement) -> Room | None:
    """The room for lines that have to shrink or to be cut."""
    padding = padding_of(element)
    return inset(
        element, min(padding, element.width * MOST_PADDING), min(padding, element.height * MOST_PADDING)
    )
