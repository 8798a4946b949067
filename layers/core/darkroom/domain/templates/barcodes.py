"""What QR codes and barcodes can hold."""

from __future__ import annotations

import re
from collections.abc import Mapping

from darkroom.domain.templates.elements import BarcodeElement, QrElement

MAX_CODE128_CHARS = 80

# How much the largest QR code holds per level of error correction: digits, capital letters, bytes of UTF-8
# (ISO/IEC 18004, table 7, version 40).
_QR_HOLDS: Mapping[str, tuple[int, int, int]] = {
    "L": (7089, 4296, 2953),
    "M": (5596, 3391, 2331),
    "Q": (3993, 2420, 1663),
    "H": (3057, 1852, 1273),
}
_QR_LETTERS = re.compile(r"[0-9A-Z $%*+\-./:]*", re.ASCII)
_DIGITS = re.compile(r"[0-9]*", re.ASCII)
_EAN13 = re.compile(r"[0-9]{12,13}", re.ASCII)
_CODE128 = re.compile(r"[ -~]*", re.ASCII)


def code_problem(element: QrElement | BarcodeElement, text: str) -> str | None:
    """Why the element cannot show ``text``, ``None`` if it can. Empty text draws nothing and is always fine."""
    if not text:
        return None
    if isinstance(element, QrElement):
        return _qr_problem(element, text)
    return _ean13_problem(text) if element.format == "ean13" else _code128_problem(text)


def ean13(text: str) -> str:
    """The thirteen digits of an EAN-13, its check digit added where only twelve are given."""
    return text if len(text) == 13 else text + check_digit(text)


def check_digit(digits: str) -> str:
    """The check digit that belongs to the first twelve digits of an EAN-13."""
    weighted = (int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits[:12]))
    return str(-sum(weighted) % 10)


def _qr_problem(element: QrElement, text: str) -> str | None:
    digits, letters, octets = _QR_HOLDS[element.error_correction]
    if _DIGITS.fullmatch(text):
        limit, unit, length = digits, "digits", len(text)
    elif _QR_LETTERS.fullmatch(text):
        limit, unit, length = letters, "characters", len(text)
    else:
        limit, unit, length = octets, "bytes", len(text.encode())
    if length <= limit:
        return None
    level = element.error_correction
    return f"a QR code with error correction {level} holds at most {limit} {unit}, not {length}"


def _ean13_problem(text: str) -> str | None:
    if not _EAN13.fullmatch(text):
        return "an EAN-13 has 12 or 13 digits"
    if text != ean13(text[:12])[: len(text)]:
        return f"the check digit of this EAN-13 must be {check_digit(text)}"
    return None


def _code128_problem(text: str) -> str | None:
    if not _CODE128.fullmatch(text):
        return "a Code 128 holds printable ASCII characters only"
    if len(text) > MAX_CODE128_CHARS:
        return f"a Code 128 can have at most {MAX_CODE128_CHARS} characters here"
    return None
