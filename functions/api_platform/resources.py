"""The platform's objects: what presenters return, and what the OpenAPI document's schemas are made from.

Requests are answered without importing this module: presenters need it for their types alone.
"""

from __future__ import annotations

from typing import Literal

from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.billing.ledger import EntryKind
from darkroom.domain.jobs import job as jobs
from darkroom.domain.reconcile.books import Discrepancy
from darkroom.http.file_resources import File
from darkroom.http.manifest_resources import Manifest
from darkroom.http.resource import Resource, Time


class Health(Resource):
    """The API is up."""

    status: Literal["ok"]
    stage: str


class Key(Resource):
    """A key, without its secret."""

    id: str
    object: Literal["api_key"]
    name: str
    prefix: str
    livemode: bool
    scopes: list[Scope]
    created_at: Time
    expires_at: Time | None
    revoked_at: Time | None
    requests_per_minute: int | None
    daily_credits: int | None
    monthly_credits: int | None
    made_by: str | None


class MintedKey(Key):
    """A key with its secret, which is shown this once."""

    secret: str


class KeyAnswer(Resource):
    """A new key."""

    key: MintedKey


class ChangedKey(Resource):
    """A key as it is now."""

    key: Key


class KeyList(Resource):
    """A page of a workspace's keys."""

    data: list[Key]
    has_more: bool
    next_cursor: str | None


class Revoked(Resource):
    """A key that opens nothing any more."""

    id: str
    object: Literal["api_key"]
    revoked: Literal[True]


class ExpiringCredits(Resource):
    """What is left of a grant that ends."""

    credits: int
    expires_at: Time


class Credits(Resource):
    """A wallet: ``granted + owed = available + held + spent + expired + reversed``."""

    livemode: bool
    granted: int
    available: int
    held: int
    spent: int
    owed: int
    expired: int
    reversed: int
    expiring: list[ExpiringCredits]


class CreditsAnswer(Resource):
    """The wallet of the key's mode."""

    credits: Credits


class Entry(Resource):
    """One movement of credits."""

    id: str
    object: Literal["ledger_entry"]
    kind: EntryKind
    at: Time
    granted: int
    available: int
    held: int
    spent: int
    expired: int
    reversed: int
    expires_at: Time | None
    job_id: str | None
    note: str


class EntryList(Resource):
    """A page of movements."""

    data: list[Entry]
    has_more: bool
    next_cursor: str | None


class Bucket(Resource):
    """How many jobs took at most ``le`` seconds from acceptance to end; ``null`` is without end."""

    le: int | None
    jobs: int


class Used(Resource):
    """Sums of usage. ``failures`` are outputs that came to nothing, by code."""

    jobs: int
    outputs: int
    failures: dict[str, int]
    credits_charged: int
    credits_refunded: int
    credits_spent: int
    latency: list[Bucket]


class UsageGroup(Used):
    """One part of a report. What it is not divided by is ``null``."""

    id: str
    object: Literal["usage"]
    day: str | None
    key_id: str | None
    offer: str | None


class UsageReport(Resource):
    """What a workspace used: in ``total``, and a page of its parts."""

    livemode: bool
    first_day: str
    last_day: str
    total: Used
    data: list[UsageGroup]
    has_more: bool
    next_cursor: str | None


class Costs(Used):
    """Sums with what they earned and cost, in millionths of a dollar. What unpriced outputs cost is not known."""

    vendor_units: dict[str, float]
    unpriced_outputs: int
    revenue_micros: int
    cost_micros: int
    margin_micros: int


class CostGroup(Costs):
    """One part of a report. What it is not divided by is ``null``."""

    id: str
    object: Literal["usage"]
    day: str | None
    offer: str | None
    vendor: str | None
    workspace_id: str | None


class CostReport(Resource):
    """What all workspaces used, earned and cost: in ``total``, and a page of its parts."""

    livemode: bool
    first_day: str
    last_day: str
    total: Costs
    data: list[CostGroup]
    has_more: bool
    next_cursor: str | None


class Difference(Resource):
    """Something that is not what it follows from; ``rows`` name what was compared."""

    kind: Discrepancy
    workspace_id: str
    livemode: bool
    what: str
    expected: int
    found: int
    rows: list[str]


class Reconciliation(Resource):
    """A run: how far it came, and the first hundred of all that it ``found``."""

    id: str
    object: Literal["reconciliation"]
    since: Time
    started_at: Time
    finished_at: Time | None
    wallets: int
    entries: int
    jobs: int
    recounted: int
    undecided: int
    found: int
    differences: list[Difference]


class ReconciliationAnswer(Resource):
    """The last run."""

    reconciliation: Reconciliation | None


class FileList(Resource):
    """A page of files. ``next_cursor`` is the next page's ``starting_after``."""

    data: list[File]
    has_more: bool
    next_cursor: str | None


class ManifestAnswer(Resource):
    """One manifest."""

    manifest: Manifest


class ManifestUpload(Resource):
    """The request that uploads a manifest's file, with all these headers, until ``expires_at``."""

    url: str
    method: Literal["PUT"]
    headers: dict[str, str]
    expires_at: Time


class ManifestUploadAnswer(ManifestAnswer):
    """A new manifest and how to upload its file."""

    upload: ManifestUpload


class ManifestList(Resource):
    """A page of manifests. ``next_cursor`` is the next page's ``starting_after``."""

    data: list[Manifest]
    has_more: bool
    next_cursor: str | None


class Download(Resource):
    """A file, good to fetch until ``expires_at``."""

    url: str
    expires_at: Time


class ManifestResults(Resource):
    """A manifest's rows with what became of them, and the report of its bad rows; null until it has ended."""

    results: Download | None
    errors: Download | None


class Workspace(Resource):
    """A workspace."""

    id: str
    object: Literal["workspace"]
    name: str
    plan: str
    allowances: dict[str, int]
    email: str | None
    created_at: Time


class WorkspaceAnswer(Resource):
    """A new workspace and its first key."""

    workspace: Workspace
    key: MintedKey


class WorkspaceState(Resource):
    """A workspace with its live and its test wallet."""

    workspace: Workspace
    credits: list[Credits]


class SpreadWallet(Resource):
    """Over how many shards the wallet is spread, and the wallet, which is the same as before."""

    shards: int
    credits: Credits


class Granted(Resource):
    """Whether this call granted the credits, and the wallet as it now is."""

    granted: bool
    credits: Credits


class Route(Resource):
    """Where a job's outputs may be made."""

    vendor: str
    model: str


class TaskState(Resource):
    """One output: where it is made, and what is known of how that goes or went."""

    id: str
    index: int
    state: jobs.TaskState
    vendor: str
    route: int
    starts: int
    next_at: Time | None
    failure: jobs.FailureCode | None
    facts: dict[str, str | int | float]


class JobState(Resource):
    """A job as its operator sees it."""

    id: str
    object: Literal["job"]
    livemode: bool
    dialect: str
    kind: str
    model: str
    status: jobs.JobStatus
    created_at: Time
    deadline_at: Time
    completed_at: Time | None
    held: int
    charged: int
    routes: list[Route]
    tasks: list[TaskState]


class JobAnswer(Resource):
    """A job."""

    job: JobState


class Error(Resource):
    """What went wrong."""

    type: str
    code: str
    message: str
    param: str | None
    request_id: str


class ErrorAnswer(Resource):
    """A refusal."""

    error: Error
