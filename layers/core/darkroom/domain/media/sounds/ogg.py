"""Ogg: pages with checksums, and packets across them. The second packet of Vorbis and of Opus has the tags.

It is not taken out, which would move every page behind it, but emptied: both formats ignore what follows.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from darkroom.domain.media.metadata import BrokenFile

_HEADER: Final = struct.Struct("<4sBBqIII")  # and the number of segments, and their lengths
_CHECKSUM_AT: Final = 22
_NO_TAGS: Final = bytes(8)  # an empty name of the encoder, and no comment
_EMPTIED: Final = {b"\x03vorbis": b"\x03vorbis" + _NO_TAGS + b"\x01", b"OpusTags": b"OpusTags" + _NO_TAGS}
_OPUS_RATE: Final = 48_000


@dataclass(frozen=True, slots=True)
class _Page:
    start: int
    body: int
    granule: int
    segments: bytes

    @property
    def end(self) -> int:
        return self.body + sum(self.segments)


def walked(data: bytes) -> tuple[float, bytes]:
    """Seconds, and the file without tags."""
    pages = list(_pages(data))
    first = data[pages[0].body : pages[0].end]
    skipped, rate = _heading(first)
    samples = max(page.granule for page in pages) - skipped
    return max(samples, 0) / rate, _without_tags(data, pages[1:])


def _pages(data: bytes) -> Iterator[_Page]:
    at = 0
    while at < len(data):
        magic, version, _, granule, *_ = _HEADER.unpack_from(data, at)
        if magic != b"OggS" or version:
            raise BrokenFile
        table = at + _HEADER.size
        body = table + 1 + data[table]
        page = _Page(at, body, granule, data[table + 1 : body])
        if page.end > len(data):
            raise BrokenFile
        yield page
        at = page.end


def _heading(packet: bytes) -> tuple[int, int]:
    """How many samples are not to be heard, and how many make a second."""
    if packet.startswith(b"\x01vorbis"):
        return 0, int(struct.unpack_from("<I", packet, 12)[0])
    if packet.startswith(b"OpusHead"):
        return int(struct.unpack_from("<H", packet, 10)[0]), _OPUS_RATE
    raise BrokenFile("is neither Vorbis nor Opus")


def _without_tags(data: bytes, pages: list[_Page]) -> bytes:
    clean, spans = bytearray(data), list(_packet(pages))
    packet = b"".join(data[start:end] for _, start, end in spans)
    emptied = next((new for old, new in _EMPTIED.items() if packet.startswith(old)), None)
    if emptied is None or len(emptied) > len(packet):
        raise BrokenFile
    rest = emptied + bytes(len(packet) - len(emptied))
    for page, start, end in spans:
        clean[start:end], rest = rest[: end - start], rest[end - start :]
        _sign(clean, page)
    return bytes(clean)


def _packet(pages: list[_Page]) -> Iterator[tuple[_Page, int, int]]:
    """Where the first packet of some pages is: a segment of less than 255 bytes ends it."""
    for page in pages:
        at = page.body
        for length in page.segments:
            at += length
            if length < 255:
                yield page, page.body, at
                return
        yield page, page.body, at
    raise BrokenFile


def _sign(data: bytearray, page: _Page) -> None:
    place = slice(page.start + _CHECKSUM_AT, page.start + _CHECKSUM_AT + 4)
    data[place] = bytes(4)
    data[place] = _checksum(data[page.start : page.end]).to_bytes(4, "little")


def _table() -> tuple[int, ...]:
    """Ogg's own CRC: the usual polynomial, from the top bit on, without inversion."""
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
        table.append(value)
    return tuple(table)


_CRC: Final = _table()


def _checksum(data: bytearray) -> int:
    value = 0
    for byte in data:
        value = (value << 8 & 0xFFFFFFFF) ^ _CRC[value >> 24 ^ byte]
    return value
