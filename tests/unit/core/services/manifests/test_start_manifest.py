"""Files arrive: registered ones and the operator's, twice, late, never, or too large."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InvalidParam
from darkroom.domain.ids import derived
from darkroom.domain.manifests.manifest import MAX_BYTES, OPERATOR, Manifest, ManifestStatus
from darkroom.domain.manifests.messages import ManifestMessage
from tests.harness.manifests import ManifestHarness, names


def only(harness: ManifestHarness) -> Manifest:
    (manifest,) = harness.memory.manifests.values()
    return manifest


# ------------------------------------------------------------------ registered


def test_the_same_news_twice_starts_it_once() -> None:
    harness = ManifestHarness()
    manifest = harness.register()
    news = harness.upload(manifest, names(3))
    for _ in range(3):
        harness.core.start_manifest.arrived(news)
    harness.finish()
    assert harness.check_ended(manifest).tally.charged == 3
    harness.core.start_manifest.arrived(news)
    assert not harness.manifest_queue.sent


def test_news_that_come_again_replace_a_first_message_that_was_never_sent() -> None:
    harness = ManifestHarness()
    manifest = harness.register()
    news = harness.upload(manifest, names(3))
    harness.core.start_manifest.arrived(news)
    harness.manifest_queue.sent.clear()
    harness.core.start_manifest.arrived(news)
    harness.finish()
    harness.check_ended(manifest)


def test_news_of_a_second_upload_change_nothing() -> None:
    harness = ManifestHarness(credits=0)
    manifest = harness.start(names(3))
    harness.turns()
    harness.core.start_manifest.arrived(harness.upload(manifest, names(5)))
    assert harness.manifest(manifest).size == len(names(3))


def test_a_file_that_nobody_told_of_is_found() -> None:
    harness = ManifestHarness()
    manifest = harness.register()
    harness.upload(manifest, names(3))
    harness.housekeep(timedelta(minutes=76))
    harness.finish()
    harness.check_ended(manifest)


def test_a_manifest_without_a_file_expires_in_silence() -> None:
    harness = ManifestHarness()
    manifest = harness.register()
    harness.housekeep(timedelta(minutes=76))
    harness.finish()
    ended = harness.manifest(manifest)
    assert (ended.status, ended.code, ended.started_at) == (ManifestStatus.EXPIRED, "not_uploaded", None)
    harness.core.start_manifest.arrived(harness.upload(manifest, names(3)))
    assert not harness.manifest_queue.sent


def test_a_file_that_is_not_there_yet_is_waited_for() -> None:
    harness = ManifestHarness()
    manifest = harness.register()
    harness.core.start_manifest.look(manifest.owner, manifest.id)
    assert harness.manifest(manifest) == manifest


def test_a_file_that_is_too_large_fails() -> None:
    harness = ManifestHarness()
    manifest = harness.register()
    harness.core.start_manifest.arrived(replace(harness.upload(manifest, b"name\nA\n"), size=MAX_BYTES + 1))
    harness.finish()
    assert harness.check_ended(manifest, ManifestStatus.FAILED).code == "too_large"


@pytest.mark.parametrize("size", [0, MAX_BYTES + 1])
def test_a_size_that_cannot_be_is_refused(size: int) -> None:
    with pytest.raises(InvalidParam):
        ManifestHarness().register(size=size)


# ------------------------------------------------------------------ the operator's


def test_what_the_operator_puts_says_in_its_metadata_what_it_is_for() -> None:
    harness = ManifestHarness()
    news = harness.put("2026/spring sale.csv", names(3), template_id=harness.template.id, pixel_ratio="2")
    for _ in range(2):
        harness.core.start_manifest.arrived(news)
    harness.finish()
    ended = harness.check_ended(only(harness))
    assert (ended.key_id, ended.name, ended.order.ratio) == (OPERATOR, "2026/spring sale", 2)
    harness.core.start_manifest.arrived(news)
    assert not harness.manifest_queue.sent


def test_the_operator_can_have_generations_made() -> None:
    harness = ManifestHarness()
    harness.core.start_manifest.arrived(harness.put("a.csv", b"prompt\nkite\n", model="meme"))
    harness.finish()
    harness.check_ended(only(harness))


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"template_id": "none"},
        {"model": "none"},
        {"template_id": "x", "model": "meme"},
        {"template_id": "", "pixel_ratio": "1"},
        {"template_id": "ee3a339f-2826-406c-a6e4-04b9a7b4d373", "pixel_ratio": "wide"},
        {"template_id": "ee3a339f-2826-406c-a6e4-04b9a7b4d373", "pixel_ratio": "nan"},
    ],
)
def test_metadata_that_do_not_say_fail_it(metadata: dict[str, str]) -> None:
    harness = ManifestHarness()
    harness.core.start_manifest.arrived(harness.put("a.csv", names(1), None, **metadata))
    harness.finish()
    assert harness.check_ended(only(harness), ManifestStatus.FAILED).code == "metadata"


def test_a_file_that_is_overwritten_is_another_manifest() -> None:
    harness = ManifestHarness()
    first = harness.put("daily.csv", names(2), template_id=harness.template.id)
    second = harness.put("daily.csv", names(3), template_id=harness.template.id)
    for news in (second, first):  # out of order
        harness.core.start_manifest.arrived(news)
    harness.finish()
    assert harness.check_ended(only(harness)).tally.succeeded == 3
    third = harness.put("daily.csv", names(4), template_id=harness.template.id)
    harness.core.start_manifest.arrived(third)
    harness.finish()
    assert len({manifest.results_key() for manifest in harness.memory.manifests.values()}) == 2


def test_a_file_of_nobody_is_reported_and_costs_nothing() -> None:
    harness = ManifestHarness()
    stranger = Owner(derived("nobody"), livemode=True)
    harness.core.start_manifest.arrived(harness.put("a.csv", b"prompt\nkite\n", stranger, model="meme"))
    harness.finish()
    manifest = only(harness)
    assert (manifest.status, manifest.code) == (ManifestStatus.FAILED, "workspace")


def test_another_owners_template_is_not_found() -> None:
    harness = ManifestHarness()
    other = Owner(harness.owner.workspace_id, livemode=False)
    harness.core.start_manifest.arrived(
        harness.put("a.csv", names(1), other, template_id=harness.template.id)
    )
    assert only(harness).code == "metadata"


def test_results_and_other_objects_start_nothing() -> None:
    harness = ManifestHarness()
    manifest = harness.start(names(1))
    harness.finish()
    harness.calls.made.clear()
    for key in (manifest.results_key(), manifest.report_key()):
        harness.core.start_manifest.arrived(replace(harness.put("x.csv", b""), key=key))
    assert not harness.calls.made


def test_a_stranger_has_no_manifests() -> None:
    harness = ManifestHarness()
    manifest = harness.start(names(1))
    other = Owner(harness.owner.workspace_id, livemode=False)
    harness.core.advance_manifest(ManifestMessage(other, manifest.id, 1), lambda: True)
    assert harness.core.manifests.get(other, manifest.id) is None
    assert not harness.memory.jobs
