"""Makes a drawing from outside harmless before anything draws it.

The markup is read as a stream and written again from a list of what drawings are made of, so that what is not known
is not there: scripts, event handlers, foreign objects, animation. A drawing is refused that refers to anything
outside of itself, that defines entities, or that is much larger drawn than written, by references to references.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import unquote_to_bytes
from xml.parsers import expat

from darkroom.domain.media.sniffing import MAX_PIXELS, sniff
from darkroom_graphics.unusable_picture import UnusablePicture
from darkroom_renderer.svg_effort import MAX_ELEMENTS, Effort, Node, effort

MAX_BYTES: Final = 2_000_000
MAX_DEPTH: Final = 64
MAX_ENTITY: Final = 1_000  # characters
MAX_SHAPE: Final = 1000.0  # times as wide as high, or the other way round
MAX_LENGTH: Final = 1e6
# A size and a viewBox as alike as this have the same shape.
ALIKE: Final = 0.005
MAX_ATTRIBUTE: Final = 4_000  # characters, of all but these
LONG_ATTRIBUTES: Final = frozenset({"d", "points", "href"})

SVG: Final = "http://www.w3.org/2000/svg"
XLINK: Final = "http://www.w3.org/1999/xlink"
XML: Final = "http://www.w3.org/XML/1998/namespace"

_SHAPES = "svg g a defs symbol use switch path rect circle ellipse line polyline polygon image style"
_PAINTS = "text tspan textPath linearGradient radialGradient stop clipPath mask pattern marker filter"
_COLOUR_FILTERS = "feBlend feColorMatrix feComponentTransfer feFuncA feFuncB feFuncG feFuncR feFlood"
_OTHER_FILTERS = "feComposite feDropShadow feGaussianBlur feMerge feMergeNode feOffset feMorphology feTile"
_RARE_FILTERS = "feConvolveMatrix feDisplacementMap feTurbulence feDiffuseLighting feSpecularLighting"
_LIGHTS = "feDistantLight fePointLight feSpotLight"
ELEMENTS: Final = frozenset(
    f"{_SHAPES} {_PAINTS} {_COLOUR_FILTERS} {_OTHER_FILTERS} {_RARE_FILTERS} {_LIGHTS}".split()
)
# Everything else of SVG's own is left out together with what is in it.
RASTER: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

_URL = re.compile(r"url\(\s*['\"]?\s*([^'\")\s]*)", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_DATA = re.compile(r"data:([a-z]+/[a-z0-9.+-]+)?((?:;[^,;]*)*),(.*)", re.IGNORECASE | re.DOTALL)
_UNITS: Final = {
    "": 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "mm": 96 / 25.4,
    "cm": 96 / 2.54,
    "in": 96.0,
    "em": 12.0,
    "ex": 6.0,
}
_LENGTH = re.compile(rf"([0-9.eE+-]+)\s*({'|'.join(_UNITS)})")
_OUTSIDE = "refers to something outside of itself"


@dataclass(frozen=True, slots=True)
class Drawing:
    """Harmless markup; ``shape`` is its width by its height, ``units`` how wide it is in its own.

    ``has_text`` says whether it needs fonts, ``effort`` is what it would take to draw.
    """

    markup: str
    shape: float
    units: float
    has_text: bool
    effort: Effort


def sanitised(data: bytes) -> Drawing:
    """The drawing with nothing in it but shapes, text and pictures of its own.

    Raises
    ------
    UnusablePicture
        It is no SVG, too large, too deep, or refers to what is not in it.
    """
    if len(data) > MAX_BYTES:
        raise UnusablePicture(f"has more than {MAX_BYTES // 1_000_000} MB")
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = reader.entity
    try:
        parser.Parse(data, True)
    except UnusablePicture:
        raise
    except (expat.ExpatError, ValueError, LookupError) as problem:
        raise UnusablePicture("is not well-formed SVG") from problem
    return reader.drawing()


class _Reader:
    """Takes the parser's events and writes what may stay."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._open: list[str] = []  # names of the elements being written
        self._node: Node | None = None  # the element that is being read
        self._skipped = 0  # depth inside of something left out
        self._pixels = 0  # of pictures
        self._style: list[str] = []
        self._shape = self._units = 1.0
        self._has_text = False
        self._nodes: list[Node] = []
        self._css: list[str] = []  # of all style sheets

    def entity(self, _: str, is_parameter: bool, value: str | None, *__: object) -> None:
        """Takes entities that are a few characters: drawing programs write their vocabularies' names with them."""
        if is_parameter or value is None or "&" in value or len(value) > MAX_ENTITY:
            raise UnusablePicture("defines entities of other entities, or of what is outside of it")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if not self._open and not self._skipped and (space or SVG, local) != (SVG, "svg"):
            raise UnusablePicture("is not an SVG")
        if self._skipped or space not in {SVG, ""} or local not in ELEMENTS:
            self._skipped += 1
            return
        if len(self._open) >= MAX_DEPTH:
            raise UnusablePicture(f"is nested more than {MAX_DEPTH} deep")
        pixels = self._pixels
        kept = self._attributes(local, attributes)
        self._note(local, kept, self._pixels - pixels)
        self._has_text |= local == "text"
        if local == "a":
            local = "tspan" if self._open[-1] in {"text", "tspan"} else "g"
        root = ""
        if not self._open:
            root = f' xmlns="{SVG}"'
            self._shape, self._units = _shape(kept)
        self._out.append(
            f"<{local}{root}{''.join(f' {key}="{escape(value)}"' for key, value in kept.items())}>"
        )
        self._open.append(local)

    def end(self, _: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        local = self._open.pop()
        self._node = self._node and self._node.parent
        if local == "style":
            css = "".join(self._style)
            self._style.clear()
            self._css.append(css)
            self._out.append(escape(_checked_css(css)))
        self._out.append(f"</{local}>")

    def text(self, data: str) -> None:
        if self._skipped or not self._open:
            return
        if self._open[-1] == "style":
            self._style.append(data)
        else:
            self._out.append(escape(data))

    def drawing(self) -> Drawing:
        """All of what was read. Raises UnusablePicture where it would be too much to draw."""
        total = effort(self._nodes, "".join(self._css))
        return Drawing("".join(self._out), self._shape, self._units, self._has_text, total)

    def _note(self, local: str, kept: dict[str, str], picture_pixels: int) -> None:
        """Remembers an element for what it will take to draw."""
        if len(self._nodes) >= MAX_ELEMENTS:
            raise UnusablePicture(f"has more than {MAX_ELEMENTS} elements")
        node = Node(local, kept, picture_pixels, self._node)
        if self._node:
            self._node.children.append(node)
        self._nodes.append(node)
        self._node = node

    def _attributes(self, local: str, attributes: dict[str, str]) -> dict[str, str]:
        kept: dict[str, str] = {}
        for name, value in attributes.items():
            space, _, key = name.rpartition(" ")
            if space == XML and key == "space":
                kept["xml:space"] = value
            if space not in {"", XLINK} or (space == XLINK and key != "href"):
                continue
            if key.lower().startswith(("on", "data-", "aria-")):
                continue
            if len(value) > MAX_ATTRIBUTE and key not in LONG_ATTRIBUTES:
                raise UnusablePicture(f"has an attribute of more than {MAX_ATTRIBUTE} characters")
            if key == "href":
                if local != "a" and value.strip():
                    kept.setdefault("href", self._reference(local, value.strip()))
            elif key != "base":
                kept[key] = _checked_css(value)
        return kept

    def _reference(self, local: str, value: str) -> str:
        if value.startswith("#"):
            return value
        if local == "image" and (match := _DATA.fullmatch(value)):
            return self._picture(match)
        raise UnusablePicture(_OUTSIDE)

    def _picture(self, match: re.Match[str]) -> str:
        """A data: URL written again from the picture's bytes, if it is one and not too large."""
        try:
            body = unquote_to_bytes(match[3])
            data = base64.b64decode(body, validate=False) if ";base64" in match[2].lower() else body
        except binascii.Error as problem:
            raise UnusablePicture("holds a damaged picture") from problem
        media = sniff(data)
        if media is None or media.mime not in RASTER:
            raise UnusablePicture("holds something that is not a PNG, JPEG, GIF or WebP picture")
        self._pixels += media.width * media.height
        if self._pixels > MAX_PIXELS:
            raise UnusablePicture(f"holds pictures of more than {MAX_PIXELS // 1_000_000} megapixels")
        return f"data:{media.mime};base64,{base64.b64encode(data).decode()}"


def _checked_css(css: str) -> str:
    """A style or an attribute, refused where it could load something."""
    plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16) % 0x110000) if match[1] else match[2], css)
    if "@import" in plain.lower() or any(not url.startswith("#") for url in _URL.findall(plain)):
        raise UnusablePicture(_OUTSIDE)
    return css


