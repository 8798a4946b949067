"""Where everything stands once a payload is known: groups move what is in them, stacks follow what is in them.

Sizes are found from the inside out, places from the outside in. Nothing refers to another element's place, so there
is no order to find and nothing to go round in; each element is measured once, and a text that has to yield twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from darkroom.domain.templates.definition import Canvas, TemplateDefinition
from darkroom.domain.templates.elements import (
    AnyElement,
    GroupElement,
    StackElement,
    TextElement,
    is_unsaid,
)
from darkroom.domain.templates.parts import MAX_REACH
from darkroom.domain.templates.payload import Payload, back_first, text_of, visible

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

LEAST: Final = 1.0  # px, what is left for a text where nothing is

# What a text takes of a width and a height at most, both in px: the width of its longest line, the height of all.
type MeasureText = Callable[[TextElement, float, float], tuple[float, float]]


def laid_out(document: TemplateDefinition, payload: Payload, measure: MeasureText) -> tuple[AnyElement, ...]:
    """The visible elements, those at the back first, in px of the canvas; those in others too."""
    layout, canvas = _Layout(payload, measure), document.canvas
    return tuple(
        layout.on_canvas(element, canvas) if isinstance(element, GroupElement | StackElement) else element
        for element in visible(document.in_order(), payload)
    )


@dataclass(frozen=True, slots=True)
class _Sized:
    """An element with the size it takes, and what is in it if it is a stack."""

    element: AnyElement
    width: float
    height: float
    within: tuple[_Sized, ...] = ()

    def along(self, row: bool) -> float:
        return self.width if row else self.height

    def across(self, row: bool) -> float:
        return self.height if row else self.width


class _Layout:
    """Measures and places for one payload."""

    def __init__(self, payload: Payload, measure: MeasureText) -> None:
        self._payload = payload
        self._measure = measure

    def on_canvas(self, element: AnyElement, canvas: Canvas) -> AnyElement:
        return self._moved(element, 0, 0, canvas.width)

    def _moved(self, element: AnyElement, x: float, y: float, width: float) -> AnyElement:
        """An element that says where it stands, from ``x``, ``y`` on in a box of that width."""
        left, top = x + element.x, y + element.y
        if isinstance(element, StackElement):
            sized = self._sized(element, max(LEAST, width - element.x), MAX_REACH)
            return self._placed(sized, left, top, sized.width, sized.height)
        return self._placed(
            _Sized(element, element.width, element.height), left, top, element.width, element.height
        )

    # -------------------------------------------------------------- sizes

    def _sized(self, element: AnyElement, width: float, height: float, *, fill: bool = False) -> _Sized:
        """An element that may be up to so large; with ``fill`` it is as wide where it does not say its width."""
        says_width, says_height = not is_unsaid(element.width), not is_unsaid(element.height)
        width = element.width if says_width else width
        height = element.height if says_height else height
        wide = width if says_width or fill else 0.0
        tall = element.height if says_height else 0.0
        if isinstance(element, TextElement):
            words_wide, words_tall = self._measure(element, width, height)
            return _Sized(element, wide or words_wide, tall or words_tall)
        if isinstance(element, StackElement):
            return self._stack(element, width, height, wide, tall)
        return _Sized(element, wide, tall)

    def _stack(self, stack: StackElement, width: float, height: float, wide: float, tall: float) -> _Sized:
        inner_width = max(LEAST, width - 2 * stack.padding)
        inner_height = max(LEAST, height - 2 * stack.padding)
        children = [it for it in visible(stack.children, self._payload) if not self._is_empty(it)]
        gaps = stack.gap * max(0, len(children) - 1)
        if stack.direction == "row":
            within = self._row(children, inner_width - gaps, inner_height, wide=bool(wide))
        else:
            fill = {it.id for it in children if wide and _align(stack, it) == "stretch"}
            within = self._column(children, inner_width, inner_height - gaps, fill)
        row = stack.direction == "row"
        along = sum(it.along(row) for it in within) + gaps + 2 * stack.padding
        across = max((it.across(row) for it in within), default=0.0) + 2 * stack.padding
        content_wide, content_tall = (along, across) if row else (across, along)
        return _Sized(stack, wide or content_wide, tall or content_tall, tuple(within))

    def _is_empty(self, element: AnyElement) -> bool:
        """Whether it takes no room: a text as high as its words, of which there are none."""
        if not isinstance(element, TextElement) or not is_unsaid(element.height):
            return False
        return not text_of(element, self._payload).strip()

    def _column(
        self, children: Sequence[AnyElement], width: float, height: float, fill: AbstractSet[str]
    ) -> list[_Sized]:
        """``fill`` are the ids of those that are as wide as the column."""
        said = [0.0 if is_unsaid(it.height) else it.height for it in children]
        left = height - sum(said)
        within = [self._sized(it, width, max(LEAST, left), fill=it.id in fill) for it in children]
        over = sum(it.height for it in within) - height
        for place in _yielding(within):
            if over <= 0:
                break
            text = within[place]
            room, filling = max(LEAST, text.height - over), text.element.id in fill
            shorter = self._sized(text.element, width, room, fill=filling)
            over -= text.height - shorter.height
            within[place] = shorter
        return within

    def _row(
        self, children: Sequence[AnyElement], width: float, height: float, *, wide: bool
    ) -> list[_Sized]:
        """Those that grow come last: they get what the others leave."""
        left = width - sum(0.0 if is_unsaid(it.width) else it.width for it in children)
        within: dict[str, _Sized] = {}
        growing = [it for it in children if it.grow and wide]
        for element in children:
            if element.grow and wide:
                continue
            within[element.id] = self._sized(element, max(LEAST, left), height)
            left -= within[element.id].width if is_unsaid(element.width) else 0.0
        share = max(0.0, left) / sum(it.grow or 0 for it in growing) if growing else 0.0
        for element in growing:
            own = 0.0 if is_unsaid(element.width) else element.width
            room = max(LEAST, own + share * (element.grow or 0))
            grown = self._sized(element.model_copy(update={"width": room}), room, height)
            within[element.id] = replace(grown, element=element)
        return [within[element.id] for element in children]

    # -------------------------------------------------------------- places

    def _placed(self, sized: _Sized, x: float, y: float, width: float, height: float) -> AnyElement:
        """The element in its box of the canvas, with everything in it."""
        element = sized.element
        box = {"x": x, "y": y, "width": width, "height": height}
        match element:
            case StackElement():
                within: Iterable[AnyElement] = self._along(element, sized.within, x, y, width, height)
            case GroupElement():
                inside = visible(element.children, self._payload)
                within = [self._moved(it, x, y, width) for it in inside]
            case _:
                return element.model_copy(update=box)
        return element.model_copy(update={**box, "children": tuple(back_first(within))})

    def _along(
        self, stack: StackElement, within: Sequence[_Sized], x: float, y: float, width: float, height: float
    ) -> list[AnyElement]:
        row, padding = stack.direction == "row", stack.padding
        room, breadth = (width, height) if row else (height, width)
        room, breadth = max(0.0, room - 2 * padding), max(0.0, breadth - 2 * padding)
        taken = sum(it.along(row) for it in within) + stack.gap * max(0, len(within) - 1)
        left = max(0.0, room - taken)
        growing = sum(it.element.grow or 0 for it in within)
        share = left / growing if growing else 0.0
        at, between = _spread(stack, 0.0 if growing else left, len(within))
        placed = []
        for it in within:
            long = it.along(row) + share * (it.element.grow or 0)
            broad, aside = _across(stack, it, breadth)
            dx, dy, wide, tall = (at, aside, long, broad) if row else (aside, at, broad, long)
            left_edge, top_edge = x + padding + dx + it.element.x, y + padding + dy + it.element.y
            placed.append(self._placed(it, left_edge, top_edge, wide, tall))
            at += long + between
        return placed


def _yielding(within: Sequence[_Sized]) -> list[int]:
    """Which texts of a column that is too long are made shorter, in turn: those that may shrink, then the longest."""
    flowing = [
        (place, it, it.element)
        for place, it in enumerate(within)
        if isinstance(it.element, TextElement) and is_unsaid(it.element.height)
    ]
    ranked = sorted(flowing, key=lambda one: (one[2].smallest_size >= one[2].font_size, -one[1].height))
    return [place for place, _, _ in ranked]


def _spread(stack: StackElement, left: float, count: int) -> tuple[float, float]:
    """Where along a stack its first element begins, and how far apart they are."""
    match stack.justify:
        case "center":
            return left / 2, stack.gap
        case "end":
            return left, stack.gap
        case "between" if count > 1:
            return 0.0, stack.gap + left / (count - 1)
        case _:
            return 0.0, stack.gap


def _across(stack: StackElement, sized: _Sized, breadth: float) -> tuple[float, float]:
    """How broad an element is across a stack, and how far from its edge."""
    row = stack.direction == "row"
    own = sized.element.height if row else sized.element.width
    align = _align(stack, sized.element)
    if align == "stretch" and is_unsaid(own):
        return breadth, 0.0
    broad = sized.across(row)
    return broad, (breadth - broad) * {"stretch": 0.0, "start": 0.0, "center": 0.5, "end": 1.0}[align]


def _align(stack: StackElement, element: AnyElement) -> str:
    return element.align_self or stack.align
