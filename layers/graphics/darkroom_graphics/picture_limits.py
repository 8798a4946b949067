"""What of a picture from outside is let in, apart from what decodes it: who asks for one has no decoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from darkroom.domain.media.sniffing import MAX_PIXELS

NAMES: Final = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/webp": "WebP",
    "image/gif": "GIF",
    "image/bmp": "BMP",
}
EVERY_FORMAT: Final = tuple(NAMES)


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """What is let in: files of these media types, of at most so many bytes and pixels."""

    formats: tuple[str, ...] = EVERY_FORMAT
    max_bytes: int | None = None
    max_pixels: int = MAX_PIXELS


USUAL_LIMITS: Final = PictureLimits()
