"""The work of the process that judges fonts: one is read, all its glyphs drawn, and what no text needs left out.

What is written again are the tables that set text, from a list of known ones: no hints, which are programs, no
bitmaps and no drawings, which other libraries would have to read. A font that was WOFF2 is kept unpacked.
"""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any, Final

from darkroom.domain.files.file import Rejection, UnusableFile
from darkroom.domain.fonts.font import FontFacts
from darkroom_fonts.fonttools import sfnt, ttlib
from darkroom_graphics.skia_api import skia

WOFF2: Final = "font/woff2"
MAX_UNPACKED: Final = 40 * 1024 * 1024
MAX_TABLES: Final = 64
MAX_POINTS: Final = 20_000  # of one glyph; elaborate ones have a thousand
MAX_EM: Final = 16  # how far a font may say that its letters reach

_NEEDED: Final = ("head", "hhea", "maxp", "hmtx", "cmap", "name", "OS/2")
_KEPT: Final = frozenset(
    {
        *(*_NEEDED, "post", "loca", "glyf", "CFF ", "CFF2", "VORG", "vhea", "vmtx", "gasp", "COLR", "CPAL"),
        *("BASE", "GDEF", "GPOS", "GSUB", "kern", "fvar", "avar", "gvar", "STAT", "HVAR", "MVAR", "VVAR"),
    }
)
_RESTRICTED: Final = 0x0002
_USAGE: Final = 0x000E
_BITMAPS_ONLY: Final = 0x0200
_TYPES: Final = {b"\x00\x01\x00\x00": "font/ttf", b"true": "font/ttf", b"OTTO": "font/otf", b"wOF2": WOFF2}
_FAMILY, _TYPOGRAPHIC_FAMILY = 1, 16


def work(request: bytes) -> bytes:
    """What was found, as a line of JSON, and the font as it is kept behind it."""
    mime, _, data = request.partition(b"\n")
    try:
        facts, kept_mime, kept = judged(data, mime.decode())
    except UnusableFile as unusable:
        return json.dumps({"rejection": unusable.rejection, "detail": unusable.detail}).encode() + b"\n"
    return json.dumps({"mime": kept_mime, "facts": facts}).encode() + b"\n" + kept


def judged(data: bytes, mime: str) -> tuple[dict[str, Any], str, bytes]:
    """A font's facts, its type and bytes as they are kept.

    Raises
    ------
    UnusableFile
    """
    found = _TYPES.get(data[:4])
    if data[:4] == b"ttcf":
        raise UnusableFile(Rejection.TYPE_MISMATCH, "is a collection of fonts; upload them one by one")
    if found is None or (found == WOFF2) != (mime == WOFF2):
        raise UnusableFile(
            Rejection.TYPE_MISMATCH, f"is {found or 'no font of a known type'}, not {mime} as announced"
        )
    try:
        font = _opened(data, found)
        _check_rights(font["OS/2"])
        facts = _facts(font)
        kept_mime, kept = _written(font)
    except UnusableFile:
        raise
    except Exception as problem:
        raise UnusableFile(Rejection.DAMAGED, "is damaged") from problem
    _draw_all(kept, facts)
    members = {name: getattr(facts, name) for name in FontFacts.__slots__}
    return members, kept_mime, kept


def _opened(data: bytes, found: str) -> Any:
    file = BytesIO(data)
    if found == WOFF2:
        announced = int.from_bytes(data[16:20], "big")
        tables = int.from_bytes(data[12:14], "big")
        if announced > MAX_UNPACKED or tables > MAX_TABLES:
            raise UnusableFile(Rejection.TOO_LARGE, f"unpacks to more than {MAX_UNPACKED // 1024**2} MB")
    elif int.from_bytes(data[4:6], "big") > MAX_TABLES:
        raise UnusableFile(Rejection.TOO_COMPLEX, f"has more than {MAX_TABLES} tables")
    font = ttlib.TTFont(file, lazy=True, recalcBBoxes=False, recalcTimestamp=False)
    lacking = [tag for tag in _NEEDED if tag not in font]
    if lacking or not {"glyf", "CFF ", "CFF2"} & set(font.keys()):
        raise UnusableFile(Rejection.DAMAGED, f"lacks {', '.join(lacking) or 'outlines'}")
    font.setGlyphOrder(
        [f"glyph{number}" for number in range(font["maxp"].numGlyphs)]
    )  # nobody reads their names
    return font


