"""How every write is spelled for DynamoDB: registered where it is, looked up by its class.

A context's spellings are loaded with the first of its writes: most functions make few of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from darkroom.adapters.dynamodb.marshal import Image, from_image
from darkroom.domain.serialization import from_document
from darkroom.domain.writes import Current, Write

if TYPE_CHECKING:
    from darkroom.adapters.dynamodb.parts import Part

type TableName = Literal["accounts", "jobs", "assets", "webhooks", "usage"]
type ReadCurrent = Callable[[Mapping[str, Any]], Current]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that counts: the refusal says how far the count stands, zero if there is no row."""

    name: str


@dataclass(frozen=True, slots=True)
class Spelling:
    """A write's table, how it becomes a part of a transaction, and what a refusal says of the row in its way."""

    table: TableName
    part: Callable[[str, Any], Part]
    current: ReadCurrent | Column | None

    def refused_by(self, old: Image | None) -> Current:
        """What stands in the way of a refused write, from the row as it is."""
        if isinstance(self.current, Column):
            return int(from_image(old or {}).get(self.current.name, 0))
        return self.current(from_image(old)) if old and self.current else None


SPELLINGS: dict[type[Write], Spelling] = {}


def spelled[W: Write](
    kind: type[W], table: TableName, *, current: ReadCurrent | Column | None = None
) -> Callable[[Callable[[str, W], Part]], Callable[[str, W], Part]]:
    """Register a function as the spelling of a class of writes.

    ``current`` reads what a refusal says of the row that stands in the way; a write without a condition has none.
    """

    def register(part: Callable[[str, W], Part]) -> Callable[[str, W], Part]:
        SPELLINGS[kind] = Spelling(table, part, current)
        return part

    return register


def spelling_of(kind: type[Write]) -> Spelling:
    """The spelling of a class of writes, from the module that is called what the class's own is."""
    if kind not in SPELLINGS:
        import_module(f"{__package__}.{kind.__module__.rpartition('.')[2]}")
    return SPELLINGS[kind]


def stored(kind: type[Any]) -> ReadCurrent:
    """The refusal has the object that is stored."""
    return partial(from_document, kind)


def column(name: str) -> Column:
    """The refusal has a number, zero if there is no row."""
    return Column(name)
