"""What the API answers. Generated from the OpenAPI document by `make openapi`; do not edit."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, Field


class BatchAccepted(BaseModel):
    """
    An accepted batch.
    """

    batchId: str
    count: int
    jobIds: Annotated[list[str], Field(description="One per payload, in their order.")]


class Deleted(BaseModel):
    """
    A template or font that is gone.
    """

    id: str
    deleted: Literal[True]


class SignAnswer(BaseModel):
    """
    An address that is good for a while.
    """

    url: str
    key: str
    expiresIn: int


class TemplateFont(BaseModel):
    """
    A font of the workspace's own that a template was made with.
    """

    id: str
    family: str
    version: int


class Warning(BaseModel):
    """
    One thing that is not right about a picture that was made all the same.
    """

    element: Annotated[str, Field(description="The id of the element it is about.")]
    code: Annotated[
        str,
        Field(description="`missing_glyphs`: no font has a shape for these characters."),
    ]
    message: str
    characters: Annotated[str | None, Field(description="The first of those it is about.")] = None


class BatchImage(BaseModel):
    """
    A row's image, in a batch.
    """

    imageUrl: str
    contentType: Literal["image/png", "image/jpeg", "image/webp", "application/pdf"] | str
    fromCache: Literal[False, "db"]


class BatchResult(BaseModel):
    """
    One row of a batch.
    """

    warnings: list[Warning] | None = None
    id: str
    status: Literal["queued", "running", "completed", "failed"] | str
    result: BatchImage | None
    failedReason: str | None


class FontError(BaseModel):
    """
    Why a font was rejected.
    """

    code: (
        Literal[
            "size_mismatch",
            "checksum_mismatch",
            "type_mismatch",
            "too_large",
            "damaged",
            "too_complex",
            "not_allowed",
        ]
        | str
    )
    message: str


class FontUpload(BaseModel):
    """
    The request that uploads a font, with all these headers, until `expiresAt`.
    """

    url: str
    method: Literal["PUT"] | str
    headers: dict[str, str]
    expiresAt: AwareDatetime


class Image(BaseModel):
    """
    A row's image.
    """

    imageUrl: str
    contentType: Literal["image/png", "image/jpeg", "image/webp", "application/pdf"] | str


class JobAnswer(BaseModel):
    """
    One row of a batch by itself.
    """

    warnings: list[Warning] | None = None
    id: str
    status: Literal["waiting", "active", "completed", "failed", "delayed"] | str
    progress: int
    result: Image | None
    failedReason: str | None
    attemptsMade: int


class RenderAnswer(BaseModel):
    """
    A finished render.
    """

    warnings: list[Warning] | None = None
    url: str
    fromCache: Literal[False, "db"]
    fieldsHash: str
    renderMs: Annotated[int, Field(description="What rendering took, when it was done.")]
    uploadBytes: int
    creditsRemaining: int


class TemplateAnswer(BaseModel):
    """
    A template.
    """

    id: str
    name: str
    version: int
    width: int
    height: int
    createdAt: AwareDatetime
    updatedAt: AwareDatetime
    document: Annotated[
        dict[str, Any],
        Field(description="As the JSON Schema at `/templates/schema` says."),
    ]
    fonts: Annotated[
        list[TemplateFont],
        Field(description="The workspace's own, as they were when it was saved."),
    ]


class TemplateSummary(BaseModel):
    """
    A template in a list.
    """

    id: str
    name: str
    version: int
    width: int
    height: int
    createdAt: AwareDatetime
    updatedAt: AwareDatetime


class BatchAnswer(BaseModel):
    """
    How a batch stands. `total` is the sum of the four counts.
    """

    queued: int
    running: int
    completed: int
    failed: int
    results: list[BatchResult]
    batchId: str
    total: int


class Font(BaseModel):
    """
    A workspace's own font. What it says of itself is there once it is ready.
    """

    id: str
    status: Literal["pending", "ready", "rejected", "expired"] | str
    family: Annotated[str | None, Field(description="What templates call it by.")]
    version: Annotated[
        int | None,
        Field(description="Counts the fonts of this family, weight and style."),
    ]
    minWeight: int | None
    maxWeight: Annotated[int | None, Field(description="As `minWeight`, unless the font is variable.")]
    style: Literal["normal", "italic"] | str | None
    glyphs: int | None
    contentType: str
    size: Annotated[int, Field(description="In bytes; of a font that is ready, as it is kept.")]
    usedBy: Annotated[list[str], Field(description="Templates whose current version has it.")]
    error: FontError | None
    createdAt: AwareDatetime
    uploadUntil: AwareDatetime | None


class FontList(BaseModel):
    """
    Every font that is ready, those of a family together.
    """

    data: list[Font]


class NewFontAnswer(BaseModel):
    """
    A new font and how to upload it.
    """

    font: Font
    upload: FontUpload


class TemplateList(BaseModel):
    """
    A page of templates.
    """

    data: list[TemplateSummary]
    hasMore: bool
    nextCursor: str | None
