"""The jobs that rows become: priced and routed like single requests, in no list, and no event of theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from darkroom.domain.catalog.routes import Queue
from darkroom.domain.manifests.manifest import ManifestStatus
from darkroom.domain.paging import PageRequest
from darkroom.services.webhooks.announce import Change, event_of
from tests.harness.manifests import ManifestHarness, names


def test_renders_go_over_the_bulk_queue_and_generations_to_their_engines() -> None:
    harness = ManifestHarness()
    harness.start(names(26))
    harness.start(b"prompt\nkite\n", "forge-image")
    harness.turns()
    assert [item.queue for item in harness.queues.tasks] == [Queue.BULK_RENDERS, Queue.SANDBOX]
    harness.render_rows(harness.queues.tasks.pop(0).message)
    assert [item.queue for item in harness.queues.tasks] == [Queue.SANDBOX, Queue.BULK_RENDERS]


def test_a_manifest_has_no_more_than_a_chunk_of_each_segment_on_the_queue() -> None:
    harness = ManifestHarness(credits=10_000)
    manifest = harness.start(names(3_100))
    harness.turns()
    most = 0
    while chunks := [item for item in harness.queues.tasks if item.queue is Queue.BULK_RENDERS]:
        most = max(most, len(chunks))
        harness.queues.tasks.remove(chunks[0])
        harness.render_rows(chunks[0].message)
    assert most == 4  # of 124
    harness.finish()
    assert harness.check_ended(manifest).tally.succeeded == 3_100


def test_test_mode_uses_the_sandbox_and_test_credits() -> None:
    harness = ManifestHarness(livemode=False)
    manifest = harness.start(b"prompt\nkite\n", "forge-image")
    harness.finish()
    harness.check_ended(manifest)
    assert {job.engine for job in harness.memory.jobs.values()} == {"sandbox"}
    assert {job.owner.livemode for job in harness.memory.jobs.values()} == {False}


def test_jobs_of_manifests_are_in_no_list_and_their_ends_are_no_events() -> None:
    harness = ManifestHarness()
    harness.start(b"prompt\nkite\n", "forge-image")
    harness.finish()
    (job,) = harness.memory.jobs.values()
    assert job.terminal
    assert not harness.jobs.list(harness.owner, PageRequest()).items
    assert event_of(Change("1", None, job)) is None


def test_jobs_have_time_for_those_before_them() -> None:
    harness = ManifestHarness()
    harness.start(names(1))
    harness.turns()
    (job,) = harness.memory.jobs.values()
    assert job.deadline_at - job.created_at == timedelta(hours=6)
    assert job.check_at - job.created_at == timedelta(minutes=15)


def test_a_template_that_is_deleted_for_long_fails_the_rest() -> None:
    harness = ManifestHarness()
    manifest = harness.start(names(3))
    harness.memory.templates.clear()
    harness.finish()
    assert harness.check_ended(manifest, ManifestStatus.FAILED).code == "template"


def test_plan_extras_are_checked_row_by_row() -> None:
    harness = ManifestHarness(plan="trial")
    manifest = harness.start(b"prompt,quality\na,premium\nb,fast\n", "forge-image")
    harness.finish()
    ended = harness.check_ended(manifest)
    assert [(row["row"], row["column"]) for row in harness.report(ended)] == [("1", "quality")]


def test_an_offer_that_is_gone_fails_what_was_to_become_of_it() -> None:
    harness = ManifestHarness()
    manifest = harness.register(replace(harness.order("meme"), offer_id="memes.of-yesterday"))
    harness.core.start_manifest.arrived(harness.upload(manifest, b"prompt\nkite\n"))
    harness.finish()
    assert harness.check_ended(manifest, ManifestStatus.FAILED).code == "offer"
