"""The answers as models: what the OpenAPI document tells, and what tests hold answers against."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

type FromCache = Annotated[
    Literal[False, "db"], Field(description="`db`: it was rendered before, and is free.")
]
type Count = Annotated[int, Field(ge=0)]


class Shown(BaseModel):
    """Base of what is answered: nothing is in it that is not told here."""

    model_config = ConfigDict(extra="forbid")


class RenderAnswer(Shown):
    """A finished render."""

    url: str
    fromCache: FromCache  # noqa: N815 - the contract's spelling, as everywhere in this module
    fieldsHash: Annotated[str, Field(pattern="^[0-9a-z]{16}$")]  # noqa: N815
    renderMs: Count = Field(description="What rendering took, when it was done.")  # noqa: N815
    uploadBytes: Count  # noqa: N815
    creditsRemaining: Count  # noqa: N815


class BatchAccepted(Shown):
    """An accepted batch."""

    batchId: str  # noqa: N815
    count: Annotated[int, Field(ge=1, le=1000)]
    jobIds: list[str] = Field(description="One per payload, in their order.")  # noqa: N815


class Image(Shown):
    """A row's image."""

    imageUrl: str  # noqa: N815
    contentType: Literal["image/png"]  # noqa: N815


class BatchImage(Image):
    """A row's image, in a batch."""

    fromCache: FromCache  # noqa: N815


class BatchResult(Shown):
    """One row of a batch."""

    id: str
    status: Literal["queued", "running", "completed", "failed"]
    result: BatchImage | None
    failedReason: str | None  # noqa: N815


class BatchAnswer(Shown):
    """How a batch stands. `total` is the sum of the four counts."""

    batchId: str  # noqa: N815
    total: Count
    queued: Count
    running: Count
    completed: Count
    failed: Count
    results: list[BatchResult]


class JobAnswer(Shown):
    """One row of a batch by itself."""

    id: str
    status: Literal["waiting", "active", "completed", "failed", "delayed"]
    progress: Annotated[int, Field(ge=0, le=100)]
    result: Image | None
    failedReason: str | None  # noqa: N815
    attemptsMade: Count  # noqa: N815


class SignAnswer(Shown):
    """An address that is good for a while."""

    url: str
    key: str
    expiresIn: Annotated[int, Field(ge=60, le=604_800)]  # noqa: N815


class TemplateSummary(Shown):
    """A template in a list."""

    id: str
    name: str
    version: Annotated[int, Field(ge=1)]
    width: int
    height: int
    createdAt: str  # noqa: N815
    updatedAt: str  # noqa: N815


class TemplateAnswer(TemplateSummary):
    """A template."""

    document: dict[str, Any] = Field(description="As the JSON Schema at `/templates/schema` says.")


class TemplateList(Shown):
    """A page of templates."""

    data: list[TemplateSummary]
    hasMore: bool  # noqa: N815
    nextCursor: str | None  # noqa: N815


class Deleted(Shown):
    """A template that is gone."""

    id: str
    deleted: Literal[True]


class Mistake(Shown):
    """One thing that is wrong with a request."""

    path: str = Field(description="Where, such as `payload.avatar.src` or `payloads[17].name.text`.")
    message: str


class ErrorAnswer(Shown):
    """Why a request was refused."""

    error: str
    code: str
    requestId: str  # noqa: N815
    details: list[Mistake] | None = Field(None, description="What is wrong with a request, place by place.")
