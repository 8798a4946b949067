"""Manifests are woken by credits and by housekeeping, and one that cannot be read keeps nobody else asleep."""

from __future__ import annotations

from datetime import timedelta

from darkroom.domain.manifests.manifest import ManifestStatus
from darkroom.domain.paging import RowKey
from darkroom.domain.writes import SaveManifest, Write
from tests.harness.manifests import ManifestHarness, names


def test_credits_wake_their_owners_parked_manifests_alone() -> None:
    harness = ManifestHarness(credits=0)
    parked, _ = harness.start(names(2)), harness.register()
    harness.turns()
    harness.core.grant_credits_by_hand(harness.owner.workspace_id, 5, livemode=False)
    assert not harness.manifest_queue.sent
    harness.grant(2)
    (sent,) = harness.manifest_queue.sent
    assert sent.message.manifest_id == parked.id
    harness.finish()
    harness.check_ended(parked)


def test_a_grant_is_a_grant_whatever_the_queue_does() -> None:
    harness = ManifestHarness(credits=0)
    harness.start(names(2))
    harness.turns()
    harness.manifest_queue.busy = True
    harness.grant(2)
    assert harness.wallet.available == 2


def test_a_function_without_the_queue_wakes_nobody() -> None:
    harness = ManifestHarness(credits=0)
    harness.core.settings = type(harness.core.settings)()
    harness.calls.made.clear()
    harness.grant(2)
    assert "manifests.parked" not in harness.calls.made


def test_housekeeping_leaves_alone_what_is_not_due() -> None:
    harness = ManifestHarness()
    harness.start(names(2))
    harness.take_turns()
    harness.housekeep(timedelta(minutes=5))
    assert not harness.manifest_queue.sent
    harness.housekeep(timedelta(minutes=6))
    assert len(harness.manifest_queue.sent) == 1


def test_a_row_that_cannot_be_read_is_set_aside() -> None:
    harness = ManifestHarness()
    manifest = harness.start(names(2))
    harness.take_turns()
    row = RowKey("MANIFEST#x", "MANIFEST")
    harness.manifests.unreadable[row] = harness.clock.now()
    harness.housekeep()
    assert harness.manifests.unreadable[row] > harness.clock.now() + timedelta(minutes=50)
    harness.finish()
    assert harness.check_ended(manifest).status is ManifestStatus.COMPLETED


def test_one_that_cannot_be_helped_stops_no_other() -> None:
    harness = ManifestHarness()
    first, second = harness.start(names(2)), harness.start(names(2))
    harness.take_turns()
    commit = harness.store.commit

    def failing(*writes: Write) -> None:
        if any(isinstance(write, SaveManifest) and write.manifest.id == first.id for write in writes):
            raise TypeError("a row that cannot be written")
        commit(*writes)

    harness.store.commit = failing  # type: ignore[method-assign]
    harness.housekeep()
    assert [sent.message.manifest_id for sent in harness.manifest_queue.sent] == [second.id]
