"""The elements of a template, one model per type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from darkroom.domain.fonts.font import BUILT_IN, MAX_FAMILY_CHARS
from darkroom.domain.templates.parts import (
    MAX_REACH,
    Colour,
    Fill,
    Fit,
    Length,
    Offset,
    Part,
    Shadow,
    Share,
    Url,
)

MAX_TEXT_CHARS = 10_000
MAX_SVG_CHARS = 100_000
MAX_FONT_SIZE = 1000
SMALLEST_SHRUNK = 8.0  # px, how far text shrinks when nothing else is said
MAX_RATING = 10
MAX_RUNS = 500  # of one text
MAX_ELEMENTS = 200  # of a document, those in groups and stacks too
MAX_GROW = 100
MAX_BLUR = 200  # px

# A side that is not said: a stack finds it. No document can say it, and none is stored with it.
UNSAID: Final = -1.0

ID_PATTERN = r"^[A-Za-z][A-Za-z0-9_-]{0,63}$"

type ElementId = Annotated[str, Field(pattern=ID_PATTERN)]
type FontName = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_FAMILY_CHARS,
        description=f"{', '.join(BUILT_IN)}, or the family of a font that was uploaded",
    ),
]
type FontFamily = FontName | Annotated[tuple[FontName, ...], Field(min_length=1, max_length=5, strict=False)]
type Size = Annotated[float, Field(gt=0, le=MAX_REACH)]
type FontSize = Annotated[float, Field(ge=1, le=MAX_FONT_SIZE)]
type FontWeight = Annotated[int, Field(ge=100, le=900)]
type FontStyle = Literal["normal", "italic"]
type LetterSpacing = Annotated[float, Field(ge=-100, le=500)]
type Decoration = Literal["none", "underline", "line-through"]


def is_unsaid(side: float) -> bool:
    """Whether a width or height is left to the stack the element is in."""
    return side == UNSAID


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


_SIDE: Final[Any] = Field(default=UNSAID, exclude_if=is_unsaid, json_schema_extra=_without_default)


type Align = Literal["stretch", "start", "center", "end"]


class VisibleWhen(Part):
    """Which element's value decides: it is ``given`` by the payload, or it is ``missing`` there. One of the two."""

    given: ElementId | None = None
    missing: ElementId | None = None


class ShapeMask(Part):
    """A shape that fills the element's box; ``radius`` is of a rect's corners, ``sides`` as of shapes."""

    type: Literal["shape"]
    shape: Literal["rect", "ellipse", "polygon", "star"] = "rect"
    radius: Length = 0
    sides: Annotated[int, Field(ge=3, le=24)] = 5


class SvgMask(Part):
    """A drawing fitted into the element's box: what of it is opaque stays."""

    type: Literal["svg"]
    svg: Annotated[str, Field(min_length=1, max_length=MAX_SVG_CHARS)]
    fit: Fit = "contain"


type Mask = Annotated[ShapeMask | SvgMask, Field(discriminator="type")]
type BlendMode = Literal[
    "normal",
    "multiply",
    "screen",
    "overlay",
    "darken",
    "lighten",
    "color-dodge",
    "color-burn",
    "hard-light",
    "soft-light",
    "difference",
    "exclusion",
    "hue",
    "saturation",
    "color",
    "luminosity",
]


class Element(Part):
    """What every element has: a name, a box in px, and how the box is shown.

    ``x`` and ``y`` are from the corner of the canvas or of the group the element is in; in a stack they move it
    from where the stack puts it. Only there may they, and the sides, be left out. ``grow`` is what an element gets
    of the room that is left in its stack, in proportion to the others; ``align_self`` is the stack's ``align``, for
    this element alone.
    ``rotation`` is in degrees, clockwise about the box's centre. ``blur`` is in px, the standard deviation's double
    as of shadows. Elements are drawn by ``z``, those of the same ``z`` in the order of the list.
    """

    id: ElementId
    x: Offset = 0
    y: Offset = 0
    width: Size = _SIDE
    height: Size = _SIDE
    grow: Annotated[float, Field(gt=0, le=MAX_GROW)] | None = None
    align_self: Align | None = None
    rotation: Annotated[float, Field(ge=-360, le=360)] = 0
    opacity: Share = 1
    blend_mode: BlendMode | None = None
    blur: Annotated[float, Field(ge=0, le=MAX_BLUR)] | None = None
    mask: Mask | None = None
    visible: bool = True
    visible_when: VisibleWhen | None = None
    z: Annotated[int, Field(ge=-1000, le=1000)] = 0


