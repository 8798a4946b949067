"""Reading the state of a batch or of one row: two reads, whatever the batch's size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import NotFound
from darkroom.domain.ids import is_uuid
from darkroom.domain.jobs.job import FailureCode, Job, Task, TaskState
from darkroom.domain.jobs.spec import BatchSpec
from darkroom.domain.renders.batches import ROWS_AT_ONCE, chunk_id, row_id, row_place
from darkroom.domain.renders.names import BATCH, image_key
from darkroom.domain.renders.views import BatchView, RowView
from darkroom.ports.jobs import Jobs

_STATUSES: Mapping[TaskState, str] = {
    TaskState.QUEUED: "queued",
    TaskState.RUNNING: "running",
    TaskState.WAITING: "running",
    TaskState.SUCCEEDED: "completed",
    TaskState.FAILED: "failed",
    TaskState.CANCELED: "failed",
}

_REASONS: Mapping[FailureCode | None, str] = {
    FailureCode.INPUT_REJECTED: "The payload cannot be rendered.",
    FailureCode.TIMED_OUT: "The render did not finish in time.",
}


@dataclass(frozen=True, slots=True)
class WatchBatch:
    """Reads batches. From the moment a batch is accepted, each of its rows has exactly one state."""

    jobs: Jobs

    def batch(self, owner: Owner, batch_id: str) -> BatchView:
        """All rows of a batch.

        Raises
        ------
        NotFound
        """
        batch = self._batch(owner, batch_id)
        spec = batch.spec_as(BatchSpec)
        numbers = range(len(spec.chunks)) if _expanded(batch) else ()
        chunks = self.jobs.get_many(owner, [chunk_id(batch_id, number) for number in numbers])
        seen: set[int] = set()
        views = []
        for index, distinct in enumerate(spec.rows):
            views.append(_view(batch, index, chunks, repeated=distinct in seen))
            seen.add(distinct)
        return BatchView(batch_id, tuple(views), batch.created_at)

    def row(self, owner: Owner, row_id: str) -> RowView:
        """One row of a batch, by the row's id.

        Raises
        ------
        NotFound
        """
        place = row_place(row_id)
        if place is None:
            raise NotFound("No such job.")
        batch_id, index = place
        batch = self._batch(owner, batch_id, what="job")
        rows = batch.spec_as(BatchSpec).rows
        if index >= len(rows):
            raise NotFound("No such job.")
        chunk_job_id = chunk_id(batch_id, rows[index] // ROWS_AT_ONCE)
        chunk = self.jobs.get(owner, chunk_job_id) if _expanded(batch) else None
        return _view(
            batch, index, {chunk_job_id: chunk} if chunk else {}, repeated=rows[index] in rows[:index]
        )

    def _batch(self, owner: Owner, batch_id: str, what: str = "batch") -> Job:
        job = self.jobs.get(owner, batch_id) if is_uuid(batch_id) else None
        if job is None or job.kind != BATCH:
            raise NotFound(f"No such {what}.")
        return job


def _expanded(batch: Job) -> bool:
    return batch.tasks[0].state is TaskState.SUCCEEDED


def _view(batch: Job, index: int, chunks: Mapping[str, Job], *, repeated: bool) -> RowView:
    spec = batch.spec_as(BatchSpec)
    distinct = spec.rows[index]
    chunk = chunks.get(chunk_id(batch.id, distinct // ROWS_AT_ONCE))
    # Until the batch is expanded, and if it is given up before, its rows have its own state.
    task = chunk.tasks[distinct % ROWS_AT_ONCE] if chunk else batch.tasks[0]
    status = _STATUSES[task.state]
    if status != "completed":
        return RowView(
            row_id(batch.id, index),
            status,
            progress=0 if status != "failed" else 100,
            failed_reason=_reason(task) if status == "failed" else None,
            attempts=task.attempts,
        )
    return RowView(
        row_id(batch.id, index),
        status,
        progress=100,
        image_key=image_key(spec.template, task.render_facts.fields_hash, spec.encoding),
        # Made for an identical row, or before this batch.
        from_cache=task.free or repeated,
        attempts=task.attempts,
        warnings=task.render_facts.warnings,
    )


def _reason(task: Task) -> str:
    return task.reason or _REASONS.get(task.failure, "The render failed.")
