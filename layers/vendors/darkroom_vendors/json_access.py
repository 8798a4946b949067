"""Reading untrusted JSON: a part that has another shape than expected counts as absent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from darkroom.domain.jobs.facts import Figure, VendorFacts


def mapping(value: Any) -> Mapping[str, Any]:
    """``value`` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> Sequence[Mapping[str, Any]]:
    """The objects in ``value`` if it is a list, else none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def vendor_facts(request_id: Any = None, **figures: Any) -> VendorFacts:
    """The facts of a request's id and the vendor's figures, as far as they are there."""
    return VendorFacts(
        request_id=str(request_id) if isinstance(request_id, str | int) and request_id else None,
        figures=plain(figures),
    )


def plain(figures: Mapping[str, Any]) -> Mapping[str, Figure]:
    """Those of a vendor's figures that can be stored as facts."""
    return {name: value for name, value in figures.items() if isinstance(value, str | int | float)}


def present(**fields: Any) -> dict[str, Any]:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}
