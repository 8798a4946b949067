"""Codes must be readable: a scanner reads them back from the PNG."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import zxingcpp

from darkroom.domain.renders.rendered import RenderRefused
from tests.unit.graphics.pictures import pixels
from tests.unit.renderer.drawing import element, rendered, template

CODES: dict[str, tuple[dict[str, Any], str, str]] = {
    "qr": (
        element("qr", x=70, y=70, width=121.4, height=119),
        "https://darkroom.example/a?b=ç&日本=ñ",
        "QRCode",
    ),
    "ean13": (element("barcode", format="ean13", x=30, y=70), "4006381333931", "EAN13"),
    "code128": (element("barcode", format="code128", x=15, y=70, width=230), "Rev-2026/07 a~z", "Code128"),
}


def read(png: bytes) -> list[tuple[str, str]]:
    return [(found.text, found.format.name) for found in zxingcpp.read_barcodes(pixels(png))]


@pytest.mark.parametrize("ratio", [1, 1.5, 2, 3])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("code", CODES)
def test_a_scanner_reads_the_code(code: str, rotation: int, ratio: float) -> None:
    fields, text, kind = CODES[code]
    drawn = template(fields | {"rotation": rotation}, width=260, height=260, background="#cfe8ff")
    assert read(rendered(drawn, {fields["id"]: {"text": text}}, ratio=ratio)) == [(text, kind)]


@pytest.mark.parametrize("code", CODES)
def test_a_scanner_reads_a_tilted_code(code: str) -> None:
    fields, text, kind = CODES[code]
    drawn = template(fields | {"rotation": 25}, width=260, height=260)
    assert read(rendered(drawn, {fields["id"]: {"text": text}}, ratio=3)) == [(text, kind)]


@pytest.mark.parametrize("level", "LMQH")
def test_qr_codes_of_every_error_correction_are_read(level: str) -> None:
    drawn = template(element("qr", text="https://darkroom.example", errorCorrection=level))
    assert read(rendered(drawn)) == [("https://darkroom.example", "QRCode")]


def test_the_payloads_text_replaces_the_templates() -> None:
    drawn = template(element("qr", text="the template's"))
    assert read(rendered(drawn, {"qr": {"text": "the payload's"}})) == [("the payload's", "QRCode")]


def test_an_ean13_of_twelve_digits_gets_its_check_digit() -> None:
    drawn = template(element("barcode", format="ean13", text="400638133393"))
    assert read(rendered(drawn)) == [("4006381333931", "EAN13")]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("kind", ["qr", "barcode"])
def test_modules_are_whole_pixels(kind: str, rotation: int) -> None:
    """No grey between black and white, wherever the element stands and whatever its size."""
    place = {"x": 13.3, "y": 17.7, "width": 171.9, "height": 113.1}
    fields = element(kind, text="whole", rotation=rotation, background="transparent", **place)
    if kind == "barcode":
        fields["showText"] = False
    shown = np.unique(pixels(rendered(template(fields), ratio=1.5)))
    assert shown.tolist() == [0, 255]


def test_the_quiet_zone_has_the_width_asked_for() -> None:
    drawn = template(
        element("qr", text="1", margin=4, x=0, y=0, width=116, height=116), width=116, height=116
    )
    dark = pixels(rendered(drawn))[:, :, 0] == 0
    # 21 modules and twice 4 in 116 pixels: 4 pixels each.
    assert np.flatnonzero(dark.any(axis=0))[[0, -1]].tolist() == [16, 99]
    assert np.flatnonzero(dark.any(axis=1))[[0, -1]].tolist() == [16, 99]


@pytest.mark.parametrize(
    ("fields", "needed"),
    [
        (element("qr", text="x" * 200, width=40, height=40), "65 pixels"),
        (element("barcode", text="x" * 60, width=200), "pixels"),
    ],
)
def test_a_code_too_small_to_be_read_is_refused(fields: dict[str, Any], needed: str) -> None:
    with pytest.raises(RenderRefused, match=needed) as refused:
        rendered(template(fields))
    assert (refused.value.element_id, refused.value.field) == (fields["id"], "text")


def test_without_text_there_is_no_code() -> None:
    drawn = template(element("qr"), element("barcode"))
    assert (pixels(rendered(drawn)) == 255).all()
