"""Holds a response against an example, in which `…` stands for anything and `<name>` for a value to keep."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_TOKEN = re.compile(r"(…|<[a-z][a-z0-9_]*>)")
_PLACEHOLDER = re.compile(r"<([a-z][a-z0-9_]*)>")

type Values = dict[str, str]


class Unknown(Exception):
    """A request names a value that no response before it has."""


def filled(text: str, values: Mapping[str, str]) -> str:
    """A request's text with the values in their places.

    Raises
    ------
    Unknown
    """

    def value(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise Unknown(f"nothing so far is called <{found[1]}>")
        return values[found[1]]

    return _PLACEHOLDER.sub(value, text)


def mistakes_in_json(example: str, body: str, values: Values) -> list[str]:
    """Where a body is not what the example says; new names are added to ``values``."""
    try:
        expected = json.loads(example)
    except ValueError as error:
        return [f"the example is not JSON: {error}"]
    try:
        actual = json.loads(body)
    except ValueError:
        return ["the answer is not JSON"]
    return list(_mistakes(expected, actual, "", values))


def mistakes_in_text(example: str, body: str, values: Values) -> list[str]:
    """The same of a body that is not JSON; line breaks at its end do not matter."""
    same = _matches(example.strip(), body.replace("\r\n", "\n").strip(), values)
    return [] if same else ["the text is another"]


def _mistakes(expected: Any, actual: Any, at: str, values: Values) -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(actual, dict):
        yield from (f"{at}.{name} is not in the answer" for name in expected.keys() - actual.keys())
        yield from (f"{at}.{name} is not in the example" for name in actual.keys() - expected.keys())
        for name in expected:  # in the page's order, which is the order names are captured in
            if name in actual:
                yield from _mistakes(expected[name], actual[name], f"{at}.{name}", values)
    elif isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            yield f"{at} has {len(actual)} members, not {len(expected)}"
            return
        for index, (one, other) in enumerate(zip(expected, actual, strict=True)):
            yield from _mistakes(one, other, f"{at}[{index}]", values)
    elif not _same(expected, actual, values):
        yield f"{at} is {_text(actual)}, not {_text(expected)}"


def _same(expected: Any, actual: Any, values: Values) -> bool:
    if isinstance(expected, str):
        if isinstance(actual, str):
            return _matches(expected, actual, values)
        # A number or a truth value: only as a whole can it be left open or kept.
        return (
            isinstance(actual, bool | int | float)
            and _TOKEN.fullmatch(expected) is not None
            and _matches(expected, json.dumps(actual), values)
        )
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    return bool(expected == actual)  # JSON has one kind of number: 80.0 is 80


def _matches(expected: str, actual: str, values: Values) -> bool:
    pattern = ""
    fresh: set[str] = set()
    for part in _TOKEN.split(expected):
        name = part[1:-1]
        if part == "…":
            pattern += ".*"
        elif not _TOKEN.fullmatch(part):
            pattern += re.escape(part)
        elif name in values:
            pattern += re.escape(values[name])
        elif name in fresh:
            pattern += f"(?P={name})"
        else:
            fresh.add(name)
            pattern += f"(?P<{name}>.+?)"
    found = re.fullmatch(pattern, actual, re.DOTALL)
    if found is None:
        return False
    values.update(found.groupdict())
    return True


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
