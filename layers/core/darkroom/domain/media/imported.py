"""Pictures brought in from outside."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImportedPicture:
    """A picture from outside as it is kept: an upright PNG without metadata, with its size in pixels."""

    data: bytes
    width: int
    height: int
