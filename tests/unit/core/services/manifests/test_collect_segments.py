"""Progress while jobs are under way, and what becomes of each row."""

from __future__ import annotations

from darkroom.domain.jobs.job import FailureCode
from darkroom.domain.renders.warnings import missing_glyphs
from tests.harness.manifests import ManifestHarness, names


def test_progress_grows_with_the_jobs() -> None:
    harness = ManifestHarness()
    manifest = harness.start(names(60))
    harness.turns()
    assert harness.manifest(manifest).queued == 60
    first = harness.queues.tasks.pop(0)
    harness.render_rows(first.message)
    harness.turns()
    under_way = harness.manifest(manifest)
    assert (under_way.queued, under_way.progress.succeeded) == (35, 25)
    harness.finish()
    ended = harness.check_ended(manifest)
    assert (ended.queued, ended.progress.succeeded) == (0, 60)


def test_a_row_that_no_font_has_all_of_is_made_and_says_so() -> None:
    harness = ManifestHarness()
    harness.renderer.warnings = (missing_glyphs("name", "\U00012000"), missing_glyphs("title", "\ua997"))
    manifest = harness.start(names(2))
    harness.finish()
    ended = harness.check_ended(manifest)
    assert ended.tally.succeeded == 2
    said = "name: No font has a glyph for U+12000. title: No font has a glyph for U+A997."
    assert [row["_warnings"] for row in harness.results(ended)] == [said, said]


def test_generations_that_fail_say_why_and_are_refunded() -> None:
    harness = ManifestHarness()
    manifest = harness.start(b"prompt\n[[fail:1]] a\nb\nc\n", "forge-image")
    harness.finish()
    ended = harness.check_ended(manifest)
    assert (ended.tally.succeeded, ended.tally.failed, ended.tally.charged) == (2, 1, 2)
    assert harness.report(ended) == [{"row": "2", "column": "", "error": "It could not be made."}]


def test_a_job_that_passes_its_deadline_fails_its_rows() -> None:
    harness = ManifestHarness()
    manifest = harness.start(names(3))
    harness.turns()
    harness.queues.tasks.clear()
    for _ in range(80):
        harness.housekeep()
        harness.queues.tasks.clear()
        harness.turns()
    ended = harness.check_ended(manifest)
    assert {row["error"] for row in harness.report(ended)} == {"It was not made in time."}
    assert {task.failure for job in harness.memory.jobs.values() for task in job.tasks} == {
        FailureCode.TIMED_OUT
    }
