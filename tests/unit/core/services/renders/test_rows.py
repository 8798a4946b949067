"""Rows: where a render's bytes go, and how a result tells what was wrong."""

from __future__ import annotations

import pytest

from darkroom.domain.jobs.facts import RefusedPayload
from darkroom.domain.jobs.job import FailureCode
from darkroom.domain.jobs.spec import ChunkSpec, RenderSpec
from darkroom.domain.renders.names import PREVIEW, RENDER
from darkroom.domain.renders.rendered import RenderRefused
from darkroom.domain.templates.payload import parse_payload
from darkroom.services.renders.rows import JobRows, Row, RowResult
from tests.contract.examples import job, template

TEMPLATE = template()
PAYLOAD = parse_payload(TEMPLATE.document, {"title": {"text": "Ada"}})
ROW = Row(3, PAYLOAD, "k", "hash", ())
COMMON = {"template": TEMPLATE.id, "version": 1, "ratio": 1.0}
SINGLE = RenderSpec(payloads=({},), **COMMON)  # type: ignore[arg-type]
CHUNK = ChunkSpec(manifest="m", batch="b-1", offset=0, length=9, **COMMON)  # type: ignore[arg-type]


def rows(kind: str, spec: RenderSpec | ChunkSpec) -> JobRows:
    return JobRows(job(kind=kind, spec=spec), TEMPLATE, 1, (ROW,))


def test_a_render_is_kept_by_its_content_and_a_preview_by_its_job() -> None:
    render, preview = rows(RENDER, SINGLE), rows(PREVIEW, SINGLE)
    assert (render.preview, preview.preview) == (False, True)
    assert render.storage_key(ROW) == f"img/t/{TEMPLATE.id}/hash.png"
    assert preview.storage_key(ROW).startswith("tmp/previews/")
    assert preview.job.id in preview.storage_key(ROW)


def test_a_picture_is_fetched_once_for_a_batch_and_else_once_for_a_job() -> None:
    assert rows(RENDER, CHUNK).scope == "b-1"
    assert rows(RENDER, SINGLE).scope == job().id


@pytest.mark.parametrize(
    ("element", "field", "param"),
    [
        ("title", "text", "payload.title.text"),
        ("logo", "src", "logo.src"),
        ("canvas", "background.src", "canvas.background.src"),
        ("title", "", "payload.title"),
    ],
)
def test_what_cannot_be_drawn_is_named_where_its_writer_finds_it(
    element: str, field: str, param: str
) -> None:
    result = RowResult.refused(ROW, RenderRefused(element, field, "it cannot be decoded."))
    assert result.facts == RefusedPayload(param=param)
    assert (result.index, result.failure) == (3, FailureCode.INPUT_REJECTED)
    assert result.reason == f"{param}: it cannot be decoded."
