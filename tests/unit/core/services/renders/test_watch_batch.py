"""Watching a batch: what its rows are doing, and whose batch it is."""

from __future__ import annotations

import pytest

from darkroom.domain.errors import NotFound
from darkroom.domain.renders.batches import chunk_id, row_id
from darkroom.domain.renders.names import RENDER
from tests.harness.renders import RenderHarness, named

URL = "https://pictures.test/a.png"


@pytest.fixture
def harness() -> RenderHarness:
    return RenderHarness(credits=2_000)


def people(count: int) -> list[dict[str, object]]:
    return [named(f"person {number}") for number in range(count)]


def test_rows_are_running_while_a_worker_has_them(harness: RenderHarness) -> None:
    accepted = harness.batch(people(30))
    harness.expand_batch(harness.take_messages()[0])
    first = chunk_id(accepted.batch_id, 0)
    until = harness.clock.now()
    harness.jobs.claim_all(harness.owner, first, 25, lease_until=until)
    view = harness.view(accepted.batch_id)
    assert (view.queued, view.running, view.done) == (5, 25, False)
    assert harness.watch_batch.row(harness.owner, accepted.row_ids[0]).status == "running"
    assert harness.watch_batch.row(harness.owner, accepted.row_ids[29]).status == "queued"


def test_somebody_else_s_batch_is_not_found(harness: RenderHarness) -> None:
    accepted = harness.batch(people(2))
    stranger = RenderHarness().owner.__class__("01950000-0000-7000-8000-eeeeeeeeeeee", True)
    for owner, batch, row in (
        (stranger, accepted.batch_id, accepted.row_ids[0]),
        (harness.owner, accepted.row_ids[0], accepted.batch_id),
        (harness.owner, "x" * 40, row_id(accepted.batch_id, 2)),
    ):
        with pytest.raises(NotFound):
            harness.watch_batch.batch(owner, batch)
        with pytest.raises(NotFound):
            harness.watch_batch.row(owner, row)


def test_a_single_render_is_no_batch(harness: RenderHarness) -> None:
    harness.render(named("Ada"))
    (job,) = harness.job_of_kind(RENDER)
    with pytest.raises(NotFound):
        harness.watch_batch.batch(harness.owner, job.id)
