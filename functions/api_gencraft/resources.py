"""The contract's objects: what presenters return, and what the OpenAPI document's schemas are made from.

Requests are answered without importing this module: presenters need it for their types alone.
"""

# ruff: noqa: N815 - members are spelled as the contract spells them

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field

from darkroom.http.resource import Resource

type Status = Literal["queued", "in_progress", "completed", "failed"]
type Count = Annotated[int, Field(ge=0)]


class Accepted(Resource):
    """A request that was taken: what to poll for."""

    task_ids: list[str]
    email: str


class Task(Resource):
    """One image. ``imageUrl`` comes with *completed* and ``error`` with *failed*, neither with anything else."""

    task_id: str
    status: Status
    progress: Annotated[int, Field(ge=0, le=100)]
    imageUrl: NotRequired[str]
    error: NotRequired[str]


class TaskList(Resource):
    """Many tasks, in the order of the ids that were asked for."""

    tasks: list[Task]


class Upload(Resource):
    """A picture that was taken over."""

    url: str
    filename: str
    content_type: str
    bytes: Count


class Generation(Resource):
    """A request in the history. Its id is its first task's. ``createdAt`` is in milliseconds since the epoch."""

    id: str
    prompt: str
    model: str
    mode: str
    aspect: str
    imageSize: str
    imageCount: int
    images: list[str]
    refs: list[str]
    createdAt: int


class History(Resource):
    """A page of the key's generations, most recent first."""

    items: list[Generation]
    total: Count
    page: int
    limit: int
    total_pages: Count


class Account(Resource):
    """Who the key belongs to, and whether anything can generate for it."""

    email: str
    tier: str
    has_key: bool


class Problem(Resource):
    """What was wrong."""

    type: str
    message: str


class ErrorAnswer(Resource):
    """The one envelope of all errors."""

    error: Problem
