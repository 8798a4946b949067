"""Writes PNG files, without compressing again what did not change since the last one.

A PNG's pixels are one deflate stream. It may be cut wherever a flush ends a byte, so the rows of a template's ground
are compressed in strips, once, each with the 32 kB before it as its dictionary. A picture begins with the strips it
has in common with its ground, as they are, and goes on with one stream for the rest. docs/rendering.md has the
measurements behind the choice of libraries, levels and filters.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any, Final

import deflate
import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from darkroom_graphics.scratch import scratch
from darkroom_graphics.skia_api import skia

type Pixels = NDArray[np.uint8]

STRIP_BYTES: Final = 96 * 1024  # of filtered rows, about; more in a picture that would have more than
MOST_STRIPS: Final = 64
WINDOW: Final = 32 * 1024  # how far deflate looks back
ADLER: Final = 65_521

NONE, SUB, UP = 0, 1, 2  # row filters, by the format's numbers
GREY, RGB, RGBA = 0, 2, 6  # colour types, likewise

VISIBLY: Final = 3  # how much two neighbours' channels differ in a photograph's grain, at least
ROUGH: Final = 0.35  # the share of neighbours that do so from which on a strip is taken for a photograph
ROUGH_SHARE: Final = 0.25  # of a picture's strips, from which on it is worth another library
SAMPLE_ROWS: Final = 8
SAMPLE_LEVEL: Final = 1  # of ISA-L: only which filter is best is asked, and that fast

SMOOTH_LEVEL: Final = 4  # of libdeflate, for graphics
ROUGH_LEVEL: Final = (
    2  # of ISA-L, for photographs: a third of the time, and 8 % more bytes than zlib's level 6
)
GROUND_LEVEL: Final = 6  # of zlib, for what is compressed once and used again


@dataclass(frozen=True, slots=True)
class Strip:
    """Some rows of a file, deflated up to a flush.

    ``tail`` is the end of what was deflated, the next strip's dictionary; ``adler`` the checksum of all of it and
    ``length`` its bytes.
    """

    body: bytes
    tail: bytes
    adler: int
    length: int


class Ground:
    """The part that all pictures of a template share: its pixels, and its compressed strips once they are needed.

    ``pixels`` is a ``(height, width, 4)`` array of premultiplied RGBA that nobody changes any more.
    """

    def __init__(self, pixels: Pixels) -> None:
        self.pixels = pixels
        self.opaque = _is_opaque(pixels)
        self.cuts = _cuts(pixels, 3 if self.opaque else 4)
        self._filters: dict[int, int] = {}
        self._strips: dict[int, Strip] = {}

    @property
    def size(self) -> int:
        """Bytes that keeping it takes, about."""
        return int(self.pixels.nbytes) * 5 // 4

    def unchanged(self, pixels: Pixels) -> int:
        """How many strips from the top ``pixels`` has in common with the ground."""
        ours, theirs = self.pixels.view(np.uint32), pixels.view(np.uint32)
        for index, (first, last) in enumerate(self.cuts):
            if not np.array_equal(ours[first:last], theirs[first:last]):
                return index
        return len(self.cuts)

    def filter_of(self, index: int) -> int:
        """The row filter that suits the strip."""
        if index not in self._filters:
            self._filters[index] = _best_filter(self.pixels, *self.cuts[index], 3)
        return self._filters[index]

    def strip(self, index: int) -> Strip:
        """The strip, as it is after the ones before it."""
        if index not in self._strips:
            before = self.strip(index - 1).tail if index else b""
            first, last = self.cuts[index]
            rows = _filtered(self.pixels, first, last, 3, self.filter_of(index))
            rough = _rough_filter(self.pixels[first:last]) is not None
            self._strips[index] = _strip(rows, before, rough=rough)
        return self._strips[index]


def encode_png(
    pixels: Pixels,
    ground: Ground | None = None,
    *,
    straight: bool = False,
    keep_alpha: bool = False,
    xmp: bytes = b"",
) -> bytes:
    """Encodes a ``(height, width, 4)`` RGBA array: as RGB where nothing is translucent, unless ``keep_alpha``.

    Colours are premultiplied with alpha, or ``straight``. ``ground`` is what was there before anything was drawn that
    differs from picture to picture: it saves time, and only goes with premultiplied pixels. ``xmp`` is the metadata
    packet to write (:mod:`darkroom_graphics.provenance`).
    """
    opaque = ground.opaque if ground else _is_opaque(pixels) and not keep_alpha
    if not opaque:
        # What was drawn may have covered all that was clear. Such a ground is of no use: it has another format.
        opaque, ground = _is_opaque(pixels) and not keep_alpha, None
    if not (opaque or straight):
        pixels = _straight(pixels)
    channels, colour_type = (3, RGB) if opaque else (4, RGBA)
    return _file(pixels.shape, colour_type, _stream(pixels, channels, ground), xmp)


def encode_grey_png(levels: Pixels) -> bytes:
    """Encodes a ``(height, width)`` array of brightness, 0 (black) to 255 (white)."""
    return _file(levels.shape, GREY, _stream(levels[:, :, np.newaxis], 1, None), b"")


def _file(shape: tuple[int, ...], colour_type: int, stream: bytes, xmp: bytes) -> bytes:
    height, width = shape[:2]
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((8, colour_type, 0, 0, 0))
    # Keyword, no compression, no language, no translated keyword.
    metadata = _chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp) if xmp else ()
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            *_chunk(b"IHDR", header),
            *metadata,
            *_chunk(b"IDAT", stream),
            *_chunk(b"IEND", b""),
        )
    )


def _stream(pixels: Pixels, channels: int, ground: Ground | None) -> bytes:
    """The zlib stream: its header, what is the ground's, the rest, the checksum of everything."""
    kept = [ground.strip(index) for index in range(ground.unchanged(pixels))] if ground else []
    bodies, adler = [strip.body for strip in kept], 1
    for strip in kept:
        adler = _joined(adler, strip)
    cuts = _cuts(pixels, channels)
    if len(kept) < len(cuts):
        rest, rough = _rest(pixels, channels, len(kept), ground)
        bodies.append(_deflated(rest, kept[-1].tail if kept else b"", rough=rough))
        adler = isal_zlib.adler32(rest, adler)
    else:
        bodies.append(b"\x03\x00")  # an empty last block
    return b"".join((b"\x78\x5e", *bodies, adler.to_bytes(4, "big")))


