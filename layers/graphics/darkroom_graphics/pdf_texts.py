"""Says in a PDF of Skia's what its glyphs stand for, so that its text is copied and searched as it was given.

Skia knows a font and no text: of the characters that share a glyph it names the one with the lowest number, which
for a quotation mark is a letter of Hawaiian and for many ideographs a radical, and for a glyph that only a font's
rules lead to it names none. The tables it wrote are replaced in an update after its file (ISO 32000-1, 7.5.6), and
nothing of the file itself is changed.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from itertools import batched
from typing import Final

type Texts = Mapping[int, str]  # by glyph, or by code

_START: Final = re.compile(rb"startxref\n(\d+)\n%%EOF\s*\Z")
_TRAILER: Final = re.compile(rb"trailer\n<<(.*?)>>\nstartxref", re.DOTALL)
_FONT: Final = re.compile(rb"<</Type /Font\n/Subtype /(Type0|Type3)\n")
_TABLE: Final = re.compile(rb"/ToUnicode (\d+) 0 R")
_DESCRIPTOR: Final = re.compile(rb"/FontDescriptor (\d+) 0 R")
_NAME: Final = re.compile(rb"/(?:FontName|BaseFont) /(?:[A-Z]{6}\+)?(\S+)")
_DIFFERENCES: Final = re.compile(rb"/Differences \[(\d+)((?: /g[0-9A-F]+)*)\]")
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")

_ENTRY_BYTES: Final = 20  # of the table of objects
_ENTRIES: Final = 100  # of a block of characters
_HEAD: Final = (
    b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
    b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n"
)
_FOOT: Final = b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"


def with_texts(pdf: bytes, texts: Mapping[str, Texts]) -> bytes:
    """A PDF of Skia's that says what its glyphs stand for: ``texts`` by their fonts' PostScript names."""
    start = _START.search(pdf)
    trailer = _TRAILER.search(pdf)
    if start is None or trailer is None:
        raise ValueError("not a PDF as Skia writes it")
    heads = _heads(pdf, int(start[1]))
    tables = dict(_tables(heads, texts))
    if not tables:
        return pdf
    body, places = bytearray(pdf), {}
    for number, table in sorted(tables.items()):
        places[number] = len(body)
        packed = zlib.compress(table)
        body += b"%d 0 obj\n<</Filter /FlateDecode\n/Length %d>> stream\n" % (number, len(packed))
        body += packed + b"\nendstream\nendobj\n"
    at = len(body)
    body += b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % place for place in places.items())
    body += b"trailer\n<<%s\n/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (trailer[1], start[1], at)
    return bytes(body)


def _heads(pdf: bytes, at: int) -> dict[int, bytes]:
    """Each object by its number, without its stream."""
    first, count = map(int, pdf[at : pdf.index(b"\n", at + 5)].split()[1:])
    begin = pdf.index(b"\n", at + 5) + 1
    heads = {}
    for index in range(count):
        entry = pdf[begin + index * _ENTRY_BYTES :][:_ENTRY_BYTES]
        if entry[17:18] == b"n":
            offset = int(entry[:10])
            ends = (pdf.find(word, offset) for word in (b">> stream\n", b"\nendobj"))
            heads[first + index] = pdf[offset : min(end for end in ends if end >= 0)]
    return heads


def _tables(heads: Mapping[int, bytes], texts: Mapping[str, Texts]) -> Iterator[tuple[int, bytes]]:
    """The tables to replace, by their numbers."""
    for head in heads.values():
        kind, table = _FONT.search(head), _TABLE.search(head)
        if kind is None or table is None:
            continue
        of_font = texts.get(_name(head, heads), {})
        if kind[1] == b"Type0":
            written = _table(of_font, 2)
        else:
            coded = {code: of_font[glyph] for code, glyph in _codes(head) if glyph in of_font}
            written = _table(coded, 1)
        if of_font:
            yield int(table[1]), written


def _name(head: bytes, heads: Mapping[int, bytes]) -> str:
    """The PostScript name of a font, without what marks it as a part."""
    descriptor = _DESCRIPTOR.search(head)
    name = _NAME.search(heads[int(descriptor[1])] if descriptor else head)
    if name is None:
        return ""
    return _ESCAPED.sub(lambda escape: bytes.fromhex(escape[1].decode()), name[1]).decode("latin-1")


def _codes(head: bytes) -> Iterator[tuple[int, int]]:
    """The codes of a font whose glyphs are drawn in the file, each with its glyph."""
    listed = _DIFFERENCES.search(head)
    if listed is None:
        return
    for code, name in enumerate(listed[2].split(), int(listed[1])):
        glyph = int(name.removeprefix(b"/g").decode(), 16)
        if glyph:
            yield code, glyph


def _table(texts: Texts, size: int) -> bytes:
    """What is copied for each code, of ``size`` bytes."""
    digits = 2 * size
    body = [_HEAD, b"<%0*X> <%s>\nendcodespacerange\n" % (digits, 0, b"FF" * size)]
    for some in batched(sorted(texts.items()), _ENTRIES, strict=False):
        lines = (b"<%0*X> <%s>\n" % (digits, code, _utf16(text)) for code, text in some)
        body += [b"%d beginbfchar\n" % len(some), *lines, b"endbfchar\n"]
    return b"".join((*body, _FOOT))


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-be", "replace").hex().upper().encode()
