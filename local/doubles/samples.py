"""Small real files for doubles to deliver: a picture, a film and a song that every decoder takes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from local.doubles.base import CannedResponse


@cache
def png(width: int = 64, height: int = 64, grey: int = 200) -> bytes:
    """A plain grey picture; 0 is the black one a safety checker leaves."""
    rows = (b"\x00" + bytes([grey]) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def mp4() -> bytes:
    """The beginning of a film: enough to be recognised as one."""
    brand = b"isom" + struct.pack(">I", 512) + b"isomiso2avc1mp41"
    return (
        struct.pack(">I", 8 + len(brand))
        + b"ftyp"
        + brand
        + struct.pack(">I", 8 + 64)
        + b"mdat"
        + b"\x00" * 64
    )


def mp3() -> bytes:
    """A few frames of silence: 44.1 kHz, 128 kbit/s, mono."""
    frame = b"\xff\xfb\x90\xc0" + b"\x00" * 413
    return frame * 8


def file(name: str) -> CannedResponse:
    """A finished file, of the kind its name ends in; black where the name says so."""
    match name.rpartition(".")[2]:
        case "mp4":
            return CannedResponse(200, mp4(), {"Content-Type": "video/mp4"})
        case "mp3":
            return CannedResponse(200, mp3(), {"Content-Type": "audio/mpeg"})
        case _:
            return CannedResponse(
                200, png(grey=0 if "-black." in name else 200), {"Content-Type": "image/png"}
            )


def fitting(schema: Mapping[str, Any], count: int = 5) -> Any:
    """A value that fits a JSON Schema of the plain kind; lists have ``count`` members."""
    kind = schema["type"]
    match kind[0] if isinstance(kind, list) else kind:
        case "object":
            return {name: fitting(one, count) for name, one in schema["properties"].items()}
        case "array":
            return [fitting(schema["items"], count)] * count
        case "integer" | "number":
            return 1
        case "boolean":
            return True
        case _:
            return "a sample"