def _rest(pixels: Pixels, channels: int, start: int, ground: Ground | None) -> tuple[Pixels, bool]:
    """The filtered rows from the strip ``start`` on, and whether they are mostly a photograph's."""
    cuts = _cuts(pixels, channels)[start:]
    top, (height, width) = cuts[0][0], pixels.shape[:2]
    filtered = scratch("filtered", (height - top, 1 + width * channels))
    rough = 0
    for index, (first, last) in enumerate(cuts, start):
        kind = _rough_filter(pixels[first:last])
        rough += kind is not None
        if kind is None:
            kind = ground.filter_of(index) if ground else _best_filter(pixels, first, last, channels)
        _filter(pixels, first, last, channels, kind, filtered[first - top : last - top])
    return filtered, rough >= ROUGH_SHARE * len(cuts)


def _deflated(filtered: Pixels, before: bytes, *, rough: bool) -> bytes:
    """The last part of a stream, after ``before``."""
    flat = memoryview(filtered).cast("B")
    if not rough:
        return bytes(deflate.deflate_compress(flat, SMOOTH_LEVEL))
    maker = isal_zlib.compressobj(ROUGH_LEVEL, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, before)
    return bytes(maker.compress(flat) + maker.flush())


def _strip(filtered: Pixels, before: bytes, *, rough: bool) -> Strip:
    """One strip of a ground. It is used again and again, so a graphic's may take more time to become smaller."""
    flat = memoryview(filtered).cast("B")
    library: Any = isal_zlib if rough else zlib
    level = ROUGH_LEVEL if rough else GROUND_LEVEL
    maker = library.compressobj(level, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, before)
    body = maker.compress(flat) + maker.flush(zlib.Z_SYNC_FLUSH)
    return Strip(body, bytes(flat[-WINDOW:]), isal_zlib.adler32(flat), len(flat))


