"""Collecting a manifest's results: how the jobs of its open segments stand, and what became of each row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.facts import RenderFacts
from darkroom.domain.jobs.job import FailureCode, Job, Late, Task, TaskState
from darkroom.domain.jobs.spec import TemplateSpec
from darkroom.domain.manifests.manifest import Manifest, OpenSegment, Stop, Tally
from darkroom.domain.manifests.results import RowResult, results_to_lines, unmade
from darkroom.domain.manifests.segments import SegmentRow, rows_from_lines
from darkroom.domain.renders.names import image_key, is_render
from darkroom.services.jobs.advance_and_settle import AdvanceAndSettle, StaleJob
from darkroom.services.jobs.end_early import end_early

if TYPE_CHECKING:
    from darkroom.ports.jobs import Jobs
    from darkroom.ports.storage import Blobs, Queues
    from darkroom.ports.system import Clock

MIME = "application/jsonl"

_REASONS: Mapping[FailureCode | None, str] = {
    FailureCode.CONTENT_BLOCKED: "The request was refused for safety.",
    FailureCode.INPUT_REJECTED: "The row cannot be made.",
    FailureCode.FAILED: "It could not be made.",
    FailureCode.TIMED_OUT: "It was not made in time.",
}
CANCELED = "The manifest was canceled."


@dataclass(frozen=True, slots=True)
class CollectSegments:
    """Follows open segments. ``render_url`` and ``asset_url`` make the address of a stored picture."""

    jobs: Jobs
    blobs: Blobs
    queues: Queues
    advance_and_settle: AdvanceAndSettle
    clock: Clock
    render_url: Callable[[str], str]
    asset_url: Callable[[str], str]

    def __call__(self, manifest: Manifest, has_time: Callable[[], bool]) -> Manifest:
        """The manifest with newer counts, without the segments that have ended; their results are stored.

        Jobs of a canceled manifest are canceled on the way.
        """
        for segment in manifest.open:
            if not has_time():
                break
            jobs = self._jobs(manifest, segment)
            if len(jobs) == segment.jobs and all(job.terminal for job in jobs.values()):
                manifest = manifest.closed(segment.number, self._close(manifest, segment, jobs))
            else:
                manifest = manifest.seen(_counted(segment, jobs))
        return manifest

    def _jobs(self, manifest: Manifest, segment: OpenSegment) -> dict[str, Job]:
        jobs = dict(self.jobs.get_many(manifest.owner, manifest.job_ids(segment)))
        if manifest.stop is Stop.CANCELED:
            jobs |= {job.id: self._canceled(job) for job in jobs.values() if not job.terminal}
        return jobs

    def _canceled(self, job: Job) -> Job:
        now = self.clock.now()
        try:
            return end_early(
                self.advance_and_settle,
                self.queues,
                job,
                lambda current: transitions.canceled(current, now),
                late=Late.UNWANTED,
            )
        except StaleJob as late:
            return late.job

    def _close(self, manifest: Manifest, segment: OpenSegment, jobs: Mapping[str, Job]) -> Tally:
        """Store what became of a segment's rows; returns the count of those that had a task."""
        in_order = [jobs[job_id] for job_id in manifest.job_ids(segment)]
        lines = self.blobs.get(manifest.part_key(segment.number, "rows"))
        results = [self._result(row, in_order) for row in rows_from_lines(lines)]
        self.blobs.put(manifest.part_key(segment.number, "results"), results_to_lines(results), MIME)
        succeeded = sum(result.status == "succeeded" for result in results)
        return Tally(
            succeeded=succeeded,
            failed=segment.rows - succeeded,
            charged=sum(job.charged for job in in_order),
        )

    def _result(self, row: SegmentRow, jobs: Sequence[Job]) -> RowResult:
        if row.place is None:
            return unmade(row)
        job = jobs[row.place.job]
        task = job.tasks[row.place.task]
        if task.state is TaskState.SUCCEEDED:
            return RowResult(row, "succeeded", url=self._url(job, task), warning=_warning(task))
        if task.state is TaskState.CANCELED:
            return RowResult(row, "failed", error=CANCELED)
        return RowResult(
            row, "failed", error=task.reason or _REASONS.get(task.failure, _REASONS[FailureCode.FAILED])
        )

    def _url(self, job: Job, task: Task) -> str | None:
        if is_render(job):
            spec = job.spec_as(TemplateSpec)
            return self.render_url(image_key(spec.template, task.render_facts.fields_hash, spec.encoding))
        return self.asset_url(task.asset.storage_key) if task.asset is not None else None


def _warning(task: Task) -> str | None:
    """What there is to know of a render that was made all the same, as one line."""
    warnings = task.facts.warnings if isinstance(task.facts, RenderFacts) else ()
    return " ".join(f"{it.element_id}: {it.message}" for it in warnings) or None


def _counted(segment: OpenSegment, jobs: Mapping[str, Job]) -> OpenSegment:
    """The segment with how many of its rows have ended.

    Rows that share a render are counted as one until the segment is closed, so this is never too many.
    """
    tasks = [task for job in jobs.values() for task in job.tasks]
    succeeded = sum(task.state is TaskState.SUCCEEDED for task in tasks)
    failed = sum(task.state in (TaskState.FAILED, TaskState.CANCELED) for task in tasks)
    return OpenSegment(segment.number, segment.jobs, segment.rows, succeeded, failed)
