"""Rows packed into jobs: all of them, in order, and never more than a transaction takes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from darkroom.adapters.dynamodb.marshal import to_image
from darkroom.adapters.dynamodb.rows import job_row
from darkroom.domain.jobs.spec import ChunkSpec, ImageSpec
from darkroom.domain.manifests.rows import ASPECT_RATIOS, ImageRow
from darkroom.domain.manifests.segments import (
    MAX_JOBS,
    ImagePacking,
    Place,
    RenderPacking,
    SegmentRow,
    rows_from_lines,
    rows_to_lines,
)
from darkroom.domain.renders.batches import ROWS_AT_ONCE
from tests.contract import examples

PROMPTS = st.text(max_size=5)


def renders(*payloads: Mapping[str, Any]) -> tuple[RenderPacking, list[Place]]:
    packing = RenderPacking("t", 1, 1.0, "manifest", "tmp/x")
    return packing, [packing.add(payload) for payload in payloads]


@given(st.lists(st.integers(0, 40), min_size=1, max_size=120))
def test_every_render_is_where_its_place_says(numbers: list[int]) -> None:
    packing, places = renders(*({"name": {"text": str(number)}} for number in numbers))
    plans, body = packing.plans(), packing.body
    assert sum(plan.tasks for plan in plans) == len(set(numbers))
    for number, place in zip(numbers, places, strict=True):
        spec = plans[place.job].spec
        assert isinstance(spec, ChunkSpec)
        lines = body[spec.offset : spec.offset + spec.length].splitlines()
        assert json.loads(lines[place.task]) == {"name": {"text": str(number)}}
        assert len(lines) == plans[place.job].tasks <= ROWS_AT_ONCE


def test_a_segment_of_a_thousand_renders_is_full_and_has_forty_jobs() -> None:
    packing, _ = renders(*({"name": {"text": str(number)}} for number in range(999)))
    before = packing.full
    packing.add({"name": {"text": "the last"}})
    assert (before, packing.full) == (False, True)
    assert len(packing.plans()) == 40


@given(st.lists(st.builds(ImageRow, PROMPTS, st.sampled_from(ASPECT_RATIOS[:3])), min_size=1, max_size=120))
def test_every_picture_is_where_its_place_says(rows: list[ImageRow]) -> None:
    packing = ImagePacking()
    places = [packing.add(row) for row in rows]
    plans = packing.plans()
    assert len(set(places)) == len(rows) == sum(plan.tasks for plan in plans)
    for row, place in zip(rows, places, strict=True):
        spec = plans[place.job].spec
        assert isinstance(spec, ImageSpec)
        assert (spec.prompt_of(place.task), spec.aspect_ratio) == (row.prompt, row.aspect_ratio)
        assert plans[place.job].tasks == len(spec.prompts) <= ROWS_AT_ONCE


def test_pictures_of_different_settings_fill_a_segment_before_its_transaction_does() -> None:
    packing, count = ImagePacking(meme=True), 0
    while not packing.full:
        packing.add(ImageRow("a", template_prompt=str(count)))
        count += 1
    assert len(packing.plans()) == count == MAX_JOBS
    assert 2 * MAX_JOBS + 2 <= 100


def test_the_longest_prompts_fit_rows_and_transaction() -> None:
    packing = ImagePacking()
    while not packing.full:
        packing.add(ImageRow("\u0001" * 10_000))
    jobs = [examples.job(tasks=plan.tasks, spec=plan.spec) for plan in packing.plans()]
    sizes = [len(json.dumps(to_image(job_row(job)), ensure_ascii=False).encode()) for job in jobs]
    assert max(sizes) < 400 * 1024
    assert sum(sizes) < 4 * 1024**2


def test_rows_come_back_as_they_were_kept() -> None:
    rows = [
        SegmentRow(1, {"a": "é\n", "b": None}, Place(3, 24)),
        SegmentRow(2, None, error="no", column="a"),
        SegmentRow(3, {"a": "\ud800"}, skipped=True),
    ]
    assert list(rows_from_lines(rows_to_lines(rows))) == rows
