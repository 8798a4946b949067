"""Takes the metadata out of a picture's file and leaves its pixels, bit for bit, and their colour profile.

What is kept is listed; everything else goes: camera and place (EXIF), captions (XMP, IPTC), comments, thumbnails,
further pictures, and whatever stands behind the picture's end.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Final

_SCAN_ENDS: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
_APPLICATION = range(0xE0, 0xF0)
_COMMENT: Final = 0xFE
# Markers of applications' segments that a decoder needs, and how those begin.
_JPEG_KEPT: Final = {0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}

_PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT: Final = frozenset(
    {
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"bKGD", b"pHYs"),
        *(b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV", b"cLLI", b"sBIT"),
    }
)

_ORIENTATION_TAG: Final = 0x0112

_WEBP_KEPT: Final = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_METADATA_FLAGS: Final = 0x0C  # EXIF and XMP


class BrokenFile(ValueError):
    """A file that cannot be walked to its end. The message continues "The file …"."""

    def __init__(self, detail: str = "is damaged or not complete") -> None:
        super().__init__(detail)


def without_metadata(data: bytes, mime: str) -> bytes:
    """A JPEG, PNG or WebP without its metadata.

    Raises
    ------
    BrokenFile
    """
    try:
        return b"".join(_PARTS[mime](data))
    except (struct.error, IndexError) as problem:
        raise BrokenFile from problem


def png_orientation(data: bytes) -> int:
    """How a PNG's rows are to be turned, as EXIF numbers it; 1 for not at all, as where that is nonsense."""
    for kind, start, end in _png_chunks(data):
        if kind == b"eXIf":
            turned = _orientation(data[start:end])
            return turned if 1 <= turned <= 8 else 1
    return 1


def _orientation(exif: bytes) -> int:
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None:
        return 1
    try:
        (at,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, at)
        for entry in range(count):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", exif, at + 2 + 12 * entry)
            if tag == _ORIENTATION_TAG:
                return int(value)
    except struct.error:
        return 1
    return 1


def _jpeg(data: bytes) -> Iterator[bytes]:
    yield data[:2]
    at = 2
    while True:
        if data[at] != 0xFF:
            raise BrokenFile
        marker = data[at + 1]
        if marker == 0xFF:  # any marker may have fill bytes before it
            at += 1
        elif marker == _END_OF_IMAGE:
            yield data[at : at + 2]
            return
        else:
            end = at + 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
            if _is_kept(marker, data[at + 4 : min(end, at + 16)]):
                end = _scan_end(data, end) if marker == _START_OF_SCAN else end
                yield data[at:end]
            at = end


def _is_kept(marker: int, begins: bytes) -> bool:
    if marker in _JPEG_KEPT:
        return begins.startswith(_JPEG_KEPT[marker])
    return marker not in _APPLICATION and marker != _COMMENT


def _scan_end(data: bytes, at: int) -> int:
    """Where a scan's pixels end: at the next marker that is not part of them."""
    found = _SCAN_ENDS.search(data, at)
    if found is None:
        raise BrokenFile
    return found.start()


def _png(data: bytes) -> Iterator[bytes]:
    yield _PNG_SIGNATURE
    for kind, start, end in _png_chunks(data):
        if kind in _PNG_KEPT:
            yield data[start - 8 : end + 4]


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The chunks up to the last one, by name, and where their bodies begin and end.

    Raises
    ------
    BrokenFile
    """
    at, kind = len(_PNG_SIGNATURE), b""
    while kind != b"IEND":
        if at + 8 > len(data):
            raise BrokenFile
        length, kind = struct.unpack_from(">I4s", data, at)
        if at + 12 + length > len(data):
            raise BrokenFile
        yield kind, at + 8, at + 8 + length
        at += 12 + length


def _webp(data: bytes) -> Iterator[bytes]:
    parts = list(_webp_parts(data))
    yield b"RIFF" + struct.pack("<I", 4 + sum(map(len, parts))) + b"WEBP"
    yield from parts


def _webp_parts(data: bytes) -> Iterator[bytes]:
    for kind, body in riff_chunks(data):
        if kind == b"VP8X":
            body = bytes((body[0] & ~_WEBP_METADATA_FLAGS,)) + body[1:]  # noqa: PLW2901
        if kind in _WEBP_KEPT:
            yield riff_chunk(kind, body)


def riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a RIFF file, by name.

    Raises
    ------
    BrokenFile
    """
    ends = 8 + int.from_bytes(data[4:8], "little")
    at = 12
    if ends > len(data):
        raise BrokenFile
    while at + 8 <= ends:
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + size > ends:
            raise BrokenFile
        yield kind, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def riff_chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a RIFF file, padded to an even length."""
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


_PARTS: Final[Mapping[str, Callable[[bytes], Iterator[bytes]]]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
}
