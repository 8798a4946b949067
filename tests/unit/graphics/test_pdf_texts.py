"""What a PDF's glyphs stand for is said after its file, and its file stays as it is."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pdfminer.high_level import extract_text

from darkroom_graphics.pdf_texts import with_texts
from darkroom_graphics.skia_api import skia
from darkroom_type.fonts import FOLDER


def page(glyphs: list[int], file: str = "PlayfairDisplay-400.ttf") -> bytes:
    """A page of glyphs, as Skia writes it."""
    stream = skia.DynamicMemoryWStream()
    document = skia.PDF.MakeDocument(stream)
    canvas = document.beginPage(20 + 20 * len(glyphs), 50)
    typeface = skia.Typeface.MakeFromFile(str(FOLDER / file))
    builder = skia.TextBlobBuilder()
    builder.allocRunPosH(skia.Font(typeface, 20), glyphs, [10.0 + 20 * at for at in range(len(glyphs))], 30)
    canvas.drawTextBlob(builder.make(), 0, 0, skia.Paint())
    document.endPage()
    document.close()
    return bytes(stream.detachAsData())


def text(pdf: bytes) -> Any:
    return extract_text(io.BytesIO(pdf)).replace(" ", "").strip()


@pytest.mark.parametrize(
    ("file", "name"),
    [("PlayfairDisplay-400.ttf", "PlayfairDisplay-Regular"), ("Inter.ttf", "InterVariable")],
)
def test_glyphs_are_copied_as_what_they_stand_for(file: str, name: str) -> None:
    plain = page([40, 41, 300, 310], file)
    told = with_texts(plain, {name: {40: "日", 41: "ffi", 300: "𐍈", 310: "x"}})
    assert told.startswith(plain)
    assert text(told) == "日ffi𐍈x"
    assert with_texts(plain, {name: {40: "日", 41: "ffi", 300: "𐍈", 310: "x"}}) == told


def test_many_glyphs_are_told_in_parts() -> None:
    glyphs = list(range(20, 260))
    told = with_texts(page(glyphs), {"PlayfairDisplay-Regular": {it: chr(0x4E00 + it) for it in glyphs}})
    assert {chr(0x4E00 + it) for it in glyphs} == {*text(told)} - {"\n"}


def test_fonts_nothing_is_known_of_stay_as_they_are() -> None:
    plain = page([40])
    assert with_texts(plain, {"Another": {40: "x"}}) == plain
    assert with_texts(plain, {}) == plain


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"x" * 1000])
def test_what_skia_did_not_write_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="Skia"):
        with_texts(data, {})
