"""Collects the names and values of one request's expressions under placeholders.

Every name goes through a placeholder, so no attribute collides with one of DynamoDB's 570 reserved words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from darkroom.adapters.dynamodb.marshal import to_image

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(slots=True)
class Placeholders:
    """The placeholders of one request."""

    _names: dict[str, str] = field(default_factory=dict)
    _values: dict[str, Any] = field(default_factory=dict)

    def path(self, *parts: str) -> str:
        """The placeholder of an attribute, or of one inside nested maps."""
        return ".".join(self._names.setdefault(part, f"#{len(self._names)}") for part in parts)

    def value(self, value: Any) -> str:
        """The placeholder of a value."""
        placeholder = f":{len(self._values)}"
        self._values[placeholder] = value
        return placeholder

    def used(self) -> dict[str, Any]:
        """The request's members that explain the placeholders; DynamoDB takes no empty ones."""
        members: dict[str, Any] = {}
        if self._names:
            members["ExpressionAttributeNames"] = {held: name for name, held in self._names.items()}
        if self._values:
            members["ExpressionAttributeValues"] = to_image(self._values)
        return members


def update(*, set_: Sequence[str] = (), add: Sequence[str] = (), remove: Sequence[str] = ()) -> str:
    """The clauses of an update expression, leaving out what there is none of."""
    clauses = {"SET": set_, "ADD": add, "REMOVE": remove}
    return " ".join(f"{verb} {', '.join(parts)}" for verb, parts in clauses.items() if parts)


def all_of(*conditions: str) -> str:
    """All conditions joined; empty ones do not count."""
    return " AND ".join(condition for condition in conditions if condition)
