"""Ids that must come out the same when the same thing happens twice."""

from __future__ import annotations

import uuid

_NAMESPACE = uuid.UUID("8f0c6f0e-5f5b-4b0e-9d5e-2f6d3b7a41c9")


def derived(*parts: str | int) -> str:
    """A UUID that depends on nothing but ``parts``, so that doing a thing twice names it once."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(str(part) for part in parts)))


def is_uuid(text: str) -> bool:
    """Whether ``text`` is a UUID in its canonical spelling; anything else cannot be one of our ids."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
