"""The contract's objects: what presenters return, and what the OpenAPI document's schemas are made from.

Requests are answered without importing this module: presenters need it for their types alone.
"""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field

from darkroom.domain.jobs.job import JobStatus
from darkroom.http.resource import Resource, Time

type File = Annotated[str, Field(description="A `data:` URL, or an https URL of what is too large for one.")]


class Image(Resource):
    """Answer of ``/generate``."""

    success: Literal[True]
    quality: str
    image: File


class EditedImage(Resource):
    """Answer of ``/edit`` and ``/enhance``."""

    success: Literal[True]
    image: File


class Video(Resource):
    """Answer of ``/video``."""

    success: Literal[True]
    video: File


class BatchImage(Resource):
    """A prompt's picture."""

    prompt: str
    image: File
    success: Literal[True]


class BatchFailure(Resource):
    """A prompt without a picture. Its credits were refunded."""

    prompt: str
    success: Literal[False]
    error: str


class Batch(Resource):
    """Answer of ``/generate/batch``: an item per prompt, in their order."""

    results: list[BatchImage | BatchFailure]
    quality: str


type Result = Image | EditedImage | Video | Batch


class Action(Resource):
    """One line of the usage history. What has not ended counts with what it may cost at most."""

    type: str
    credits: int
    timestamp: Time
    status: JobStatus


class Job(Action):
    """A job that was asked for with ``Prefer: respond-async``."""

    id: str
    completed_at: Time | None
    result: Result | None
    error: str | None


class RefinedPrompt(Resource):
    """Answer of ``/prompt/refine``."""

    refined_prompt: str


class Credits(Resource):
    """The balance. ``held`` is reserved for jobs under way."""

    credits: int
    held: int


class Usage(Resource):
    """The last hundred actions, newest first."""

    usage: list[Action]


class Checkout(Resource):
    """Where to pay."""

    checkout_url: str


class AutoReload(Resource):
    """When which pack is bought automatically. ``null`` while it is off."""

    enabled: bool
    threshold: float | None
    pack: str | None
    monthly_limit_cents: int | None


class CodeSent(Resource):
    """The same answer for every address."""

    success: Literal[True]
    message: str


class SignedIn(Resource):
    """A key, shown this once."""

    success: Literal[True]
    api_key: str
    credits: int


class ErrorAnswer(Resource):
    """Why a request was refused or failed. A batch without any picture lists its prompts' failures beside that."""

    error: str
    results: NotRequired[list[BatchImage | BatchFailure]]
    quality: NotRequired[str]
