"""How pixeldrive shows renders, batches and templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from darkroom.domain.renders.renders import PNG, BatchView, RenderOutcome, RowView
from darkroom.domain.templates.definition import definition_json
from darkroom.domain.templates.template import Template
from darkroom.http.links import ImageLinks

type Json = dict[str, Any]

PREVIEW_SECONDS = 3600

_JOB_STATUSES: Mapping[str, str] = {
    "queued": "waiting",
    "running": "active",
    "completed": "completed",
    "failed": "failed",
}


def render(outcome: RenderOutcome, links: ImageLinks, now: datetime) -> Json:
    """A finished render; a preview's address is only good for an hour."""
    url = (
        links.signed(outcome.key, int(now.timestamp()) + PREVIEW_SECONDS)
        if outcome.preview
        else links.public(outcome.key)
    )
    return {
        "url": url,
        "fromCache": _from_cache(yes=outcome.from_cache),
        "fieldsHash": outcome.fields_hash,
        "renderMs": outcome.render_ms,
        "uploadBytes": outcome.size,
        "creditsRemaining": outcome.credits_remaining,
    }


def batch(view: BatchView, links: ImageLinks) -> Json:
    """How a batch stands, with every row."""
    return {"batchId": view.id, "total": view.total, **counts(view), **results(view, links)}


def counts(view: BatchView) -> Json:
    """How many rows are in which state."""
    return {
        "queued": view.queued,
        "running": view.running,
        "completed": view.completed,
        "failed": view.failed,
    }


def results(view: BatchView, links: ImageLinks) -> Json:
    """Every row, in the order of the payloads."""
    return {"results": [_result(row, links) for row in view.results]}


def job(row: RowView, links: ImageLinks) -> Json:
    """One row by itself, in the words this endpoint has for states."""
    return {
        "id": row.id,
        "status": _JOB_STATUSES[row.status],
        "progress": row.progress,
        "result": _image(row, links),
        "failedReason": row.failed_reason,
        "attemptsMade": row.attempts,
    }


def template(found: Template) -> Json:
    """A template with its document."""
    return {**summary(found), "document": definition_json(found.document)}


def summary(found: Template) -> Json:
    """A template in a list."""
    canvas = found.document.canvas
    return {
        "id": found.id,
        "name": found.name,
        "version": found.version,
        "width": canvas.width,
        "height": canvas.height,
        "createdAt": _time(found.created_at),
        "updatedAt": _time(found.updated_at),
    }


def _result(row: RowView, links: ImageLinks) -> Json:
    image = _image(row, links)
    if image is not None:
        image["fromCache"] = _from_cache(yes=row.from_cache)
    return {"id": row.id, "status": row.status, "result": image, "failedReason": row.failed_reason}


def _image(row: RowView, links: ImageLinks) -> Json | None:
    if row.image_key is None:
        return None
    return {"imageUrl": links.public(row.image_key), "contentType": PNG}


def _from_cache(*, yes: bool) -> str | bool:
    """The contract's name for a render that is remembered."""
    return "db" if yes else False


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
