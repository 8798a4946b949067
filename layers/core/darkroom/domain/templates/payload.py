"""What a caller fills into a template: one value per element."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from darkroom.domain.errors import InvalidParam
from darkroom.domain.fonts.font import BUILT_IN
from darkroom.domain.templates.barcodes import code_problem
from darkroom.domain.templates.definition import TemplateDefinition
from darkroom.domain.templates.elements import (
    MAX_TEXT_CHARS,
    AnyElement,
    BarcodeElement,
    GroupElement,
    ImageElement,
    QrElement,
    RatingElement,
    StackElement,
    SvgElement,
    TextElement,
    TextRun,
    field_of,
)
from darkroom.domain.templates.families import chain, check_known, families_of_runs, own_families
from darkroom.domain.templates.parts import MAX_URL_CHARS, URL_PATTERN, ImageBackground
from darkroom.domain.templates.problems import is_text, shown
from darkroom.domain.templates.runs import Fills, filled, parse_fills, parse_runs, runs_json


@dataclass(frozen=True, slots=True)
class Value:
    """One element's value; exactly one of these is there. ``fills`` are texts for some of a text's runs."""

    text: str | None = None
    src: str | None = None
    value: float | None = None
    runs: tuple[TextRun, ...] | None = None
    fills: Fills | None = None


type Payload = Mapping[str, Value]

BACKGROUND = "canvas"

_URL = re.compile(URL_PATTERN)


@dataclass(frozen=True, slots=True)
class Source:
    """A picture that a render needs, and who needs it first: an element's id, or ``canvas`` for the background.

    ``field`` is where in that element the address stands.
    """

    url: str
    element_id: str
    field: str


def parse_payload(document: TemplateDefinition, data: object, *, param: str = "payload") -> Payload:
    """Read a payload for a document. An element that is not in it keeps what the template says.

    Raises
    ------
    InvalidParam
        Its param is a path from ``param`` on, such as ``payload.avatar.src``.
    """
    if not isinstance(data, dict):
        raise _wrong(param, "must be an object")
    elements = {element.id: element for element in document.every()}
    payload: dict[str, Value] = {}
    for element_id, value in data.items():
        element = elements.get(element_id) if isinstance(element_id, str) else None
        path = f"{param}.{shown(element_id)}"
        if element is None:
            raise _wrong(path, "the template has no such element")
        payload[element_id] = filling = _value(element, value, path)
        if filling.runs is not None:
            _check_families(document, filling.runs, f"{path}.runs")
    return payload


def payload_json(payload: Payload) -> dict[str, Any]:
    """The payload as it is stored: equal payloads are equal here too."""
    return {element_id: _value_json(value) for element_id, value in payload.items()}


def stored_payload(data: Mapping[str, Mapping[str, Any]]) -> Payload:
    """The payload that :func:`payload_json` was given."""
    return {element_id: _stored_value(value) for element_id, value in data.items()}


def sources(document: TemplateDefinition, payload: Payload) -> tuple[Source, ...]:
    """Every picture that rendering needs, each address once, in the order they are drawn."""
    found: dict[str, Source] = {}
    for source in _sources(document, payload):
        found.setdefault(source.url, source)
    return tuple(found.values())


def _sources(document: TemplateDefinition, payload: Payload) -> Iterator[Source]:
    background = document.canvas.background
    if isinstance(background, ImageBackground):
        yield Source(background.src, BACKGROUND, "background.src")
    yield from _sources_of(document.elements, payload)


def _sources_of(elements: Iterable[AnyElement], payload: Payload) -> Iterator[Source]:
    for element in back_first(visible(elements, payload)):
        if isinstance(element, ImageElement | SvgElement):
            value = payload.get(element.id)
            url = value.src if value else element.src
            if url is not None:
                yield Source(url, element.id, "src")
        elif isinstance(element, GroupElement | StackElement):
            yield from _sources_of(element.children, payload)


def is_given(payload: Payload, element_id: str) -> bool:
    """Whether a payload has something for an element: a text that is not blank, an address or a number."""
    value = payload.get(element_id)
    if value is None:
        return False
    if value.runs is not None:
        return any(run.text.strip() for run in value.runs)
    if value.fills is not None:
        return any(text.strip() for text in value.fills.values())
    return bool(value.text.strip()) if value.text is not None else True


def words_of(element: TextElement, payload: Payload) -> str | tuple[TextRun, ...]:
    """What stands in a text element: one text in the element's own look, or runs."""
    value = payload.get(element.id) or Value()
    if value.text is not None:
        return value.text
    if value.runs is not None:
        return value.runs
    if element.runs is not None:
        return filled(element.runs, value.fills or {})
    return element.text


