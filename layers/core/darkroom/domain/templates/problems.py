"""What pydantic finds wrong with a document, in our own plain words and by the element's name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from darkroom.domain.errors import InvalidParam
from darkroom.domain.templates.elements import ID_PATTERN

_SHOWN_CHARS = 64

# Pydantic's kinds of mistakes; names in braces come from its context, never from the input.
_REASONS: Mapping[str, str] = {
    "missing": "is required",
    "extra_forbidden": "is not a known field",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "dict_type": "must be an object",
    "list_type": "must be an array",
    "tuple_type": "must be an array",
    "too_long": "may have at most {max_length} entries",
    "too_short": "must have at least {min_length} entries",
    "string_type": "must be a string",
    "string_unicode": "must be valid Unicode text",
    "string_too_short": "must not be empty",
    "string_too_long": "may have at most {max_length} characters",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "is too large a number",
    "bool_type": "must be true or false",
    "greater_than_equal": "must be at least {ge:g}",
    "greater_than": "must be more than {gt:g}",
    "less_than_equal": "must be at most {le:g}",
    "less_than": "must be less than {lt:g}",
    "literal_error": "must be one of {expected}",
}
_AN_ID = "must begin with a letter and have at most 64 letters, digits, - and _"
_PATTERNS: Mapping[str, str] = {
    **dict.fromkeys(("id", "given", "missing"), _AN_ID),
    "src": "must be a full http:// or https:// address",
}
_LISTS = ("elements", "children")  # of elements
_UNTAGGED = ("union_tag_invalid", "union_tag_not_found")
_CHOICES: Mapping[str, str] = {
    "mask": "must be an object of the type shape or svg",
    "type": "must be one of text, image, svg, qr, barcode, rating, shape, group and stack",
    "fill": "must be a colour, or an object of the type linear or radial",
    "color": "must be a colour, or an object of the type linear or radial",
    "background": "must be a colour, or an object of the type linear, radial or image",
}
_ID = re.compile(ID_PATTERN)
_COLOUR = "must be a colour: #rgb, #rgba, #rrggbb, #rrggbbaa or transparent"


def shown(name: object) -> str:
    """A name out of the input as it may stand in a message: short, ASCII, nothing that reorders or hides."""
    text = str(name)[:_SHOWN_CHARS]
    return "".join(c if c.isascii() and c.isprintable() else "?" for c in text)


def named(element: object) -> str | None:
    """An element's id, if it has a usable one."""
    element_id = element.get("id") if isinstance(element, dict) else None
    return element_id if isinstance(element_id, str) and _ID.fullmatch(element_id) else None


def is_text(text: str) -> bool:
    """Whether a string can be written as UTF-8: JSON may bring halves of characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def refusal(error: ValidationError, data: object, *, within: str = "") -> InvalidParam:
    """The refusal that tells of the first mistake; its path begins with ``within``."""
    mistake = error.errors(include_url=False, include_input=False)[0]
    kind, context = mistake["type"], mistake.get("ctx", {})
    path = _path(mistake["loc"], data, missing=kind == "missing")
    if kind in _UNTAGGED and _is_element(mistake["loc"]):
        path.append("type")
    param = within + ".".join(path) or "document"
    return InvalidParam(f"{param}: {_reason(kind, context, param)}.", param=param)


def _reason(kind: str, context: Mapping[str, Any], param: str) -> str:
    field = param.rpartition(".")[2]
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(field, _COLOUR)
    if kind in _UNTAGGED:
        return _CHOICES[field]
    return _REASONS.get(kind, "is not valid").format(**context)


def _is_element(location: tuple[int | str, ...]) -> bool:
    return len(location) > 1 and location[-2] in _LISTS and isinstance(location[-1], int)


def _is_member(location: tuple[int | str, ...], data: Any, step: int | str) -> bool:
    """Whether a step names the kind of object that a field has, and not a field of that object by the same name."""
    chosen = bool(location) and location[-1] in _CHOICES and isinstance(data, dict)
    return chosen and data.get("type") == step


def _path(location: tuple[int | str, ...], data: Any, *, missing: bool) -> list[str]:
    """Where the mistake is, as a client would write it; an element in a group or stack is named as any other.

    Pydantic names the chosen member of a union between the steps that are in the input. Those are left out: the
    one after an element's index, and any that is not to be found where the path has come to.
    """
    path: list[str] = []
    for place, step in enumerate(location):
        if _is_element(location[:place]) or _is_member(location[:place], data, step):
            continue
        if _has(data, step):
            data = data[step]
        elif not (missing and place == len(location) - 1):
            continue
        if _is_element(location[: place + 1]) and (name := named(data)):
            path = ["elements", name]
        else:
            path.append(shown(step))
    return path


def _has(data: object, step: int | str) -> bool:
    if isinstance(data, list):
        return isinstance(step, int) and step < len(data)
    return isinstance(data, dict) and step in data
