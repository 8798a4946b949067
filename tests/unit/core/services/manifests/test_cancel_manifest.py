"""Canceling: at every stage, twice, and while a worker is at it."""

from __future__ import annotations

import pytest

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import AlreadyFinished, NotFound
from darkroom.domain.manifests.manifest import ManifestStatus
from tests.harness.manifests import ManifestHarness, names


def test_what_was_made_is_kept_and_the_rest_released() -> None:
    harness = ManifestHarness(credits=1_100)
    manifest = harness.start(names(1_150))
    harness.turns()
    first = harness.queues.tasks[0]
    harness.render_rows(first.message)
    harness.queues.tasks.clear()  # what it sent is lost, too
    for _ in range(2):
        canceled = harness.core.cancel_manifest(harness.owner, manifest.id)
        assert not canceled.terminal
    harness.finish()
    ended = harness.check_ended(manifest, ManifestStatus.CANCELED)
    assert (ended.tally.succeeded, ended.tally.failed, ended.tally.skipped) == (25, 975, 150)
    assert (harness.wallet.held, harness.wallet.spent) == (0, 25)
    assert {row["error"] for row in harness.report(ended)} == {"The manifest was canceled."}


def test_generations_under_way_are_stopped() -> None:
    harness = ManifestHarness()
    manifest = harness.start(b"prompt\n" + b"kite\n" * 3, "forge-image")
    harness.turns()
    harness.core.cancel_manifest(harness.owner, manifest.id)
    harness.turns()
    harness.finish()
    assert harness.check_ended(manifest, ManifestStatus.CANCELED).tally.charged == 0


def test_a_parked_manifest_ends_at_once() -> None:
    harness = ManifestHarness(credits=0)
    manifest = harness.start(names(5))
    harness.finish()
    harness.core.cancel_manifest(harness.owner, manifest.id)
    harness.finish()
    assert harness.check_ended(manifest, ManifestStatus.CANCELED).tally.skipped == 5


def test_a_pending_manifest_is_gone_and_its_file_starts_nothing() -> None:
    harness = ManifestHarness()
    manifest = harness.register()
    assert harness.core.cancel_manifest(harness.owner, manifest.id).status is ManifestStatus.CANCELED
    assert harness.core.cancel_manifest(harness.owner, manifest.id).status is ManifestStatus.CANCELED
    harness.core.start_manifest.arrived(harness.upload(manifest, names(3)))
    assert not harness.manifest_queue.sent


def test_an_ended_manifest_cannot_be_canceled() -> None:
    harness = ManifestHarness()
    manifest = harness.start(names(1))
    harness.finish()
    with pytest.raises(AlreadyFinished):
        harness.core.cancel_manifest(harness.owner, manifest.id)


def test_a_strangers_manifest_is_not_found() -> None:
    harness = ManifestHarness()
    manifest = harness.start(names(1))
    with pytest.raises(NotFound):
        harness.core.cancel_manifest(Owner(harness.owner.workspace_id, livemode=False), manifest.id)


def test_a_cancel_that_could_not_be_queued_is_found_by_housekeeping() -> None:
    harness = ManifestHarness()
    manifest = harness.start(names(3))
    harness.take_turns()
    harness.manifest_queue.busy = True
    harness.core.cancel_manifest(harness.owner, manifest.id)
    harness.manifest_queue.busy = False
    harness.housekeep()
    harness.finish()
    harness.check_ended(manifest, ManifestStatus.CANCELED)


def test_a_worker_in_the_middle_of_a_turn_makes_no_more() -> None:
    """The worker meets the canceled version at its next save and leaves the rest to the cancel's own message."""
    harness = ManifestHarness()
    manifest = harness.start(names(30))
    (first,) = harness.take_turns()
    checks = iter([True])

    def has_time() -> bool:
        if next(checks, None):
            harness.core.cancel_manifest(harness.owner, manifest.id)
        return True

    harness.core.advance_manifest(first, has_time)
    harness.finish()
    assert harness.check_ended(manifest, ManifestStatus.CANCELED).tally.skipped == 30
