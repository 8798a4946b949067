"""What is asked of the process that draws drawings from outside."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class DrawingRequest:
    """The box in pixels a drawing is to be fitted into, and the files of its fonts."""

    width: float
    height: float
    fit: str
    fonts: tuple[str, ...] = ()

    def as_bytes(self, data: bytes) -> bytes:
        """This request for the drawing in ``data``."""
        return json.dumps(asdict(self)).encode() + b"\n" + data

    @classmethod
    def parsed(cls, request: bytes) -> tuple[Self, bytes]:
        """A request and its drawing."""
        head, _, data = request.partition(b"\n")
        return cls(**json.loads(head)), data