class TextBackground(Part):
    """A box behind a text's lines, ``padding`` px larger than they are."""

    color: Colour
    padding: Annotated[float, Field(ge=0, le=500)] = 0
    radius: Length = 0


class Outline(Part):
    """A line around letters, behind them: ``width`` px of it can be seen. It shrinks with them."""

    color: Colour
    width: Annotated[float, Field(gt=0, le=200)]


class TextRun(Part):
    """A part of a text with a look of its own; what it does not say is as the element says.

    ``id`` is what a payload fills it in by. Sizes and spacing shrink with the element's.
    """

    text: Annotated[str, Field(max_length=MAX_TEXT_CHARS)]
    id: ElementId | None = None
    font_family: FontFamily | None = None
    font_weight: FontWeight | None = None
    font_style: FontStyle | None = None
    font_size: FontSize | None = None
    color: Fill | None = None
    letter_spacing: LetterSpacing | None = None
    text_decoration: Decoration | None = None


type TextRuns = Annotated[tuple[TextRun, ...], Field(max_length=MAX_RUNS, strict=False)]


class TextElement(Element):
    """Text, set into the box.

    Shrinks to ``min_font_size`` (8 px with ``auto_shrink`` alone) when it does not fit otherwise; what does not fit
    then ends in an ellipsis, or is just left out. ``line_height`` is a multiple of the size, ``letter_spacing``
    px at ``font_size``. ``align`` start and end follow the text's direction. ``runs`` stand in the place of ``text``.
    """

    type: Literal["text"]
    text: Annotated[str, Field(max_length=MAX_TEXT_CHARS)] = ""
    runs: TextRuns | None = None
    font_family: FontFamily = "Inter"
    font_weight: FontWeight = 400
    font_style: FontStyle = "normal"
    font_size: FontSize = 32
    min_font_size: FontSize | None = None
    auto_shrink: bool = False
    color: Fill = "#000000"
    outline: Outline | None = None
    align: Literal["left", "center", "right", "justify", "start", "end"] = "start"
    vertical_align: Literal["top", "middle", "bottom"] = "top"
    wrap: bool = True
    max_lines: Annotated[int, Field(ge=1, le=1000)] | None = None
    ellipsis: bool = True
    line_height: Annotated[float, Field(ge=0.5, le=5)] = 1.2
    letter_spacing: LetterSpacing = 0
    text_decoration: Decoration | None = None
    text_transform: Literal["none", "uppercase", "lowercase", "capitalize"] = "none"
    shadow: Shadow | None = None
    background: TextBackground | None = None
    direction: Literal["auto", "ltr", "rtl"] = "auto"

    @property
    def smallest_size(self) -> float:
        """The size, in px, below which this text is cut instead of shrunk."""
        if self.min_font_size is not None:
            return self.min_font_size
        return min(SMALLEST_SHRUNK, self.font_size) if self.auto_shrink else self.font_size


class Border(Part):
    """A line just inside the edge of a picture."""

    color: Colour
    width: Annotated[float, Field(gt=0, le=500)]


class Duotone(Part):
    """Two colours in place of a picture's: what is black in it becomes ``dark``, what is white ``light``."""

    dark: Colour
    light: Colour


class ImageElement(Element):
    """A picture, cut to the box. Without any ``src`` nothing is drawn, not even the background or the border.

    ``focal_x`` and ``focal_y`` say what of the picture stays in sight when ``fit`` is ``cover``, and where it stands
    in the box when it is ``contain``. ``circle`` cuts an ellipse and makes ``radius`` meaningless. A picture's blur
    ends where the picture does.
    """

    type: Literal["image"]
    src: Url | None = None
    fit: Fit = "cover"
    focal_x: Share = 0.5
    focal_y: Share = 0.5
    radius: Length = 0
    circle: bool = False
    border: Border | None = None
    background: Colour = "transparent"
    duotone: Duotone | None = None