def _shape(root: dict[str, str]) -> tuple[float, float]:
    """Width by height of a drawing, and how wide it is in its own units.

    The shape is its viewBox's, unless it says a size of another shape: then its viewBox is fitted into that. Its size
    is written in px, so that it has the same shape for whoever draws it.
    """
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    said = [_length(root.get(side, "")) for side in ("width", "height")]
    sides = [_length(part) for part in (box[2:] if len(box) == 4 else [])] or said
    width, height = sides if _are_alike(sides, said) else said
    if not _is_usable(width, height) or not _is_usable(*sides):
        raise UnusablePicture("has no usable viewBox, nor a width and height")
    root["width"], root["height"] = str(width), str(height)
    root.setdefault("viewBox", f"0 0 {width} {height}")
    return width / height, min(sides[0], sides[1] * width / height)


def _is_usable(width: float, height: float) -> bool:
    return width > 0 and height > 0 and width / height <= MAX_SHAPE and height / width <= MAX_SHAPE


def _are_alike(sides: list[float], said: list[float]) -> bool:
    """Whether a viewBox has the shape of the size that is said; also if no size is, or one nothing could have."""
    if not (_is_usable(*sides) and _is_usable(*said)):
        return True
    return abs(sides[0] * said[1] / (sides[1] * said[0]) - 1) < ALIKE


def _length(text: str) -> float:
    """A length in px, 0 where it is none."""
    match = _LENGTH.fullmatch(text.strip())
    try:
        length = float(match[1]) * _UNITS[match[2]] if match else 0.0
    except ValueError:
        return 0.0
    return length if math.isfinite(length) and length < MAX_LENGTH else 0.0
