"""The contract's words for what the core calls otherwise, and its envelope."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.jobs.job import JobStatus

PREFIX = "/agent"

FEATURES: Mapping[str, Feature] = {
    "image": Feature.IMAGES,
    "video": Feature.VIDEO,
    "music": Feature.MUSIC,
}
PRODUCTS: Mapping[Feature, str] = {feature: product for product, feature in FEATURES.items()}

STATUSES: Mapping[JobStatus, str] = {
    JobStatus.QUEUED: "pending",
    JobStatus.PROCESSING: "processing",
    JobStatus.SUCCEEDED: "completed",
    JobStatus.PARTIAL: "partial",
    JobStatus.FAILED: "failed",
    JobStatus.CANCELED: "canceled",
}


def ok(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What every answer is wrapped in."""
    return {"code": 0, "message": "ok", "data": data}