class SvgElement(Element):
    """A drawing, from ``src`` or written out in ``svg``; ``color`` paints all of it in one colour."""

    type: Literal["svg"]
    src: Url | None = None
    svg: Annotated[str, Field(max_length=MAX_SVG_CHARS)] | None = None
    color: Colour | None = None
    fit: Fit = "contain"


class QrElement(Element):
    """A QR code in the largest square that fits the box's middle; ``margin`` counts its own modules."""

    type: Literal["qr"]
    text: Annotated[str, Field(max_length=MAX_TEXT_CHARS)] = ""
    color: Colour = "#000000"
    background: Colour = "#ffffff"
    error_correction: Literal["L", "M", "Q", "H"] = "M"
    margin: Annotated[int, Field(ge=0, le=16)] = 4


class BarcodeElement(Element):
    """A barcode filling the box, with its text in human writing beneath."""

    type: Literal["barcode"]
    text: Annotated[str, Field(max_length=MAX_TEXT_CHARS)] = ""
    format: Literal["ean13", "code128"] = "code128"
    color: Colour = "#000000"
    background: Colour = "#ffffff"
    show_text: bool = True


class RatingElement(Element):
    """A row of ``max`` stars of which ``value`` are filled, the last one in part."""

    type: Literal["rating"]
    value: Annotated[float, Field(ge=0, le=MAX_RATING)] = 0
    max: Annotated[int, Field(ge=1, le=MAX_RATING)] = 5
    color: Colour = "#f5b301"
    empty_color: Colour = "#d9d9d9"
    gap: Annotated[float, Field(ge=0, le=500)] = 4


type Dash = Annotated[float, Field(gt=0, le=500)]
type Dashes = Annotated[tuple[Dash, ...], Field(min_length=2, max_length=2, strict=False)]


class ShapeElement(Element):
    """A plain shape.

    A line runs from the box's top left to its bottom right in ``stroke``, so its box may have no width or no height.
    ``sides`` is for polygons and counts a star's points; both are regular and fill the box. The stroke is
    centred on the edge, ``stroke_dash`` its px on and off.
    """

    type: Literal["shape"]
    width: Length = _SIDE
    height: Length = _SIDE
    shape: Literal["rect", "ellipse", "line", "polygon", "star"] = "rect"
    fill: Fill = "transparent"
    stroke: Colour | None = None
    stroke_width: Annotated[float, Field(ge=0, le=500)] = 1
    stroke_dash: Dashes | None = None
    radius: Length = 0
    sides: Annotated[int, Field(ge=3, le=24)] = 5
    shadow: Shadow | None = None


class Container(Element):
    """Elements that are moved, turned, hidden and seen through together, on a surface of their own.

    ``clip`` cuts them at the box's edge, with the corners that ``radius`` rounds.
    """

    children: Annotated[tuple[AnyElement, ...], Field(max_length=MAX_ELEMENTS, strict=False)] = ()
    background: Fill = "transparent"
    radius: Length = 0
    border: Border | None = None
    shadow: Shadow | None = None
    clip: bool = False


class GroupElement(Container):
    """Elements that say where they stand from the group's top left corner."""

    type: Literal["group"]


class StackElement(Container):
    """Elements one after the other, ``gap`` px apart, ``padding`` px from the edge.

    ``align`` says where they stand across the direction, ``justify`` what is done with the room that is left along
    it. A side that is not said is as long as what is in the stack.
    """

    type: Literal["stack"]
    direction: Literal["column", "row"] = "column"
    gap: Length = 0
    padding: Length = 0
    align: Align = "stretch"
    justify: Literal["start", "center", "end", "between"] = "start"


type AnyElement = Annotated[
    TextElement
    | ImageElement
    | SvgElement
    | QrElement
    | BarcodeElement
    | RatingElement
    | ShapeElement
    | GroupElement
    | StackElement,
    Field(discriminator="type"),
]


def field_of(element: AnyElement) -> str | None:
    """Which field of a payload's value fits the element."""
    match element:
        case TextElement() | QrElement() | BarcodeElement():
            return "text"
        case ImageElement() | SvgElement():
            return "src"
        case RatingElement():
            return "value"
        case ShapeElement() | GroupElement() | StackElement():
            return None


def within(elements: Iterable[AnyElement]) -> Iterator[AnyElement]:
    """These elements, each followed by those in it."""
    for element in elements:
        yield element
        if isinstance(element, GroupElement | StackElement):
            yield from within(element.children)
