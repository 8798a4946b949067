"""MP4: boxes within boxes. Those with tags become free space, so that nothing else moves."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from darkroom.domain.media.metadata import BrokenFile

_OPENED: Final = frozenset({b"moov", b"trak"})
_TAGS: Final = frozenset({b"udta", b"meta", b"uuid"})
_DEPTH: Final = 3


class _Box(NamedTuple):
    kind: bytes
    start: int
    body: int
    end: int


def walked(data: bytes) -> tuple[float, bytes]:
    """Seconds, and the file without tags."""
    clean = bytearray(data)
    seen: dict[bytes, _Box] = {}
    for box in _boxes(data, 0, len(data), _DEPTH):
        seen.setdefault(box.kind, box)
        if box.kind in _TAGS:
            clean[box.start + 4 : box.start + 8] = b"free"
            clean[box.body : box.end] = bytes(box.end - box.body)
    if not {b"moov", b"mvhd", b"mdat"} <= seen.keys():
        raise BrokenFile
    return _seconds(data, seen[b"mvhd"]), bytes(clean)


def _boxes(data: bytes, at: int, end: int, depth: int) -> Iterator[_Box]:
    while at < end:
        size, kind = struct.unpack_from(">I4s", data, at)
        body = at + 8
        if size == 1:
            (size,), body = struct.unpack_from(">Q", data, body), body + 8
        box = _Box(kind, at, body, end if size == 0 else at + size)
        if not body <= box.end <= end:
            raise BrokenFile
        yield box
        if kind in _OPENED and depth:
            yield from _boxes(data, body, box.end, depth - 1)
        at = box.end


def _seconds(data: bytes, mvhd: _Box) -> float:
    """The whole film's duration, of which a sound is one."""
    if data[mvhd.body]:
        timescale, duration = struct.unpack_from(">IQ", data, mvhd.body + 20)
    else:
        timescale, duration = struct.unpack_from(">II", data, mvhd.body + 12)
    return float(duration / timescale)
