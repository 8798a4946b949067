"""Files inside JSON: base64, alone or as a ``data:`` URL."""

from __future__ import annotations

import base64
import binascii
import math
from urllib.parse import unquote_to_bytes

from darkroom.domain.errors import InvalidParam, PayloadTooLarge

_DRAWING = "data:image/svg+xml"
_URL_SAFE = str.maketrans("-_", "+/")


def data_url(data: bytes, mime: str) -> str:
    """A file as a ``data:`` URL."""
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"


def data_url_length(size: int, mime: str) -> int:
    """How many characters :func:`data_url` makes of ``size`` bytes."""
    return len(f"data:{mime};base64,") + 4 * math.ceil(size / 3)


def decoded(text: str, *, param: str, max_bytes: int) -> bytes:
    """Decodes base64, with or without the beginning of a ``data:`` URL.

    Line breaks, missing padding and the URL-safe alphabet are accepted, and SVG drawings as percent-encoded
    text. The media type in the URL is ignored; callers sniff the bytes.

    Raises
    ------
    InvalidParam, PayloadTooLarge
    """
    if text[: len(_DRAWING)].lower() == _DRAWING and ";base64" not in text[:100].partition(",")[0].lower():
        return _percent_decoded(text, param=param, max_bytes=max_bytes)
    letters = "".join(_letters(text, param).split()).translate(_URL_SAFE).rstrip("=")
    if len(letters) * 3 // 4 > max_bytes:
        raise PayloadTooLarge(f"{param} exceeds {max_bytes // (1024 * 1024)} MB.", param=param)
    try:
        data = base64.b64decode(letters + "=" * (-len(letters) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidParam(f"{param} is not valid base64.", param=param) from error
    if not data:
        raise InvalidParam(f"{param} is empty.", param=param)
    return data


def _percent_decoded(text: str, *, param: str, max_bytes: int) -> bytes:
    """The drawing in a ``data:`` URL, which web pages write as text."""
    data = unquote_to_bytes(text.partition(",")[2])
    if len(data) > max_bytes:
        raise PayloadTooLarge(f"{param} exceeds {max_bytes // (1024 * 1024)} MB.", param=param)
    if not data:
        raise InvalidParam(f"{param} is empty.", param=param)
    return data


def _letters(text: str, param: str) -> str:
    if text[:5].lower() != "data:":
        return text
    beginning, _, letters = text.partition(",")
    if not beginning.lower().rstrip().endswith(";base64"):
        raise InvalidParam(f"{param} must be base64: data:<type>;base64,<data>.", param=param)
    return letters
