"""What the API answers. Generated from the OpenAPI document by `make openapi`; do not edit."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, BaseModel


class Bucket(BaseModel):
    """
    How many jobs took at most `le` seconds from acceptance to end; `null` is without end.
    """

    le: int | None
    jobs: int


class CostGroup(BaseModel):
    """
    One part of a report. What it is not divided by is `null`.
    """

    jobs: int
    outputs: int
    failures: dict[str, int]
    credits_charged: int
    credits_refunded: int
    credits_spent: int
    latency: list[Bucket]
    vendor_units: dict[str, float]
    unpriced_outputs: int
    revenue_micros: int
    cost_micros: int
    margin_micros: int
    id: str
    object: Literal["usage"] | str
    day: str | None
    offer: str | None
    vendor: str | None
    workspace_id: str | None


class Costs(BaseModel):
    """
    Sums with what they earned and cost, in millionths of a dollar. What unpriced outputs cost is not known.
    """

    jobs: int
    outputs: int
    failures: dict[str, int]
    credits_charged: int
    credits_refunded: int
    credits_spent: int
    latency: list[Bucket]
    vendor_units: dict[str, float]
    unpriced_outputs: int
    revenue_micros: int
    cost_micros: int
    margin_micros: int


class FileDeleted(BaseModel):
    """
    A file that was deleted.
    """

    deleted: Literal[True]
    id: str


class Health(BaseModel):
    """
    The API is up.
    """

    status: Literal["ok"] | str
    stage: str


class ManifestCounts(BaseModel):
    """
    Rows read so far, and what became of them: `read` is the sum of the other five.
    """

    read: int
    queued: int
    succeeded: int
    failed: int
    invalid: int
    skipped: int


class ManifestReason(BaseModel):
    """
    Why a manifest waits, or why it ended before all its rows were made.
    """

    code: str
    message: str


class Revoked(BaseModel):
    """
    A key that opens nothing any more.
    """

    id: str
    object: Literal["api_key"] | str
    revoked: Literal[True]


class Route(BaseModel):
    """
    Where a job's outputs may be made.
    """

    vendor: str
    model: str


class Upload(BaseModel):
    """
    The request that uploads a file, with all these headers, until `expires_at`.
    """

    url: str
    method: Literal["PUT"] | str
    headers: dict[str, str]
    expires_at: AwareDatetime


class UsageGroup(BaseModel):
    """
    One part of a report. What it is not divided by is `null`.
    """

    jobs: int
    outputs: int
    failures: dict[str, int]
    credits_charged: int
    credits_refunded: int
    credits_spent: int
    latency: list[Bucket]
    id: str
    object: Literal["usage"] | str
    day: str | None
    key_id: str | None
    offer: str | None


class Used(BaseModel):
    """
    Sums of usage. `failures` are outputs that came to nothing, by code.
    """

    jobs: int
    outputs: int
    failures: dict[str, int]
    credits_charged: int
    credits_refunded: int
    credits_spent: int
    latency: list[Bucket]


class Workspace(BaseModel):
    """
    A workspace.
    """

    id: str
    object: Literal["workspace"] | str
    name: str
    plan: str
    allowances: dict[str, int]
    email: str | None
    created_at: AwareDatetime


class CostReport(BaseModel):
    """
    What all workspaces used, earned and cost: in `total`, and a page of its parts.
    """

    livemode: bool
    first_day: str
    last_day: str
    total: Costs
    data: list[CostGroup]
    has_more: bool
    next_cursor: str | None


class Difference(BaseModel):
    """
    Something that is not what it follows from; `rows` name what was compared.
    """

    kind: Literal["wallet", "hold", "charge", "usage"] | str
    workspace_id: str
    livemode: bool
    what: str
    expected: int
    found: int
    rows: list[str]


class Download(BaseModel):
    """
    A file, good to fetch until `expires_at`.
    """

    url: str
    expires_at: AwareDatetime


class Entry(BaseModel):
    """
    One movement of credits.
    """

    id: str
    object: Literal["ledger_entry"] | str
    kind: Literal["grant", "hold", "settle", "refund", "reversal", "reinstatement", "expiry"] | str
    at: AwareDatetime
    granted: int
    available: int
    held: int
    spent: int
    expired: int
    reversed: int
    expires_at: AwareDatetime | None
    job_id: str | None
    note: str


class EntryList(BaseModel):
    """
    A page of movements.
    """

    data: list[Entry]
    has_more: bool
    next_cursor: str | None


class ExpiringCredits(BaseModel):
    """
    What is left of a grant that ends.
    """

    credits: int
    expires_at: AwareDatetime


class FileError(BaseModel):
    """
    Why a file was rejected.
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