def _check_rights(os2: Any) -> None:
    """Heeds what the font's own licence field (fsType) says of embedding; of several bits the mildest counts."""
    rights = os2.fsType
    if rights & _USAGE == _RESTRICTED:
        detail = "may not be embedded without its owner's permission, as its licence field (OS/2 fsType) says"
        raise UnusableFile(Rejection.NOT_ALLOWED, detail)
    if rights & _BITMAPS_ONLY:
        detail = "may be embedded as bitmaps only, as its licence field (OS/2 fsType) says"
        raise UnusableFile(Rejection.NOT_ALLOWED, detail)


def _facts(font: Any) -> FontFacts:
    os2, head, hhea = font["OS/2"], font["head"], font["hhea"]
    units = head.unitsPerEm
    if (
        not 16 <= units <= 16384
        or max(abs(hhea.ascent), abs(hhea.descent), abs(hhea.lineGap)) > MAX_EM * units
    ):
        raise UnusableFile(Rejection.DAMAGED, "has measures that cannot be")
    if not font.getBestCmap():
        raise UnusableFile(Rejection.DAMAGED, "has no letters")
    axes = (
        {axis.axisTag: (axis.minValue, axis.maxValue) for axis in font["fvar"].axes} if "fvar" in font else {}
    )
    lightest, heaviest = axes.get("wght", (os2.usWeightClass, os2.usWeightClass))
    smallest, largest = axes.get("opsz", (None, None))
    return FontFacts(
        family=_family(font["name"]),
        lightest=_weight(lightest),
        heaviest=max(_weight(heaviest), _weight(lightest)),
        italic=bool(os2.fsSelection & 1 or head.macStyle & 2),
        glyphs=int(font["maxp"].numGlyphs),
        smallest=None if smallest is None else max(1, round(smallest)),
        largest=None if largest is None else max(1, round(smallest), round(largest)),
    )


def _weight(value: float) -> int:
    return min(max(round(value), 1), 1000)


def _family(name: Any) -> str:
    """What the family is called, in English where it says so; empty if it does not say."""
    for name_id in (_TYPOGRAPHIC_FAMILY, _FAMILY):
        found = (
            name.getName(name_id, 3, 1, 0x409)
            or name.getName(name_id, 3, 10, 0x409)
            or name.getName(name_id, 1, 0, 0)
        )
        if found is not None:
            return str(found.toUnicode(errors="replace")).strip()
    return ""


def _written(font: Any) -> tuple[str, bytes]:
    """The font's type and bytes, of the known tables alone."""
    reader = font.reader
    tags = sorted(_KEPT.intersection(map(str, reader.keys())))
    kind = b"OTTO" if {"CFF ", "CFF2"} & set(tags) else b"\x00\x01\x00\x00"
    tables = {tag: bytes(reader[tag]) for tag in tags}
    if sum(map(len, tables.values())) > MAX_UNPACKED:
        raise UnusableFile(Rejection.TOO_LARGE, f"unpacks to more than {MAX_UNPACKED // 1024**2} MB")
    out = BytesIO()
    writer = sfnt.SFNTWriter(out, len(tags), kind.decode("latin-1"))
    for tag, table in tables.items():
        writer[tag] = table
    writer.close()
    return _TYPES[kind], out.getvalue()


def _draw_all(data: bytes, facts: FontFacts) -> None:
    """Has every glyph drawn, which is the only proof that each can be."""
    typeface = skia.FontMgr.New_Custom_Empty().makeFromData(skia.Data(data))
    if typeface is None or not typeface.countGlyphs():
        raise UnusableFile(Rejection.DAMAGED, "cannot be drawn with")
    font = skia.Font(typeface, 100)
    for glyph in range(min(typeface.countGlyphs(), facts.glyphs)):
        path = font.getPath(glyph)
        if path is not None and path.countPoints() > MAX_POINTS:
            raise UnusableFile(Rejection.TOO_COMPLEX, f"has a glyph of more than {MAX_POINTS:,} points")
