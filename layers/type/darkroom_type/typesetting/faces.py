"""The faces text is set in: opened when a text first needs them, kept at the weights that were asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final

from darkroom.domain.caching import WeighedCache
from darkroom_graphics.skia_api import Typeface, skia
from darkroom_type.fonts import EMOJI, FALLBACKS, FAMILIES, FOLDER, Family, FontFile
from darkroom_type.typesetting.harfbuzz import hb

MOST_FACES: Final = 96  # kept at once; a variable file gives one per weight
OPTICAL_STEP: Final = 6  # px; between two steps nobody sees the difference
SLANT: Final = -0.2  # how far an upright face leans where a family has no italic


class UnknownFont(Exception):
    """There is no font file of that name."""


class Face:
    """One font at one weight: its shapes for Skia, its rules for HarfBuzz, its measures in em."""

    def __init__(self, shaper: Any, typeface: Typeface, *, slant: float = 0.0) -> None:
        self.shaper = shaper
        self.units: Final[int] = shaper.face.upem
        self._glyphs: dict[int, int] = {}
        self._typeface = typeface
        self._slant = slant
        self.name: Final[str] = typeface.getPostScriptName() or ""
        extents = shaper.get_font_extents("ltr")
        self.ascent: Final[float] = extents.ascender / self.units
        self.descent: Final[float] = -extents.descender / self.units
        self.in_colour: Final[bool] = bool(shaper.face.has_color_paint)
        self.space: Final[int] = self.glyph(0x20)
        self.space_width: Final[float] = shaper.get_glyph_h_advance(self.space) / self.units
        self.missing_width: Final[float] = shaper.get_glyph_h_advance(0) / self.units

    def glyph(self, code: int) -> int:
        """The glyph of a character, 0 where there is none."""
        glyph = self._glyphs.get(code)
        if glyph is None:
            glyph = self._glyphs[code] = self.shaper.get_nominal_glyph(code) or 0
        return glyph

    def at(self, size: float) -> Any:
        """Skia's font at a size in px, unhinted and placed between pixels so that every machine agrees."""
        font = skia.Font(self._typeface, size)
        font.setEdging(skia.Font.Edging.kAntiAlias)
        font.setHinting(skia.FontHinting.kNone)
        font.setSubpixel(True)
        font.setLinearMetrics(True)
        if self._slant:
            font.setSkewX(self._slant)
        return font


@dataclass(frozen=True, slots=True)
class Style:
    """The face a text asks for. ``size`` in px only chooses letterforms made for it.

    ``others`` are asked, in their order, for what ``family`` has no glyph for, before what ships is.
    """

    family: Family
    weight: int
    italic: bool
    size: float
    others: tuple[Family, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    """An opened font file."""

    shapes: Any
    typeface: Typeface


class Faces:
    """Opens font files lazily, and none of the system's.

    ``opened`` names the files that were opened, in that order. ``fetch`` gets the bytes of those that do not ship.
    Threads may share one.
    """

    def __init__(self, folder: Path = FOLDER, fetch: Callable[[str], bytes] | None = None) -> None:
        self.opened: list[str] = []
        self._folder = folder
        self._manager = skia.FontMgr.New_Custom_Empty()
        self.fetch = fetch
        self._files: dict[str, _File] = {}
        self._faces: WeighedCache[tuple[Any, ...], Face] = WeighedCache(MOST_FACES, lambda _: 1)
        self._lock = Lock()

    def family(self, style: Style) -> Face:
        """The face of a style's own family."""
        return self._of(style.family, style)

    def others(self, style: Style) -> Iterator[Face]:
        """The faces a style names beside its family's. Each is opened when it is asked for."""
        return (self._of(family, style) for family in style.others)

    def _of(self, family: Family, style: Style) -> Face:
        files = FAMILIES[family] if isinstance(family, str) else family
        return self._chosen(files, style, leans=True)

    def fallbacks(self, code: int, style: Style) -> Iterator[Face]:
        """Faces that may have a character the family lacks, best first. Each is opened when it is asked for."""
        for fallback in FALLBACKS:
            if any(first <= code <= last for first, last in fallback.ranges):
                yield self._chosen(fallback.files, style, leans=fallback.leans)

    def emoji(self) -> Face:
        """The face of colour emoji."""
        return self._faces.get((EMOJI.name,), lambda: self._made(EMOJI, {}, 0.0))

    def _chosen(self, files: tuple[FontFile, ...], style: Style, *, leans: bool) -> Face:
        fitting = [file for file in files if file.italic == style.italic] or files
        file = min(fitting, key=lambda it: 0 if it.variable else abs(it.weight - style.weight))
        axes: dict[str, float] = {}
        if file.variable:
            axes["wght"] = min(max(style.weight, file.variable[0]), file.variable[1])
        if file.optical:
            least, most = file.optical
            steps = round((min(max(style.size, least), most) - least) / OPTICAL_STEP)
            axes["opsz"] = min(least + steps * OPTICAL_STEP, most)
        slant = SLANT if style.italic and leans and not file.italic else 0.0
        key = (file.name, *axes.values(), slant)
        return self._faces.get(key, lambda: self._made(file, axes, slant))

    def _made(self, file: FontFile, axes: dict[str, float], slant: float) -> Face:
        source = self._open(file)
        shaper, typeface = hb.Font(source.shapes), source.typeface
        if axes:
            shaper.set_variations(axes)
            typeface = _varied(typeface, axes)
        return Face(shaper, typeface, slant=slant)

    def _open(self, file: FontFile) -> _File:
        """Opens a file once; of one that ships, what is used of it is read."""
        with self._lock:
            if file.name not in self._files:
                self._files[file.name] = self._fetched(file.name) if file.fetched else self._mapped(file.name)
                self.opened.append(file.name)
            return self._files[file.name]

    def _mapped(self, name: str) -> _File:
        path = str(self._folder / name)
        typeface = self._manager.makeFromData(skia.Data.MakeFromFileName(path))
        return _File(hb.Face(hb.Blob.from_file_path(path)), typeface)

    def _fetched(self, name: str) -> _File:
        data = self.fetch(name) if self.fetch else b""
        # A copy: Skia would draw with the bytes after Python has let them go.
        typeface = self._manager.makeFromData(skia.Data.MakeWithCopy(data))
        if typeface is None:
            raise UnknownFont(name)
        return _File(hb.Face(hb.Blob(data)), typeface)


def _varied(typeface: Typeface, axes: dict[str, float]) -> Typeface:
    variation = skia.FontArguments.VariationPosition
    places = variation.Coordinates(
        [variation.Coordinate(int.from_bytes(axis.encode(), "big"), value) for axis, value in axes.items()]
    )
    # Skia borrows the position and its coordinates: both must live until the clone is made.
    position = variation(places)
    arguments = skia.FontArguments()
    arguments.setVariationDesignPosition(position)
    return typeface.makeClone(arguments)