def text_of(element: TextElement, payload: Payload) -> str:
    """The words of a text without their looks."""
    words = words_of(element, payload)
    return words if isinstance(words, str) else "".join(run.text for run in words)


def is_shown(element: AnyElement, payload: Payload) -> bool:
    """Whether an element is there at all with a payload."""
    condition = element.visible_when
    if condition is None or not element.visible:
        return element.visible
    if condition.given is not None:
        return is_given(payload, condition.given)
    return condition.missing is not None and not is_given(payload, condition.missing)


def visible(elements: Iterable[AnyElement], payload: Payload) -> Iterator[AnyElement]:
    """Those of the elements that are there with a payload."""
    return (element for element in elements if is_shown(element, payload))


def back_first(elements: Iterable[AnyElement]) -> list[AnyElement]:
    """Elements in the order they are drawn in."""
    return sorted(elements, key=lambda element: element.z)


def _value_json(value: Value) -> dict[str, Any]:
    if value.runs is not None:
        return {"runs": runs_json(value.runs)}
    if value.fills is not None:
        return {"runs": dict(value.fills)}
    fields = ((field, getattr(value, field)) for field in ("text", "src", "value"))
    return {field: held for field, held in fields if held is not None}


def _stored_value(data: Mapping[str, Any]) -> Value:
    runs = data.get("runs")
    if isinstance(runs, Mapping):
        return Value(fills=runs)
    if runs is not None:
        return Value(runs=parse_runs(runs, "runs"))
    return Value(**data)


def _value(element: AnyElement, data: object, path: str) -> Value:
    field = field_of(element)
    if field is None:
        raise _wrong(path, f"a {element.type} takes no value")
    if not isinstance(data, dict):
        raise _wrong(path, f'must be an object like {{"{field}": …}}')
    if isinstance(element, TextElement) and "runs" in data:
        return _runs(element, data, path)
    for other in data:
        if other != field:
            raise _wrong(f"{path}.{shown(other)}", f"a {element.type} element takes {field} and nothing else")
    if field not in data:
        raise _wrong(f"{path}.{field}", "is required")
    path = f"{path}.{field}"
    if isinstance(element, RatingElement):
        return Value(value=_number(element, data[field], path))
    if isinstance(element, ImageElement | SvgElement):
        return Value(src=_src(data[field], path))
    return Value(text=_text(element, data[field], path))


def _runs(element: TextElement, data: Mapping[Any, Any], path: str) -> Value:
    """A list of runs takes the place of the template's; an object fills those of its ids."""
    for other in data:
        if other != "runs":
            raise _wrong(f"{path}.{shown(other)}", "cannot be combined with runs")
    runs, path = data["runs"], f"{path}.runs"
    if isinstance(runs, dict):
        return Value(fills=parse_fills(element, runs, path))
    return Value(runs=parse_runs(runs, path))


def _check_families(document: TemplateDefinition, runs: Sequence[TextRun], path: str) -> None:
    """Of the workspace's own fonts a payload may name those that the template was made with."""
    known: Collection[str] | None = None
    for family, place in families_of_runs(runs, path):
        for name in chain(family):
            if name in BUILT_IN:
                continue
            known = own_families(document.elements) if known is None else known
            check_known({name: place}, known)


def _text(element: AnyElement, data: object, path: str) -> str:
    if not isinstance(data, str):
        raise _wrong(path, "must be a string")
    if len(data) > MAX_TEXT_CHARS:
        raise _wrong(path, f"may have at most {MAX_TEXT_CHARS} characters")
    if not is_text(data):
        raise _wrong(path, "must be valid Unicode text")
    if isinstance(element, QrElement | BarcodeElement) and (problem := code_problem(element, data)):
        raise _wrong(path, problem)
    return data


def _src(data: object, path: str) -> str:
    if not isinstance(data, str) or not _URL.fullmatch(data) or not is_text(data):
        raise _wrong(path, "must be a full http:// or https:// address")
    if len(data) > MAX_URL_CHARS:
        raise _wrong(path, f"may have at most {MAX_URL_CHARS} characters")
    return data


def _number(element: RatingElement, data: object, path: str) -> float:
    if isinstance(data, bool) or not isinstance(data, int | float):
        raise _wrong(path, "must be a number")
    if not 0 <= data <= element.max:  # which no NaN passes
        raise _wrong(path, f"must be from 0 to {element.max}")
    return float(data)


def _wrong(path: str, reason: str) -> InvalidParam:
    return InvalidParam(f"{path}: {reason}.", param=path)
