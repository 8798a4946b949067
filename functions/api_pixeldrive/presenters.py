"""How pixeldrive shows renders, batches and templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal, cast

from darkroom.domain.renders.names import media_of
from darkroom.domain.renders.rendered import RenderWarning
from darkroom.domain.renders.views import BatchAccepted, BatchView, RenderOutcome, RowView
from darkroom.domain.templates.definition import definition_json
from darkroom.domain.templates.template import Template
from darkroom.domain.times import utc_text
from darkroom.http.links import ImageLinks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api_pixeldrive import resources
    from darkroom.domain.files.file import File, FileStatus
    from darkroom.domain.files.uploads import FileUpload
    from darkroom.domain.fonts.font import Font
    from darkroom.domain.paging import Page
    from darkroom.services.fonts.manage_fonts import UploadedFont

PREVIEW_SECONDS = 3600

_JOB_STATUSES: Mapping[str, resources.JobStatus] = {
    "queued": "waiting",
    "running": "active",
    "completed": "completed",
    "failed": "failed",
}


def render(outcome: RenderOutcome, links: ImageLinks, now: datetime) -> resources.RenderAnswer:
    """A finished render; a preview's address is only good for an hour."""
    url = (
        links.signed(outcome.key, int(now.timestamp()) + PREVIEW_SECONDS)
        if outcome.preview
        else links.public(outcome.key)
    )
    return {
        "url": url,
        "fromCache": _from_cache(outcome.from_cache),
        "fieldsHash": outcome.fields_hash,
        "renderMs": outcome.render_ms,
        "uploadBytes": outcome.size,
        "creditsRemaining": outcome.credits_remaining,
        **warned(outcome.warnings),
    }


def warned(warnings: Sequence[RenderWarning]) -> resources.Warned:
    """What is not right about a picture that was made all the same; nothing where there is nothing."""
    if not warnings:
        return {}
    return {"warnings": [_warning(each) for each in warnings]}


def _warning(warning: RenderWarning) -> resources.Warning:
    shown: resources.Warning = {
        "element": warning.element_id,
        "code": warning.code,
        "message": warning.message,
    }
    if warning.characters:
        shown["characters"] = warning.characters
    return shown


def batch_accepted(batch: BatchAccepted) -> resources.BatchAccepted:
    """An accepted batch."""
    return {"batchId": batch.batch_id, "count": len(batch.row_ids), "jobIds": list(batch.row_ids)}


def batch(view: BatchView, links: ImageLinks) -> resources.BatchAnswer:
    """How a batch stands, with every row."""
    return {"batchId": view.id, "total": view.total, **counts(view), **results(view, links)}


def counts(view: BatchView) -> resources.Counts:
    """How many rows are in which state."""
    return {
        "queued": view.queued,
        "running": view.running,
        "completed": view.completed,
        "failed": view.failed,
    }


def results(view: BatchView, links: ImageLinks) -> resources.Results:
    """Every row, in the order of the payloads."""
    return {"results": [_result(row, links) for row in view.results]}


def job(row: RowView, links: ImageLinks) -> resources.JobAnswer:
    """One row by itself, in this endpoint's own words for states."""
    return {
        "id": row.id,
        "status": _JOB_STATUSES[row.status],
        "progress": row.progress,
        "result": _image(row, links),
        "failedReason": row.failed_reason,
        "attemptsMade": row.attempts,
        **warned(row.warnings),
    }


def signed(url: str, key: str, seconds: int) -> resources.SignAnswer:
    """An address that is good for so many seconds."""
    return {"url": url, "key": key, "expiresIn": seconds}


def template(record: Template) -> resources.TemplateAnswer:
    """A template with its document."""
    fonts: list[resources.TemplateFont] = [
        {"id": font.id, "family": font.facts.family, "version": font.version} for font in record.fonts
    ]
    return {**_summary(record), "document": definition_json(record.document), "fonts": fonts}


def template_list(page: Page[Template]) -> resources.TemplateList:
    """A page of templates, without their documents."""
    data = [_summary(record) for record in page.items]
    return {"data": data, "hasMore": page.has_more, "nextCursor": page.cursor}


def deleted(template_id: str) -> resources.Deleted:
    """A template or font that is gone."""
    return {"id": template_id, "deleted": True}


def font_upload(requested: FileUpload, now: datetime) -> resources.NewFontAnswer:
    """A new font and the request that uploads it."""
    upload = requested.upload
    return {
        "font": _uploading(requested.file, now),
        "upload": {
            "url": upload.url,
            "method": "PUT",
            "headers": dict(upload.headers),
            "expiresAt": utc_text(requested.file.upload_until),
        },
    }


def font(shown: UploadedFont, now: datetime) -> resources.Font:
    """A font, whatever its status."""
    return _ready(shown.font) if shown.font else _uploading(shown.file, now)


def font_list(fonts: Iterable[Font]) -> resources.FontList:
    """Fonts that are ready."""
    return {"data": [_ready(each) for each in fonts]}


def _ready(shown: Font) -> resources.Font:
    """A font that can be used."""
    facts = shown.facts
    return {
        "id": shown.id,
        "status": cast("FileStatus", "ready"),
        "family": facts.family,
        "version": shown.version,
        "minWeight": facts.lightest,
        "maxWeight": facts.heaviest,
        "style": "italic" if facts.italic else "normal",
        "glyphs": facts.glyphs,
        "contentType": shown.mime,
        "size": shown.size,
        "usedBy": sorted(shown.users),
        "error": None,
        "createdAt": utc_text(shown.created_at),
        "uploadUntil": None,
    }


def _uploading(shown: File, now: datetime) -> resources.Font:
    rejection = shown.rejection
    return {
        "id": shown.id,
        "status": shown.status_at(now),
        "family": shown.family,
        "version": None,
        "minWeight": None,
        "maxWeight": None,
        "style": None,
        "glyphs": None,
        "contentType": shown.mime,
        "size": shown.size,
        "usedBy": [],
        "error": {"code": rejection, "message": f"The font {shown.detail}."} if rejection else None,
        "createdAt": utc_text(shown.created_at),
        "uploadUntil": None if shown.settled else utc_text(shown.upload_until),
    }


def _summary(record: Template) -> resources.TemplateSummary:
    canvas = record.document.canvas
    return {
        "id": record.id,
        "name": record.name,
        "version": record.version,
        "width": canvas.width,
        "height": canvas.height,
        "createdAt": utc_text(record.created_at),
        "updatedAt": utc_text(record.updated_at),
    }


def _result(row: RowView, links: ImageLinks) -> resources.BatchResult:
    image = _image(row, links)
    return {
        "id": row.id,
        "status": cast("resources.RowStatus", row.status),
        "result": None if image is None else {**image, "fromCache": _from_cache(row.from_cache)},
        "failedReason": row.failed_reason,
        **warned(row.warnings),
    }


def _image(row: RowView, links: ImageLinks) -> resources.Image | None:
    if row.image_key is None:
        return None
    return {
        "imageUrl": links.public(row.image_key),
        "contentType": cast("resources.Media", media_of(row.image_key)),
    }


def _from_cache(cached: bool) -> Literal[False, "db"]:
    """The contract's name for a render that was made before."""
    return "db" if cached else False
