"""Python values as DynamoDB's JSON and back.

Numbers come back as ``int``, or as ``float`` when they have a fraction. boto3's own serializers are not used: their
module loads all of boto3, which is most of a cold start, and they are several times slower per row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

type Row = dict[str, Any]
type Image = Mapping[str, Any]  # a row in DynamoDB's JSON

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_image(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row, key or set of expression values in DynamoDB's JSON."""
    return {name: _to_attribute(value) for name, value in row.items()}


def from_image(image: Image) -> Row:
    """What :func:`to_image` made, or a stream record's image, as plain values."""
    return {name: _from_attribute(value) for name, value in image.items()}


def to_epoch(moment: datetime) -> Decimal:
    """Seconds since 1970, exact to the microsecond: what conditions and indexes compare."""
    return Decimal((moment - _EPOCH) // _MICROSECOND).scaleb(-6)


def from_epoch(seconds: float) -> datetime:
    """The inverse of :func:`to_epoch`; a float tells microseconds apart until 2106."""
    return _EPOCH + round(seconds * 1_000_000) * _MICROSECOND


def _storable(text: str) -> str:
    """The text with half characters (lone surrogates) replaced, which UTF-8 has no bytes for."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _to_attribute(value: Any) -> dict[str, Any]:
    """One value; a set is of numbers or of strings.

    Raises
    ------
    TypeError
        DynamoDB has no such type.
    """
    for types, write in _WRITERS:
        if isinstance(value, types):
            return write(value)
    raise TypeError(f"{type(value).__name__} cannot be stored")


def _set(items: Collection[Any]) -> dict[str, Any]:
    """A set; DynamoDB has no empty ones, so an empty one is a mistake of ours."""
    if not items:
        raise TypeError("an empty set cannot be stored")
    if all(isinstance(item, str) for item in items):
        return {"SS": sorted(items)}
    return {"NS": [_number(item) for item in sorted(items)]}


def _number(value: Any) -> str:
    number = Decimal(str(value)) if isinstance(value, float) else value
    if isinstance(number, Decimal) and not number.is_finite():
        raise TypeError(f"{number} cannot be stored")
    return str(number)


def _from_attribute(attribute: Mapping[str, Any]) -> Any:
    ((kind, value),) = attribute.items()
    return _READERS[kind](value)


def _from_number(text: str) -> int | float:
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else float(number)


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "S": str,
    "N": _from_number,
    "BOOL": bool,
    "NULL": lambda _: None,
    "M": lambda items: {name: _from_attribute(item) for name, item in items.items()},
    "L": lambda items: [_from_attribute(item) for item in items],
    "SS": set,
    "NS": lambda items: {_from_number(item) for item in items},
}

# In order: a ``bool`` is an ``int`` too.
_WRITERS: tuple[tuple[type | tuple[type, ...], Callable[[Any], dict[str, Any]]], ...] = (
    (str, lambda text: {"S": _storable(text)}),
    (bool, lambda flag: {"BOOL": flag}),
    ((int, float, Decimal), lambda number: {"N": _number(number)}),
    (type(None), lambda _: {"NULL": True}),
    (dict, lambda items: {"M": {name: _to_attribute(item) for name, item in items.items()}}),
    ((list, tuple), lambda items: {"L": [_to_attribute(item) for item in items]}),
    ((set, frozenset), _set),
)
