"""What QR codes and barcodes can hold."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.domain.templates.barcodes import MAX_CODE128_CHARS, code_problem, ean13
from darkroom.domain.templates.definition import parse_definition
from darkroom.domain.templates.elements import BarcodeElement, QrElement
from tests.harness.template_making import document, element


def drawn(kind: str, **fields: Any) -> QrElement | BarcodeElement:
    (parsed,) = parse_definition(document(element(kind, **fields))).elements
    assert isinstance(parsed, QrElement | BarcodeElement)
    return parsed


@pytest.mark.parametrize(
    ("twelve", "thirteen"),
    [("400638133393", "4006381333931"), ("978020137962", "9780201379624"), ("000000000000", "0000000000000")],
)
def test_an_ean_gets_its_check_digit(twelve: str, thirteen: str) -> None:
    assert ean13(twelve) == thirteen == ean13(thirteen)


@pytest.mark.parametrize(
    ("level", "letter", "holds", "unit"),
    [
        ("L", "7", 7089, "digits"),
        ("H", "7", 3057, "digits"),
        ("M", "A", 3391, "characters"),
        ("Q", ":", 2420, "characters"),
        ("L", "a", 2953, "bytes"),
        ("H", "a", 1273, "bytes"),
    ],
)
def test_a_qr_code_holds_what_its_correction_leaves_room_for(
    level: str, letter: str, holds: int, unit: str
) -> None:
    code = drawn("qr", errorCorrection=level)
    assert code_problem(code, letter * holds) is None
    problem = code_problem(code, letter * (holds + 1))
    assert problem
    assert f"at most {holds} {unit}, not {holds + 1}" in problem


def test_a_qr_code_counts_the_bytes_of_other_scripts() -> None:
    code = drawn("qr", errorCorrection="H")
    assert code_problem(code, "é" * 636) is None
    assert code_problem(code, "é" * 637) is not None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", None),
        ("400638133393", None),
        ("4006381333931", None),
        ("4006381333930", "must be 1"),
        ("40063813339", "12 or 13 digits"),
        ("40063813339311", "12 or 13 digits"),
        ("\uff14006381333931", "12 or 13 digits"),
    ],
)
def test_an_ean13_is_twelve_digits_and_the_one_that_follows_from_them(text: str, problem: str | None) -> None:
    found = code_problem(drawn("barcode", format="ean13"), text)
    assert found is None if problem is None else found is not None and problem in found


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", None),
        ("Darkroom ~ 42", None),
        ("x" * MAX_CODE128_CHARS, None),
        ("x" * (MAX_CODE128_CHARS + 1), "at most 80 characters"),
        ("a\tb", "printable ASCII"),
        ("ü", "printable ASCII"),
    ],
)
def test_a_code128_is_short_and_printable(text: str, problem: str | None) -> None:
    found = code_problem(drawn("barcode", format="code128"), text)
    assert found is None if problem is None else found is not None and problem in found
