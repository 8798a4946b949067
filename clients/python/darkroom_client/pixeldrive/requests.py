"""What the API is asked with. Generated from the OpenAPI document by `make openapi`; do not edit."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class FontBody(TypedDict):
    """
    A font that will be uploaded, to the byte. `size` is in bytes.
    """

    contentType: Literal["font/ttf", "font/otf", "font/woff2"]
    size: int
    checksumSha256: str
    family: NotRequired[str | None]
    filename: NotRequired[str]


class SignBody(TypedDict):
    """
    An image to give out for a while, by its key or by its address.
    """

    key: NotRequired[str | None]
    url: NotRequired[str | None]
    expiresIn: NotRequired[int]


class TemplateBody(TypedDict):
    """
    A template to keep.
    """

    name: str
    document: dict[str, Any]


class TemplatePatch(TypedDict):
    """
    What to change of a template; the rest stays.
    """

    name: NotRequired[str | None]
    document: NotRequired[dict[str, Any] | None]


class BatchBody(TypedDict):
    """
    Up to a thousand images to render, all of one template.
    """

    templateId: str
    payloads: list[Any]
    userId: NotRequired[str | None]
    pixelRatio: NotRequired[float]
    format: NotRequired[Literal["png", "jpeg", "webp", "pdf"]]
    quality: NotRequired[int | None]


class RenderBody(TypedDict):
    """
    One image to render.
    """

    templateId: str
    payload: dict[str, Any]
    pixelRatio: NotRequired[float]
    format: NotRequired[Literal["png", "jpeg", "webp", "pdf"]]
    quality: NotRequired[int | None]
    preview: NotRequired[bool]
