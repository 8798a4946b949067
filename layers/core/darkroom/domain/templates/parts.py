"""What the parts of a template's document are made of: numbers, colours, gradients, shadows.

JSON is camelCase, Python snake_case. Types are taken literally and unknown fields are refused, so that a typing
mistake in a template is told and not ignored.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag
from pydantic.alias_generators import to_camel

MAX_SIDE = 4096  # px, of the canvas
MAX_REACH = 2 * MAX_SIDE  # px, how far outside the canvas anything may begin or end
MAX_URL_CHARS = 2048
MAX_STOPS = 16

URL_PATTERN = (
    r"^https?://[^\s/?#@\\]+([/?#]\S*)?$"  # without a user: where it leads is judged when it is fetched
)


class Part(BaseModel):
    """Base of everything in a document."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        defer_build=True,
    )


type Colour = Annotated[
    str,
    Field(
        pattern=r"^(#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})|transparent)$",
        description="#rgb, #rgba, #rrggbb, #rrggbbaa or transparent",
    ),
]
type Url = Annotated[
    str,
    Field(max_length=MAX_URL_CHARS, pattern=URL_PATTERN, description="a full http:// or https:// address"),
]
type Length = Annotated[float, Field(ge=0, le=MAX_REACH)]
type Offset = Annotated[float, Field(ge=-MAX_REACH, le=MAX_REACH)]
type Share = Annotated[float, Field(ge=0, le=1)]


class Stop(Part):
    """A colour of a gradient and where it stands, from 0 to 1."""

    offset: Share
    color: Colour


type Stops = Annotated[tuple[Stop, ...], Field(min_length=2, max_length=MAX_STOPS, strict=False)]


class LinearGradient(Part):
    """Colours along a line through the middle of the box.

    ``angle`` is as in CSS: 0 goes up, 90 to the right, 180 down; the line is as long as it takes for the first
    and the last colour to reach the box's corners.
    """

    type: Literal["linear"]
    angle: Annotated[float, Field(ge=-360, le=360)] = 180
    stops: Stops


class RadialGradient(Part):
    """Colours around a point: ``cx``, ``cy`` as shares of the box, ``radius`` as a share of its longer side."""

    type: Literal["radial"]
    cx: Annotated[float, Field(ge=-2, le=3)] = 0.5
    cy: Annotated[float, Field(ge=-2, le=3)] = 0.5
    radius: Annotated[float, Field(gt=0, le=4)] = 0.5
    stops: Stops


type Fit = Literal["cover", "contain", "fill"]


class ImageBackground(Part):
    """A picture behind everything; ``color`` shows where the picture does not reach or is transparent."""

    type: Literal["image"]
    src: Url
    fit: Fit = "cover"
    focal_x: Share = 0.5
    focal_y: Share = 0.5
    color: Colour = "#ffffff"


def _kind(value: Any) -> Any:
    """Which member of a union of fills is meant."""
    if isinstance(value, str):
        return "colour"
    return value.get("type") if isinstance(value, dict) else getattr(value, "type", None)


type Fill = Annotated[
    Annotated[Colour, Tag("colour")]
    | Annotated[LinearGradient, Tag("linear")]
    | Annotated[RadialGradient, Tag("radial")],
    Discriminator(_kind),
]
type Background = Annotated[
    Annotated[Colour, Tag("colour")]
    | Annotated[LinearGradient, Tag("linear")]
    | Annotated[RadialGradient, Tag("radial")]
    | Annotated[ImageBackground, Tag("image")],
    Discriminator(_kind),
]


class Shadow(Part):
    """A shadow: its offset and blur (the standard deviation's double, as in CSS) in px."""

    color: Colour = "#00000080"
    x: Annotated[float, Field(ge=-500, le=500)] = 0
    y: Annotated[float, Field(ge=-500, le=500)] = 0
    blur: Annotated[float, Field(ge=0, le=200)] = 0


def rgba(colour: str) -> tuple[int, int, int, int]:
    """A document's colour as red, green, blue and alpha, each 0 to 255."""
    if colour == "transparent":
        return (0, 0, 0, 0)
    digits = colour.removeprefix("#")
    if len(digits) <= 4:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue, alpha = bytes.fromhex(f"{digits}ff"[:8])
    return (red, green, blue, alpha)
