"""Fonts that are uploaded: those people use are taken, whatever else is refused, in bounded time and memory."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from io import BytesIO
from typing import Any

import pytest

from darkroom.domain.files.file import CleanMedia, Rejection, UnusableFile
from darkroom.domain.fonts.font import FontFacts
from darkroom_fonts.inspecting import FontInspector
from darkroom_fonts.judging import MAX_UNPACKED
from darkroom_type.fonts import FOLDER

ttlib: Any = import_module("fontTools.ttLib")
ttglyph: Any = import_module("fontTools.ttLib.tables._g_l_y_f")
plain: Any = import_module("fontTools.ttLib.tables.DefaultTable")
builder: Any = import_module("fontTools.fontBuilder")
pens: Any = import_module("fontTools.pens.ttGlyphPen")

ANTON = (FOLDER / "Anton.ttf").read_bytes()


@pytest.fixture(scope="module")
def inspector() -> FontInspector:
    return FontInspector()


def changed(change: Callable[[Any], object], flavor: str | None = None) -> bytes:
    """Anton, after something was done to it."""
    font = ttlib.TTFont(BytesIO(ANTON))
    change(font)
    font.flavor = flavor
    body = BytesIO()
    font.save(body)
    return body.getvalue()


def refusal(inspector: FontInspector, data: bytes, mime: str = "font/ttf") -> UnusableFile:
    with pytest.raises(UnusableFile) as refused:
        inspector.inspect(data, mime)
    return refused.value


def tables(media: CleanMedia) -> set[str]:
    return set(ttlib.TTFont(BytesIO(media.data)).keys())


def test_a_static_font_is_kept_without_what_no_text_needs(inspector: FontInspector) -> None:
    media = inspector.inspect(ANTON, "font/ttf")
    assert media.mime == "font/ttf"
    assert media.font == FontFacts("Anton", 400, 400, italic=False, glyphs=1326)
    assert not tables(media) & {"DSIG", "fpgm", "prep", "cvt ", "SVG ", "meta"}


def test_a_variable_font_has_its_ranges(inspector: FontInspector) -> None:
    media = inspector.inspect((FOLDER / "Inter.ttf").read_bytes(), "font/ttf")
    assert media.font == FontFacts(
        "Inter Variable", 100, 900, italic=False, glyphs=2937, smallest=14, largest=32
    )


def test_an_italic_says_so(inspector: FontInspector) -> None:
    media = inspector.inspect((FOLDER / "PlayfairDisplay-700-Italic.ttf").read_bytes(), "font/otf")
    assert media.font is not None
    assert (media.font.italic, media.font.lightest, media.font.heaviest) == (True, 700, 700)


@pytest.mark.parametrize("name", ["Anton.ttf", "Inter.ttf"])
def test_a_woff2_is_kept_unpacked(inspector: FontInspector, name: str) -> None:
    font = ttlib.TTFont(FOLDER / name)
    font.flavor = "woff2"
    body = BytesIO()
    font.save(body)
    media = inspector.inspect(body.getvalue(), "font/woff2")
    plain = inspector.inspect((FOLDER / name).read_bytes(), "font/ttf")
    assert (media.mime, media.font) == ("font/ttf", plain.font)
    assert tables(media) == tables(plain)


def test_postscript_outlines_are_otf(inspector: FontInspector) -> None:
    data = (FOLDER / "NotoSansCJKsc-400.otf").read_bytes()
    media = inspector.inspect(data, "font/otf")
    assert (media.mime, media.font and media.font.family) == ("font/otf", "Noto Sans CJK SC")


@pytest.mark.parametrize(
    ("rights", "allowed"),
    [
        (0, True),
        (2, False),
        (4, True),
        (8, True),
        (6, True),
        (0x0104, True),
        (0x0200, False),
        (0x0202, False),
    ],
)
def test_embedding_rights_are_heeded(inspector: FontInspector, rights: int, allowed: bool) -> None:
    data = changed(lambda font: setattr(font["OS/2"], "fsType", rights))
    if allowed:
        assert inspector.inspect(data, "font/ttf").font
        return
    refused = refusal(inspector, data)
    assert refused.rejection is Rejection.NOT_ALLOWED
    assert "OS/2 fsType" in refused.detail


@pytest.mark.parametrize(
    ("data", "mime", "rejection"),
    [
        (b"", "font/ttf", Rejection.TYPE_MISMATCH),
        (b"\x89PNG\r\n\x1a\n", "font/ttf", Rejection.TYPE_MISMATCH),
        (b"wOFF" + ANTON[4:], "font/woff2", Rejection.TYPE_MISMATCH),
        (b"ttcf" + bytes(60), "font/ttf", Rejection.TYPE_MISMATCH),
        (ANTON, "font/woff2", Rejection.TYPE_MISMATCH),
        (ANTON[:4], "font/ttf", Rejection.DAMAGED),
        (ANTON[:1000], "font/ttf", Rejection.DAMAGED),
        (ANTON[: len(ANTON) // 2], "font/ttf", Rejection.DAMAGED),
        (b"\0\1\0\0\xff\xff" + bytes(200), "font/ttf", Rejection.TOO_COMPLEX),
        (b"wOF2" + bytes(200), "font/woff2", Rejection.DAMAGED),
        (
            struct.pack(">4sIIHHIIHHIIIII", b"wOF2", 0x10000, 48, 3, 0, 2**31, 9, 1, 0, *([0] * 5)),
            "font/woff2",
            Rejection.TOO_LARGE,
        ),
    ],
)
def test_what_is_no_usable_font_is_refused(
    inspector: FontInspector, data: bytes, mime: str, rejection: Rejection
) -> None:
    assert refusal(inspector, data, mime).rejection is rejection


def answered(inspector: FontInspector, data: bytes) -> None:
    """The font is taken or refused."""
    with suppress(UnusableFile):
        assert inspector.inspect(data, "font/ttf").font


def bomb() -> bytes:
    """A WOFF2 of a few kilobytes that says it unpacks to little and unpacks to 400 MB."""
    brotli: Any = import_module("brotli")
    font = bytearray(changed(lambda _: None, "woff2"))
    start = struct.unpack(">I", font[20:24])[0]
    packed = brotli.compress(bytes(400_000_000), quality=1)
    del font[-start:]
    font += packed
    font[8:12] = struct.pack(">I", len(font))
    font[20:24] = struct.pack(">I", len(packed))
    return bytes(font)


def test_a_bomb_is_refused(inspector: FontInspector) -> None:
    assert refusal(inspector, bomb(), "font/woff2").rejection in {Rejection.DAMAGED, Rejection.TOO_COMPLEX}


def test_a_table_that_unpacks_to_more_than_a_font_has_is_refused(inspector: FontInspector) -> None:
    font = ttlib.TTFont(BytesIO(ANTON))
    raw = plain.DefaultTable("kern")
    raw.data = bytes(MAX_UNPACKED)
    font["kern"] = raw
    body = BytesIO()
    font.save(body)
    assert refusal(inspector, body.getvalue()).rejection is Rejection.TOO_LARGE


def composites(references: dict[str, list[str]]) -> bytes:
    """A font whose glyphs are made of each other."""
    names = [".notdef", *references]
    made = builder.FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder(names)
    made.setupCharacterMap({0x41 + at: name for at, name in enumerate(references)})
    pen = pens.TTGlyphPen(None)
    for point in ((0, 0), (500, 0), (500, 500)):
        (pen.moveTo if point == (0, 0) else pen.lineTo)(point)
    pen.closePath()
    glyphs = {".notdef": pen.glyph()}
    glyphs[".notdef"].recalcBounds(None)
    for name, parts in references.items():
        glyph = ttglyph.Glyph()
        glyph.numberOfContours, glyph.components = -1, []
        for part in parts:
            component = ttglyph.GlyphComponent()
            component.glyphName, component.x, component.y, component.flags = part, 10, 10, 0x4
            glyph.components.append(component)
        glyph.xMin = glyph.yMin = glyph.xMax = glyph.yMax = 0
        glyphs[name] = glyph
    made.font.recalcBBoxes = False
    made.setupGlyf(glyphs, calcGlyphBounds=False)
    made.setupHorizontalMetrics(dict.fromkeys(names, (600, 0)))
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": "Hostile", "styleName": "Regular"})
    made.setupOS2(sTypoAscender=800)
    made.setupPost()
    body = BytesIO()
    made.font.save(body)
    return body.getvalue()


@pytest.mark.parametrize(
    "references",
    [
        {"a": ["a"]},
        {"a": ["b"], "b": ["a"]},
        {f"g{at}": [f"g{at + 1}"] * 8 for at in range(20)} | {"g20": [".notdef"] * 8},
        {"a": [".notdef"] * 30_000},
    ],
    ids=["of itself", "of each other", "of eight of the next, twenty times", "of thirty thousand"],
)
def test_glyphs_made_of_glyphs_are_bounded(
    inspector: FontInspector, references: dict[str, list[str]]
) -> None:
    """A cycle draws nothing, or is refused; neither hangs."""
    answered(inspector, composites(references))


@pytest.mark.parametrize("seed", range(40))
def test_a_font_with_wrong_bytes_is_taken_or_refused(inspector: FontInspector, seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(ANTON)
    for _ in range(chance.choice((1, 20, 500))):
        data[chance.randrange(4, len(data) if seed % 2 else 600)] = chance.randrange(256)
    answered(inspector, bytes(data))