def _joined(adler: int, strip: Strip) -> int:
    """The checksum of all before and ``strip``: as if its bytes had been added to the two sums one by one."""
    low, high = adler & 0xFFFF, adler >> 16
    high = (high + (strip.adler >> 16) + strip.length * (low - 1)) % ADLER
    low = (low + (strip.adler & 0xFFFF) - 1) % ADLER
    return high << 16 | low


def _chunk(kind: bytes, body: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    return (
        len(body).to_bytes(4, "big"),
        kind,
        body,
        isal_zlib.crc32(body, isal_zlib.crc32(kind)).to_bytes(4, "big"),
    )


def _cuts(pixels: Pixels, channels: int) -> list[tuple[int, int]]:
    """Where the strips begin and end, in rows."""
    height, width = pixels.shape[:2]
    row = 1 + width * channels
    step = max(1, STRIP_BYTES // row, -(-height // MOST_STRIPS))
    return [(first, min(first + step, height)) for first in range(0, height, step)]


def _filtered(pixels: Pixels, first: int, last: int, channels: int, kind: int) -> Pixels:
    """The rows from ``first`` up to ``last``, filtered, each with its filter's number in front."""
    filtered = np.empty((last - first, 1 + pixels.shape[1] * channels), np.uint8)
    _filter(pixels, first, last, channels, kind, filtered)
    return filtered


def _filter(pixels: Pixels, first: int, last: int, channels: int, kind: int, out: Pixels) -> None:
    """Writes the rows from ``first`` up to ``last`` as the format wants them."""
    out[:, 0] = kind
    rows = pixels[first:last]
    # Channel by channel is four times as fast as numpy's way of copying three bytes of four.
    for channel in range(channels):
        to, these = out[:, 1 + channel :: channels], rows[:, :, channel]
        if kind == NONE:
            to[...] = these
        elif kind == SUB:
            to[:, 0] = these[:, 0]
            np.subtract(these[:, 1:], these[:, :-1], out=to[:, 1:])
        else:
            to[0] = these[0] if first == 0 else these[0] - pixels[first - 1, :, channel]
            np.subtract(these[1:], these[:-1], out=to[1:])


def _rough_filter(rows: Pixels) -> int | None:
    """The filter for rows of a photograph, ``None`` if they are none. Looks at every fourth."""
    some = rows[1::4]
    up = _steps(some, rows[:-1:4])
    if not up.size or np.count_nonzero(up >= VISIBLY) < ROUGH * up.size:
        return None
    across = _steps(some[:, 1:], some[:, :-1])
    return UP if int(up.sum(dtype=np.int64)) <= int(across.sum(dtype=np.int64)) else SUB


def _steps(rows: Pixels, others: Pixels) -> Pixels:
    """How far apart two sets of rows are, byte by byte, around the end of a byte's range as filters count."""
    apart = np.subtract(rows, others)
    return np.minimum(apart, np.negative(apart))


def _best_filter(pixels: Pixels, first: int, last: int, channels: int) -> int:
    """The filter with which a few rows from the middle become smallest."""
    kind = _rough_filter(pixels[first:last])
    if kind is not None:
        return kind
    start = max(first, (first + last - SAMPLE_ROWS) // 2)
    end = min(start + SAMPLE_ROWS, last)

    def length(kind: int) -> int:
        return len(isal_zlib.compress(_filtered(pixels, start, end, channels, kind), SAMPLE_LEVEL))

    return min((NONE, UP, SUB), key=length)


def _is_opaque(pixels: Pixels) -> bool:
    return bool((pixels[:, :, 3] == 255).all())


def _straight(pixels: Pixels) -> Pixels:
    """The same pixels with alpha not multiplied in, as PNG wants them."""
    height, width = pixels.shape[:2]
    straight = np.empty_like(pixels)
    multiplied = skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    plain = skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kUnpremul_AlphaType)
    source = skia.Pixmap(multiplied, pixels, multiplied.minRowBytes())
    source.readPixels(skia.Pixmap(plain, straight, plain.minRowBytes()))
    return straight