class Key(BaseModel):
    """
    A key, without its secret.
    """

    id: str
    object: Literal["api_key"] | str
    name: str
    prefix: str
    livemode: bool
    scopes: list[
        Literal[
            "generations:write",
            "generations:read",
            "webhooks:manage",
            "account:read",
            "keys:manage",
            "billing:manage",
            "admin",
        ]
        | str
    ]
    created_at: AwareDatetime
    expires_at: AwareDatetime | None
    revoked_at: AwareDatetime | None
    requests_per_minute: int | None
    daily_credits: int | None
    monthly_credits: int | None
    made_by: str | None


class KeyList(BaseModel):
    """
    A page of a workspace's keys.
    """

    data: list[Key]
    has_more: bool
    next_cursor: str | None


class Manifest(BaseModel):
    """
    A file of rows. `expanded` says that all rows were read; `credits_charged` is of rows that are finished.
    """

    id: str
    object: Literal["manifest"] | str
    livemode: bool
    name: str
    status: Literal["pending", "processing", "parked", "completed", "canceled", "expired", "failed"] | str
    make: Literal["renders", "generations"] | str
    template_id: str | None
    template_version: int | None
    pixel_ratio: float | None
    model: str | None
    format: Literal["csv", "jsonl"] | str
    size: int
    counts: ManifestCounts
    expanded: bool
    credits_charged: int
    reason: ManifestReason | None
    results_url: str | None
    created_at: AwareDatetime
    started_at: AwareDatetime | None
    parked_at: AwareDatetime | None
    completed_at: AwareDatetime | None


class ManifestAnswer(BaseModel):
    """
    One manifest.
    """

    manifest: Manifest


class ManifestList(BaseModel):
    """
    A page of manifests. `next_cursor` is the next page's `starting_after`.
    """

    data: list[Manifest]
    has_more: bool
    next_cursor: str | None


class ManifestResults(BaseModel):
    """
    A manifest's rows with what became of them, and the report of its bad rows; null until it has ended.
    """

    results: Download | None
    errors: Download | None


class ManifestUpload(BaseModel):
    """
    The request that uploads a manifest's file, with all these headers, until `expires_at`.
    """

    url: str
    method: Literal["PUT"] | str
    headers: dict[str, str]
    expires_at: AwareDatetime


class ManifestUploadAnswer(BaseModel):
    """
    A new manifest and how to upload its file.
    """

    manifest: Manifest
    upload: ManifestUpload


class MintedKey(BaseModel):
    """
    A key with its secret, which is shown this once.
    """

    id: str
    object: Literal["api_key"] | str
    name: str
    prefix: str
    livemode: bool
    scopes: list[
        Literal[
            "generations:write",
            "generations:read",
            "webhooks:manage",
            "account:read",
            "keys:manage",
            "billing:manage",
            "admin",
        ]
        | str
    ]
    created_at: AwareDatetime
    expires_at: AwareDatetime | None
    revoked_at: AwareDatetime | None
    requests_per_minute: int | None
    daily_credits: int | None
    monthly_credits: int | None
    made_by: str | None
    secret: str


class Reconciliation(BaseModel):
    """
    A run: how far it came, and the first hundred of all that it `found`.
    """

    id: str
    object: Literal["reconciliation"] | str
    since: AwareDatetime
    started_at: AwareDatetime
    finished_at: AwareDatetime | None
    wallets: int
    entries: int
    jobs: int
    recounted: int
    undecided: int
    found: int
    differences: list[Difference]


