"""What some bytes are, from the bytes alone: enough to refuse them before anything decodes them."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from darkroom.domain.errors import InvalidParam

MAX_PIXELS = 40_000_000
_MAX_CHUNKS = 50_000  # of a PNG; encoders make one per 8 kB or more
_FILM_BRANDS = frozenset({b"avc1", b"M4V ", b"dash", b"MSNV", b"f4v ", b"XAVC"})
_MAX_STEPS = 4096  # of a walk through a header; real files take a few dozen


@dataclass(frozen=True, slots=True)
class Media:
    """A recognised file: its type, and its size in pixels where it is a picture."""

    mime: str
    width: int = 0
    height: int = 0


def sniff(data: bytes) -> Media | None:
    """Recognise PNG, JPEG, WebP, GIF, BMP, MP3, WAV, M4A and OGG by their headers; ``None`` for anything else.

    A picture whose header is cut short or names no size is not recognised.
    """
    readers = (_png, _jpeg, _webp, _gif, _bmp, _audio)
    try:
        return next((found for read in readers if (found := read(data))), None)
    except (struct.error, IndexError):
        return None


def sniff_film(data: bytes) -> Media | None:
    """Recognise MP4, QuickTime and WebM films by their headers; ``None`` for anything else."""
    if data[4:8] == b"ftyp":
        brand = data[8:12]
        if brand in _FILM_BRANDS or brand[:3] in (b"iso", b"mp4"):
            return Media("video/mp4")
        return Media("video/quicktime") if brand == b"qt  " else None
    return Media("video/webm") if data[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in data[:64] else None


def is_svg(data: bytes) -> bool:
    """Whether the bytes begin as an SVG drawing does. Whether it is a harmless one is for who reads it."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"<") and b"<svg" in head


def picture(data: bytes, *, accepted: frozenset[str], param: str) -> Media:
    """The picture that ``data`` is.

    Raises
    ------
    InvalidParam
        It is none of ``accepted``, or it has more than forty megapixels or none.
    """
    media = sniff(data)
    if media is None or media.mime not in accepted or not media.width:
        kinds = ", ".join(sorted(mime.removeprefix("image/") for mime in accepted))
        raise InvalidParam(f"{param} must be an image: {kinds}.", param=param)
    if media.width * media.height > MAX_PIXELS:
        raise InvalidParam(f"{param} has more than {MAX_PIXELS // 1_000_000} megapixels.", param=param)
    return media


def intact(data: bytes, media: Media) -> bool:
    """Whether a picture's file is all there and nothing but the picture.

    A file that was cut short cannot be worked with, and one that goes on after its end is two files in one.
    """
    match media.mime:
        case "image/png":
            return _png_ends(data)
        case "image/jpeg":
            return b"\xff\xda" in data and data.rstrip(b"\0").endswith(b"\xff\xd9")
        case "image/webp":
            return int.from_bytes(data[4:8], "little") + 8 == len(data)
        case "image/gif":
            return data.endswith(b"\x3b")
        case "image/bmp":
            return int.from_bytes(data[2:6], "little") == len(data)
    return True


def _png_ends(data: bytes) -> bool:
    """Walk the chunks: the last one is IEND, and it is where the file ends."""
    at, kinds = 8, set()
    for _ in range(_MAX_CHUNKS):
        if at + 12 > len(data):
            return False
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        at += 12 + length
        kinds.add(kind)
        if kind == b"IEND":
            return at == len(data) and b"IDAT" in kinds
    return False


def _png(data: bytes) -> Media | None:
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR":
        return None
    return _sized("image/png", *struct.unpack(">II", data[16:24]))


def _jpeg(data: bytes) -> Media | None:
    """Walk the segments to the frame header; everything before it says nothing about the size."""
    if data[:3] != b"\xff\xd8\xff":
        return None
    at = 2
    for _ in range(_MAX_STEPS):
        if data[at : at + 2] == b"\xff\xff":  # any marker may have fill bytes before it
            at += 1
            continue
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if data[at] != 0xFF or length < 2:
            return None
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return _sized("image/jpeg", width, height)
        at += 2 + length
    return None


def _webp(data: bytes) -> Media | None:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return None
    form = data[12:16]
    if form == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
        return _sized("image/webp", width, height) if len(data) >= 30 else None
    if form == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return _sized("image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if form == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", data[26:30])
        return _sized("image/webp", width & 0x3FFF, height & 0x3FFF)
    return None


def _gif(data: bytes) -> Media | None:
    return (
        _sized("image/gif", *struct.unpack("<HH", data[6:10])) if data[:6] in (b"GIF87a", b"GIF89a") else None
    )


def _bmp(data: bytes) -> Media | None:
    if data[:2] != b"BM" or struct.unpack("<I", data[14:18])[0] < 40:
        return None
    width, height = struct.unpack("<ii", data[18:26])
    return _sized("image/bmp", width, abs(height))


def _audio(data: bytes) -> Media | None:
    if data[:3] == b"ID3" or (len(data) > 2 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2):
        return Media("audio/mpeg")
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return Media("audio/wav")
    if data[:4] == b"OggS":
        return Media("audio/ogg")
    return Media("audio/mp4") if data[4:11] == b"ftypM4A" else None


def _sized(mime: str, width: int, height: int) -> Media | None:
    return Media(mime, width, height) if width > 0 and height > 0 else None
