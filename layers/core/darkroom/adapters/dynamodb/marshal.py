"""Python values as DynamoDB's JSON and back.

Numbers come back as ``int``, or as ``float`` when they have a fraction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

type Row = dict[str, Any]
type Image = Mapping[str, Any]  # a row in DynamoDB's JSON

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class _Serializer(TypeSerializer):
    def serialize(self, value: Any) -> Any:
        if isinstance(value, float):
            return super().serialize(Decimal(str(value)))
        if isinstance(value, str):
            return {"S": _storable(value)}
        return super().serialize(value)


class _Deserializer(TypeDeserializer):
    def _deserialize_n(self, value: str) -> Any:
        number = Decimal(value)
        return int(number) if number == number.to_integral_value() else float(number)


_serializer = _Serializer()
_deserializer = _Deserializer()


def to_image(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row, key or set of expression values in DynamoDB's JSON."""
    return {name: _serializer.serialize(value) for name, value in row.items()}


def from_image(image: Image) -> Row:
    """What :func:`to_image` made, or a stream record's image, as plain values."""
    return {name: _deserializer.deserialize(value) for name, value in image.items()}


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
