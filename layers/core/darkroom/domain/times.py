"""Times as clients and subscribers read them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import overload


@overload
def utc_text(moment: datetime) -> str: ...
@overload
def utc_text(moment: datetime | None) -> str | None: ...
def utc_text(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC and whole seconds, such as ``2026-06-18T17:04:22Z``; ``None`` stays ``None``."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
