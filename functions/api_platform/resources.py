"""The platform's answers as models, for the OpenAPI document and the tests; no request needs them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.billing.ledger import EntryKind
from darkroom.domain.jobs import job as jobs


class Shape(BaseModel):
    """Base of what is answered: every member is always there, and no other."""

    model_config = ConfigDict(extra="forbid")


class Health(Shape):
    """The API is up."""

    status: Literal["ok"]
    stage: str


class Key(Shape):
    """A key, without its secret."""

    id: str
    object: Literal["api_key"]
    name: str
    prefix: str
    livemode: bool
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    requests_per_minute: int | None


class MintedKey(Key):
    """A key with its secret, which is shown this once."""

    secret: str


class KeyAnswer(Shape):
    """A new key."""

    key: MintedKey


class KeyList(Shape):
    """All keys of a workspace."""

    data: list[Key]


class Revoked(Shape):
    """A key that opens nothing any more."""

    id: str
    object: Literal["api_key"]
    revoked: Literal[True]


class Credits(Shape):
    """A wallet: ``granted = available + held + spent``."""

    livemode: bool
    granted: int
    available: int
    held: int
    spent: int


class CreditsAnswer(Shape):
    """The wallet of the key's mode."""

    credits: Credits


class Entry(Shape):
    """One movement of credits."""

    id: str
    object: Literal["ledger_entry"]
    kind: EntryKind
    at: datetime
    granted: int
    available: int
    held: int
    spent: int
    job_id: str | None
    note: str


class EntryList(Shape):
    """A page of movements."""

    data: list[Entry]
    has_more: bool
    next_cursor: str | None


class Workspace(Shape):
    """A workspace."""

    id: str
    object: Literal["workspace"]
    name: str
    plan: str
    allowances: dict[str, int]
    email: str | None
    created_at: datetime


class WorkspaceAnswer(Shape):
    """A new workspace and its first key."""

    workspace: Workspace
    key: MintedKey


class WorkspaceState(Shape):
    """A workspace with its live and its test wallet."""

    workspace: Workspace
    credits: list[Credits]


class Granted(Shape):
    """Whether this call granted the credits, and the wallet as it now is."""

    granted: bool
    credits: Credits


class Way(Shape):
    """Where a job's outputs may be made."""

    vendor: str
    model: str


class TaskState(Shape):
    """One output: where it is made, and what is known of how that goes or went."""

    id: str
    index: int
    state: jobs.TaskState
    vendor: str
    route: int
    starts: int
    next_at: datetime | None
    failure: jobs.FailureCode | None
    facts: dict[str, str | int | float]


class JobState(Shape):
    """A job as its operator sees it."""

    id: str
    object: Literal["job"]
    livemode: bool
    dialect: str
    kind: str
    model: str
    status: jobs.JobStatus
    created_at: datetime
    deadline_at: datetime
    completed_at: datetime | None
    held: int
    charged: int
    routes: list[Way]
    tasks: list[TaskState]


class JobAnswer(Shape):
    """A job."""

    job: JobState


class Error(Shape):
    """What went wrong."""

    type: str
    code: str
    message: str
    param: str | None
    request_id: str


class ErrorAnswer(Shape):
    """A refusal."""

    error: Error
