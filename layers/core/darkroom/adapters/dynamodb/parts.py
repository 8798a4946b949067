"""One write as one part of a transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from darkroom.adapters.dynamodb.marshal import Row, to_image

if TYPE_CHECKING:
    from darkroom.adapters.dynamodb.expressions import Placeholders
    from darkroom.adapters.dynamodb.keys import Key

type Verb = Literal["Put", "Update", "Delete", "ConditionCheck"]


@dataclass(frozen=True, slots=True)
class Part:
    """What to do, in a form both a transaction and a single call take."""

    verb: Verb
    request: dict[str, Any]


NEW = "attribute_not_exists(pk)"
EXISTS = "attribute_exists(pk)"


def put(table: str, row: Row, *, condition: str = "", holders: Placeholders | None = None) -> Part:
    """Put a row, on a condition if there is one."""
    return _part("Put", table, {"Item": to_image(row)}, condition, holders)


def change(table: str, key: Key, update: str, *, condition: str = "", holders: Placeholders) -> Part:
    """Update a row in place; with nothing to update, only check the condition."""
    if not update:
        return _part("ConditionCheck", table, {"Key": to_image(key)}, condition, holders)
    return _part("Update", table, {"Key": to_image(key), "UpdateExpression": update}, condition, holders)


def delete(table: str, key: Key, *, condition: str = "", holders: Placeholders | None = None) -> Part:
    """Delete a row, on a condition if there is one; else if it is there."""
    return _part("Delete", table, {"Key": to_image(key)}, condition, holders)


def _part(verb: Verb, table: str, what: Row, condition: str, holders: Placeholders | None) -> Part:
    request: dict[str, Any] = {"TableName": table, **what, **(holders.used() if holders else {})}
    if condition:
        request |= {"ConditionExpression": condition, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    return Part(verb, request)
