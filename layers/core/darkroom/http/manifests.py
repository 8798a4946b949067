"""Shows manifests as the Manifest object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from darkroom.domain.manifests.manifest import Make
from darkroom.domain.times import utc_text

if TYPE_CHECKING:
    from darkroom.domain.manifests.manifest import Manifest
    from darkroom.http import manifest_resources as resources

PATH = "/platform/v1/manifests"


def manifest(shown: Manifest, base_url: str) -> resources.Manifest:
    """A manifest as a Manifest object, always with all its members."""
    order, renders = shown.order, shown.order.make is Make.RENDERS
    ended = shown.terminal and shown.started_at is not None
    return {
        "id": shown.id,
        "object": "manifest",
        "livemode": shown.owner.livemode,
        "name": shown.name,
        "status": shown.status,
        "make": order.make,
        "template_id": order.template_id,
        "template_version": order.template_version,
        "pixel_ratio": order.ratio if renders else None,
        "model": order.model,
        "format": shown.format,
        "size": shown.size,
        "counts": counts(shown),
        "expanded": shown.read_to_end,
        "credits_charged": shown.tally.charged,
        "reason": _reason(shown),
        "results_url": f"{base_url}{PATH}/{shown.id}/results" if ended else None,
        "created_at": utc_text(shown.created_at),
        "started_at": utc_text(shown.started_at),
        "parked_at": utc_text(shown.parked_at),
        "completed_at": utc_text(shown.completed_at),
    }


def counts(shown: Manifest) -> resources.ManifestCounts:
    """How many rows were read, and what became of them."""
    done = shown.progress
    return {
        "read": shown.position.rows,
        "queued": shown.queued,
        "succeeded": done.succeeded,
        "failed": done.failed,
        "invalid": done.invalid,
        "skipped": done.skipped,
    }


def _reason(shown: Manifest) -> resources.ManifestReason | None:
    if shown.code is None or shown.reason is None:
        return None
    return {"code": shown.code, "message": shown.reason}
