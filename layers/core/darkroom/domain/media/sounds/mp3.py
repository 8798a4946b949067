"""MP3: frames one after the other, with tags before and behind them."""

from __future__ import annotations

from typing import Final

from darkroom.domain.media.metadata import BrokenFile

_RATES: Final = (44_100, 48_000, 32_000)
_KBITS: Final = {  # by whether the version is 1
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_DIVIDED: Final = {3: 1, 2: 2, 0: 4}  # how the rates of a version's frames are: 1, 2 and 2.5
_TAIL_BYTES: Final = 8192  # encoders leave up to this behind the last frame


def walked(data: bytes) -> tuple[float, bytes]:
    """Seconds, and the frames alone."""
    start, end = _frames(data)
    at, seconds = start, 0.0
    while at < end:
        frame = _frame(data, at)
        if frame is None:
            if end - at > _TAIL_BYTES:
                raise BrokenFile
            break
        length, lasts = frame
        if at + length > end:
            raise BrokenFile
        at, seconds = at + length, seconds + lasts
    if at == start:
        raise BrokenFile
    return seconds, data[start:at]


def _frame(data: bytes, at: int) -> tuple[int, float] | None:
    """The bytes and the seconds of the frame that begins at a place; ``None`` if none does."""
    if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] & 0xE6 != 0xE2:
        return None
    version, third = data[at + 1] >> 3 & 3, data[at + 2]
    kbits, rate, padding = third >> 4, third >> 2 & 3, third >> 1 & 1
    if version == 1 or kbits in (0, 15) or rate == 3:
        return None
    hertz = _RATES[rate] // _DIVIDED[version]
    samples = 1152 if version == 3 else 576
    return samples // 8 * _KBITS[version == 3][kbits] * 1000 // hertz + padding, samples / hertz


def _frames(data: bytes) -> tuple[int, int]:
    """Where the frames begin and end, between ID3 before and ID3 or APE behind them."""
    start, end = 0, len(data)
    while data[start : start + 3] == b"ID3":
        flags, *sizes = data[start + 5 : start + 10]
        start += 10 + _synchsafe(sizes) + (10 if flags & 0x10 else 0)
    if data[end - 128 : end - 125] == b"TAG":
        end -= 128
    if data[end - 32 : end - 24] == b"APETAGEX":
        size, flags = (int.from_bytes(data[end - 32 + at : end - 28 + at], "little") for at in (12, 20))
        end -= size + (32 if flags >> 31 else 0)
    if start >= end:
        raise BrokenFile
    return start, end


def _synchsafe(sizes: list[int]) -> int:
    """A number of which each byte has seven bits."""
    total = 0
    for byte in sizes:
        total = total << 7 | byte & 0x7F
    return total
