"""What is asked of the process that decodes pictures, and how its answer begins."""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass
from typing import Final, Self

from darkroom_graphics.picture_limits import USUAL_LIMITS, PictureLimits

SIZES: Final = struct.Struct(">IIII")  # of the upright picture, and of the pixels that follow


@dataclass(frozen=True, slots=True)
class DecodingRequest:
    """How large a picture is needed: no smaller than ``scale`` times its size, and at most ``longest`` pixels a side.

    A ``scale`` of 0 asks for the size alone.
    """

    scale: float = 1.0
    longest: int | None = None
    limits: PictureLimits = USUAL_LIMITS

    def as_bytes(self, data: bytes) -> bytes:
        """This request for the picture in ``data``."""
        return json.dumps(asdict(self)).encode() + b"\n" + data

    @classmethod
    def parsed(cls, request: bytes) -> tuple[Self, bytes]:
        """A request and its picture."""
        head, _, data = request.partition(b"\n")
        members = json.loads(head)
        limits = members.pop("limits")
        formats = tuple(limits.pop("formats"))
        return cls(**members, limits=PictureLimits(formats, **limits)), data