class ReconciliationAnswer(BaseModel):
    """
    The last run.
    """

    reconciliation: Reconciliation | None


class UsageReport(BaseModel):
    """
    What a workspace used: in `total`, and a page of its parts.
    """

    livemode: bool
    first_day: str
    last_day: str
    total: Used
    data: list[UsageGroup]
    has_more: bool
    next_cursor: str | None


class WorkspaceAnswer(BaseModel):
    """
    A new workspace and its first key.
    """

    workspace: Workspace
    key: MintedKey


class ApiPlatformResourcesTaskState(BaseModel):
    """
    One output: where it is made, and what is known of how that goes or went.
    """

    id: str
    index: int
    state: Literal["queued", "running", "waiting", "succeeded", "failed", "canceled"] | str
    vendor: str
    route: int
    starts: int
    next_at: AwareDatetime | None
    failure: (
        Literal["content_blocked", "input_rejected", "generation_failed", "generation_timed_out"] | str | None
    )
    facts: dict[str, str | int | float]


class ChangedKey(BaseModel):
    """
    A key as it is now.
    """

    key: Key


class Credits(BaseModel):
    """
    A wallet: `granted + owed = available + held + spent + expired + reversed`.
    """

    livemode: bool
    granted: int
    available: int
    held: int
    spent: int
    owed: int
    expired: int
    reversed: int
    expiring: list[ExpiringCredits]


class CreditsAnswer(BaseModel):
    """
    The wallet of the key's mode.
    """

    credits: Credits


class File(BaseModel):
    """
    An uploaded file. Once it is ready, its id is good wherever an asset's id is.

    `content_type` and `size` are what was announced, and of a ready file what is kept of it. Pictures have
    `width`, `height` and `aspect_ratio`, sounds a `duration` in seconds. `expires_at` is when a pending
    file can no longer be uploaded. A font is one in events alone.
    """

    id: str
    object: Literal["file"] | str
    type: Literal["image", "audio", "font"] | str
    status: Literal["pending", "ready", "rejected", "expired"] | str
    filename: str
    content_type: str
    size: int
    checksum_sha256: str
    url: str | None
    width: int | None
    height: int | None
    aspect_ratio: str | None
    duration: float | None
    error: FileError | None
    created_at: AwareDatetime
    expires_at: AwareDatetime | None
    settled_at: AwareDatetime | None


class FileAnswer(BaseModel):
    """
    One file.
    """

    file: File


class FileList(BaseModel):
    """
    A page of files. `next_cursor` is the next page's `starting_after`.
    """

    data: list[File]
    has_more: bool
    next_cursor: str | None


class Granted(BaseModel):
    """
    Whether this call granted the credits, and the wallet as it now is.
    """

    granted: bool
    credits: Credits


class JobState(BaseModel):
    """
    A job as its operator sees it.
    """

    id: str
    object: Literal["job"] | str
    livemode: bool
    dialect: str
    kind: str
    model: str
    status: Literal["queued", "processing", "succeeded", "partial", "failed", "canceled"] | str
    created_at: AwareDatetime
    deadline_at: AwareDatetime
    completed_at: AwareDatetime | None
    held: int
    charged: int
    routes: list[Route]
    tasks: list[ApiPlatformResourcesTaskState]


class KeyAnswer(BaseModel):
    """
    A new key.
    """

    key: MintedKey


class SpreadWallet(BaseModel):
    """
    Over how many shards the wallet is spread, and the wallet, which is the same as before.
    """

    shards: int
    credits: Credits


class UploadAnswer(BaseModel):
    """
    A new file and how to upload it.
    """

    file: File
    upload: Upload


class WorkspaceState(BaseModel):
    """
    A workspace with its live and its test wallet.
    """

    workspace: Workspace
    credits: list[Credits]


class JobAnswer(BaseModel):
    """
    A job.
    """

    job: JobState
