"""The contract's objects: what presenters return, and what the OpenAPI document's schemas are made from.

Requests are answered without importing this module: presenters need it for their types alone.
"""

# ruff: noqa: N815 - members are spelled as the contract spells them

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field

from darkroom.domain.files.file import FileStatus, Rejection
from darkroom.http.resource import Resource, Time

type FromCache = Annotated[
    Literal[False, "db"], Field(description="`db`: it was rendered before, and is free.")
]
type RowStatus = Literal["queued", "running", "completed", "failed"]
type JobStatus = Literal["waiting", "active", "completed", "failed", "delayed"]
type Media = Literal["image/png", "image/jpeg", "image/webp", "application/pdf"]
type Count = Annotated[int, Field(ge=0)]


class Warning(Resource):
    """One thing that is not right about a picture that was made all the same."""

    element: Annotated[str, Field(description="The id of the element it is about.")]
    code: Annotated[str, Field(description="`missing_glyphs`: no font has a shape for these characters.")]
    message: str
    characters: NotRequired[Annotated[str, Field(description="The first of those it is about.")]]


class Warned(Resource):
    """What may come with warnings, of which there are only where there is something to say."""

    warnings: NotRequired[Annotated[list[Warning], Field(min_length=1, max_length=8)]]


class RenderAnswer(Warned):
    """A finished render."""

    url: str
    fromCache: FromCache
    fieldsHash: Annotated[str, Field(pattern="^[0-9a-z]{16}$")]
    renderMs: Annotated[int, Field(ge=0, description="What rendering took, when it was done.")]
    uploadBytes: Count
    creditsRemaining: Count


class BatchAccepted(Resource):
    """An accepted batch."""

    batchId: str
    count: Annotated[int, Field(ge=1, le=1000)]
    jobIds: Annotated[list[str], Field(description="One per payload, in their order.")]


class Image(Resource):
    """A row's image."""

    imageUrl: str
    contentType: Media


class BatchImage(Image):
    """A row's image, in a batch."""

    fromCache: FromCache


class BatchResult(Warned):
    """One row of a batch."""

    id: str
    status: RowStatus
    result: BatchImage | None
    failedReason: str | None


class Counts(Resource):
    """How many rows are in which state."""

    queued: Count
    running: Count
    completed: Count
    failed: Count


class Results(Resource):
    """Every row, in the order of the payloads."""

    results: list[BatchResult]


class BatchAnswer(Counts, Results):
    """How a batch stands. `total` is the sum of the four counts."""

    batchId: str
    total: Count


class JobAnswer(Warned):
    """One row of a batch by itself."""

    id: str
    status: JobStatus
    progress: Annotated[int, Field(ge=0, le=100)]
    result: Image | None
    failedReason: str | None
    attemptsMade: Count


class SignAnswer(Resource):
    """An address that is good for a while."""

    url: str
    key: str
    expiresIn: Annotated[int, Field(ge=60, le=604_800)]


class TemplateSummary(Resource):
    """A template in a list."""

    id: str
    name: str
    version: Annotated[int, Field(ge=1)]
    width: int
    height: int
    createdAt: Time
    updatedAt: Time


class TemplateFont(Resource):
    """A font of the workspace's own that a template was made with."""

    id: str
    family: str
    version: int


class TemplateAnswer(TemplateSummary):
    """A template."""

    document: Annotated[dict[str, Any], Field(description="As the JSON Schema at `/templates/schema` says.")]
    fonts: Annotated[
        list[TemplateFont], Field(description="The workspace's own, as they were when it was saved.")
    ]


class TemplateList(Resource):
    """A page of templates."""

    data: list[TemplateSummary]
    hasMore: bool
    nextCursor: str | None


class Deleted(Resource):
    """A template or font that is gone."""

    id: str
    deleted: Literal[True]


class FontError(Resource):
    """Why a font was rejected."""

    code: Rejection
    message: str


class Font(Resource):
    """A workspace's own font. What it says of itself is there once it is ready."""

    id: str
    status: FileStatus
    family: Annotated[str | None, Field(description="What templates call it by.")]
    version: Annotated[int | None, Field(description="Counts the fonts of this family, weight and style.")]
    minWeight: int | None
    maxWeight: Annotated[int | None, Field(description="As `minWeight`, unless the font is variable.")]
    style: Literal["normal", "italic"] | None
    glyphs: int | None
    contentType: str
    size: Annotated[int, Field(ge=1, description="In bytes; of a font that is ready, as it is kept.")]
    usedBy: Annotated[list[str], Field(description="Templates whose current version has it.")]
    error: FontError | None
    createdAt: Time
    uploadUntil: Time | None


class FontUpload(Resource):
    """The request that uploads a font, with all these headers, until `expiresAt`."""

    url: str
    method: Literal["PUT"]
    headers: dict[str, str]
    expiresAt: Time


class NewFontAnswer(Resource):
    """A new font and how to upload it."""

    font: Font
    upload: FontUpload


class FontList(Resource):
    """Every font that is ready, those of a family together."""

    data: list[Font]


class Mistake(Resource):
    """One thing that is wrong with a request."""

    path: Annotated[str, Field(description="Such as `payload.avatar.src` or `payloads[17].name.text`.")]
    message: str


class ErrorAnswer(Resource):
    """Why a request was refused."""

    error: str
    code: str
    requestId: str
    details: NotRequired[Annotated[list[Mistake], Field(description="Every mistake in the request.")]]
