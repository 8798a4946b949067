"""Taking apart JSON that somebody else wrote: what is not of the shape it should be counts as not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from darkroom.domain.jobs.job import Facts


def mapping(value: Any) -> Mapping[str, Any]:
    """``value`` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> Sequence[Mapping[str, Any]]:
    """The objects in ``value`` if it is a list, else none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def plain(told: Mapping[str, Any]) -> Facts:
    """Those of a vendor's figures and names that can be kept as facts."""
    return {name: value for name, value in told.items() if isinstance(value, str | int | float)}


def present(**fields: Any) -> dict[str, Any]:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}
