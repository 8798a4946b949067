"""The pixeldrive request bodies."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from darkroom.domain.fonts.font import MAX_FAMILY_CHARS
from darkroom.domain.ids import is_uuid
from darkroom.domain.jobs.spec import RenderFormat
from darkroom.domain.renders.batches import MAX_ROWS
from darkroom.domain.templates.template import MAX_NAME_CHARS
from darkroom.http.request_models import Body, Checksum

MAX_FONT_BYTES = 20 * 1024 * 1024
MIN_SECONDS, MAX_SECONDS, DEFAULT_SECONDS = 60, 604_800, 3600


def _uuid(text: str) -> str:
    if not is_uuid(text.lower()):
        raise ValueError("must be a UUID")
    return text.lower()


def _two_decimals(ratio: float) -> float:
    if round(ratio, 2) != ratio:
        raise ValueError("may have at most two decimals")
    return ratio


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return text


Uuid = Annotated[str, AfterValidator(_uuid), Field(json_schema_extra={"format": "uuid"})]
Payload = Annotated[
    dict[str, Any],
    Field(
        description='Element id → value: `{"text": …}`, `{"src": …}` or `{"value": …}`, as the element takes.'
    ),
]
PixelRatio = Annotated[
    float,
    Field(ge=1, le=3, description="Output scale, in steps of 0.01: 1 is the canvas' own size."),
    AfterValidator(_two_decimals),
]
Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME_CHARS), AfterValidator(_not_blank)]
Document = Annotated[
    dict[str, Any],
    Field(description="Canvas and elements, as the JSON Schema at `/templates/schema` says."),
]


Format = Annotated[
    RenderFormat, Field(description="What is written: pictures of pixels, or a page of text and vectors.")
]
Quality = Annotated[
    int,
    Field(
        ge=1,
        le=100,
        description="Of `jpeg` and `webp`, by default 85, and of the photographs in a `pdf`, by default as they are. "
        "A `webp` of 100 keeps every pixel.",
    ),
]


class RenderBody(Body):
    """One image to render."""

    templateId: Uuid  # noqa: N815 - the contract's spelling, as everywhere in this module
    payload: Payload
    pixelRatio: PixelRatio = 1  # noqa: N815
    format: Format = "png"
    quality: Quality | None = None
    preview: bool = Field(False, description="Ephemeral, free and not kept; at most 60 a minute.")


class BatchBody(Body):
    """Up to a thousand images to render, all of one template."""

    templateId: Uuid  # noqa: N815
    payloads: Annotated[list[Any], Field(min_length=1, max_length=MAX_ROWS)]
    userId: Uuid | None = Field(None, description="The workspace to bill: the key's own.")  # noqa: N815
    pixelRatio: PixelRatio = 1  # noqa: N815
    format: Format = "png"
    quality: Quality | None = None


class SignBody(Body):
    """An image to give out for a while, by its key or by its address."""

    key: str | None = None
    url: str | None = None
    expiresIn: Annotated[int, Field(ge=MIN_SECONDS, le=MAX_SECONDS)] = DEFAULT_SECONDS  # noqa: N815

    @model_validator(mode="after")
    def _one_of_both(self) -> SignBody:
        if (self.key is None) == (self.url is None):
            raise ValueError("exactly one of key and url is required")
        return self


class TemplateBody(Body):
    """A template to keep."""

    name: Name
    document: Document


class TemplatePatch(Body):
    """What to change of a template; the rest stays."""

    name: Name | None = None
    document: Document | None = None


class FontBody(Body):
    """A font that will be uploaded, to the byte. ``size`` is in bytes."""

    contentType: Literal["font/ttf", "font/otf", "font/woff2"]  # noqa: N815
    size: Annotated[int, Field(ge=1, le=MAX_FONT_BYTES)]
    checksumSha256: Checksum  # noqa: N815
    family: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=MAX_FAMILY_CHARS,
            description="Its name in templates, if not the font's own.",
        ),
    ] = None
    filename: Annotated[str, Field(max_length=255)] = ""
