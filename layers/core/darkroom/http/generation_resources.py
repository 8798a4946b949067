"""The Generation object, which the memes API answers with and its webhooks carry."""

from __future__ import annotations

from typing import Literal

from darkroom.domain.jobs.assets import AssetType
from darkroom.domain.jobs.job import JobStatus
from darkroom.http.resource import Resource, Time

type GenerationType = Literal["meme", "image", "edit", "reframe", "video", "carousel", "storyboard"]
type OutputType = Literal[AssetType.IMAGE, AssetType.VIDEO, AssetType.CAROUSEL_SLIDE, AssetType.ANALYSIS]
type ErrorCode = Literal["content_blocked", "generation_failed", "generation_timed_out"]


class Asset(Resource):
    """One output."""

    id: str
    type: OutputType
    url: str
    aspect_ratio: str
    slide_index: int | None
    parent_id: str | None
    model: str
    created_at: Time


class GenerationError(Resource):
    """Why outputs are missing."""

    type: Literal["generation_error"]
    code: ErrorCode
    message: str


class Generation(Resource):
    """A job: poll it until its status is terminal."""

    id: str
    object: Literal["generation"]
    type: GenerationType
    status: JobStatus
    model: str
    requested_count: int
    completed_count: int
    failed_count: int
    output: list[Asset]
    error: GenerationError | None
    created_at: Time
    completed_at: Time | None
