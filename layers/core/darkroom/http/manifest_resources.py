"""The Manifest object, which the platform answers with and webhooks carry."""

from __future__ import annotations

from typing import Literal

from darkroom.domain.manifests.manifest import Make, ManifestStatus
from darkroom.domain.manifests.records import Format
from darkroom.http.resource import Resource, Time


class ManifestCounts(Resource):
    """Rows read so far, and what became of them: ``read`` is the sum of the other five."""

    read: int
    queued: int
    succeeded: int
    failed: int
    invalid: int
    skipped: int


class ManifestReason(Resource):
    """Why a manifest waits, or why it ended before all its rows were made."""

    code: str
    message: str


class Manifest(Resource):
    """A file of rows. ``expanded`` says that all rows were read; ``credits_charged`` is of rows that are finished."""

    id: str
    object: Literal["manifest"]
    livemode: bool
    name: str
    status: ManifestStatus
    make: Make
    template_id: str | None
    template_version: int | None
    pixel_ratio: float | None
    model: str | None
    format: Format
    size: int
    counts: ManifestCounts
    expanded: bool
    credits_charged: int
    reason: ManifestReason | None
    results_url: str | None
    created_at: Time
    started_at: Time | None
    parked_at: Time | None
    completed_at: Time | None
