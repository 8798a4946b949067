"""Documents for the tests, as a client would send them."""

from __future__ import annotations

from typing import Any


def element(kind: str = "text", element_id: str = "it", **fields: Any) -> dict[str, Any]:
    """An element with what every element needs, and ``fields``."""
    return {"id": element_id, "type": kind, "x": 0, "y": 0, "width": 100, "height": 50, **fields}


def document(*elements: object, **canvas: Any) -> dict[str, Any]:
    """A document of the elements."""
    return {"canvas": {"width": 200, "height": 100, **canvas}, "elements": list(elements)}
