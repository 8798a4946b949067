"""WAV: chunks, of which a player needs three."""

from __future__ import annotations

import struct
from typing import Final

from darkroom.domain.media.metadata import BrokenFile, riff_chunk, riff_chunks

_KEPT: Final = (b"fmt ", b"fact", b"data")


def walked(data: bytes) -> tuple[float, bytes]:
    """Seconds, and the file without any other chunk."""
    chunks = {kind: body for kind, body in riff_chunks(data) if kind in _KEPT}
    if not {b"fmt ", b"data"} <= chunks.keys() or not chunks[b"data"]:
        raise BrokenFile
    (bytes_per_second,) = struct.unpack("<I", chunks[b"fmt "][8:12])
    parts = [riff_chunk(kind, chunks[kind]) for kind in _KEPT if kind in chunks]
    head = b"RIFF" + struct.pack("<I", 4 + sum(map(len, parts))) + b"WAVE"
    return len(chunks[b"data"]) / bytes_per_second, b"".join((head, *parts))
