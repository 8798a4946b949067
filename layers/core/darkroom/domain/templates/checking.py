"""What a document's fields do not say one by one: how many there are, and what must fit together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from darkroom.domain.errors import InvalidParam
from darkroom.domain.templates.barcodes import code_problem
from darkroom.domain.templates.elements import (
    MAX_ELEMENTS,
    AnyElement,
    BarcodeElement,
    GroupElement,
    QrElement,
    RatingElement,
    StackElement,
    SvgElement,
    TextElement,
    TextRun,
    field_of,
    within,
)
from darkroom.domain.templates.problems import named
from darkroom.domain.templates.runs import runs_problem

MAX_NESTED = 8  # groups and stacks within each other


def check_elements(elements: Sequence[AnyElement]) -> None:
    """Raises InvalidParam of the first mistake in a document's elements, each of which is right by itself."""
    _check_ids(elements, "elements")
    for element in within(elements):
        _check(element)
    _check_places(elements, None)
    _check_conditions({element.id: element for element in within(elements)})


def check_bounds(data: object) -> None:
    """Raises InvalidParam of a document with too many elements, or too many within each other.

    It counts before anything is read that goes as deep as the document does.
    """
    lists, count = [(data.get("elements") if isinstance(data, dict) else None, 0)], 0
    while lists:
        elements, depth = lists.pop()
        if not isinstance(elements, list):
            continue
        count += len(elements)
        if count > MAX_ELEMENTS:
            raise InvalidParam(f"elements: at most {MAX_ELEMENTS} are possible.", param="elements")
        for index, element in enumerate(elements):
            children = element.get("children") if isinstance(element, dict) else None
            if children and depth == MAX_NESTED:
                param = f"elements.{named(element) or index}.children"
                reason = f"at most {MAX_NESTED} groups and stacks can be within each other"
                raise InvalidParam(f"{param}: {reason}.", param=param)
            lists.append((children, depth + 1))


def _check_ids(elements: Iterable[AnyElement], path: str, seen: set[str] | None = None) -> None:
    seen = set() if seen is None else seen
    for index, element in enumerate(elements):
        if element.id in seen:
            param = f"{path}.{index}.id"
            raise InvalidParam(f"{param}: {element.id} is used twice.", param=param)
        seen.add(element.id)
        if isinstance(element, GroupElement | StackElement):
            _check_ids(element.children, f"elements.{element.id}.children", seen)


def _check_places(elements: Iterable[AnyElement], stack: StackElement | None) -> None:
    """Where each element stands and how large it is must be said, or be for its stack to find."""
    for element in elements:
        needed = _needed_in(stack, element) if stack else _needed(element)
        for field in needed:
            if field not in element.model_fields_set:
                raise _wrong(element, field, "is required")
        for field, value in (("grow", element.grow), ("alignSelf", element.align_self)):
            if value and not stack:
                raise _wrong(element, field, "is for what is in a stack")
        if isinstance(element, GroupElement | StackElement):
            _check_places(element.children, element if isinstance(element, StackElement) else None)


def _needed(element: AnyElement) -> tuple[str, ...]:
    return ("x", "y") if isinstance(element, StackElement) else ("x", "y", "width", "height")


def _needed_in(stack: StackElement, element: AnyElement) -> tuple[str, ...]:
    """Text and stacks are as large as what is in them; what is stretched, or grows, has its size from the room."""
    if isinstance(element, TextElement | StackElement):
        return ()
    along, across = ("width", "height") if stack.direction == "row" else ("height", "width")
    needed = () if element.grow else (along,)
    return needed if (element.align_self or stack.align) == "stretch" else (*needed, across)


def _check_conditions(elements: Mapping[str, AnyElement]) -> None:
    for element in elements.values():
        condition = element.visible_when
        if condition is None:
            continue
        said = [field for field in ("given", "missing") if getattr(condition, field) is not None]
        if len(said) != 1:
            raise _wrong(element, "visibleWhen", "must be an object with given or missing, and not both")
        deciding = elements.get(getattr(condition, said[0]))
        if deciding is None:
            raise _wrong(element, f"visibleWhen.{said[0]}", "the template has no such element")
        if field_of(deciding) is None:
            raise _wrong(element, f"visibleWhen.{said[0]}", f"a {deciding.type} takes no value")


def _check(element: AnyElement) -> None:
    """What one field alone does not tell."""
    match element:
        case TextElement() if (element.min_font_size or 0) > element.font_size:
            raise _wrong(element, "minFontSize", "must not be larger than fontSize")
        case SvgElement() if element.src is not None and element.svg is not None:
            raise _wrong(element, "svg", "cannot be combined with src")
        case RatingElement() if element.value > element.max:
            raise _wrong(element, "value", f"must not be more than max, which is {element.max}")
        case QrElement() | BarcodeElement() if problem := code_problem(element, element.text):
            raise _wrong(element, "text", problem)
        case TextElement() if element.runs is not None:
            _check_runs(element, element.runs)


def _check_runs(element: TextElement, runs: Sequence[TextRun]) -> None:
    if element.text:
        raise _wrong(element, "runs", "cannot be combined with text")
    if problem := runs_problem(runs):
        raise _wrong(element, ".".join(filter(None, ("runs", problem[0]))), problem[1])


def _wrong(element: AnyElement, field: str, reason: str) -> InvalidParam:
    param = f"elements.{element.id}.{field}"
    return InvalidParam(f"{param}: {reason}.", param=param)
