"""Announcing manifests: what is written, how the file is uploaded, and how many there may be."""

from __future__ import annotations

from datetime import timedelta

import pytest

from darkroom.domain.billing.ledger import EntryKind
from darkroom.domain.errors import FeatureQuotaExceeded, InvalidParam, NotFound
from darkroom.domain.manifests.manifest import MAX_BYTES, Make, ManifestStatus
from darkroom.domain.manifests.records import Format
from darkroom.services.manifests.register_manifest import HOUR, MAX_PER_HOUR
from tests.harness.manifests import ManifestHarness
from tests.harness.renders import DOCUMENT


def test_nothing_but_the_manifest_is_written_and_nothing_is_held() -> None:
    harness = ManifestHarness(credits=0)
    caller = harness.caller()
    harness.calls.made.clear()
    registered = harness.core.register_manifest(
        caller, harness.core.resolve_order.generations("meme"), "jsonl", 9
    )
    assert harness.calls.made == ["manifests.list", "manifest_files.upload", "store.commit"]
    manifest = harness.manifest(registered.manifest)
    assert manifest.status is ManifestStatus.PENDING
    assert (manifest.order.make, manifest.format, manifest.key_id) == (
        Make.GENERATIONS,
        Format.JSONL,
        caller.key.id,
    )
    assert registered.upload.url.endswith(f"/live/{manifest.id}.jsonl")
    assert {entry.kind for entry in harness.memory.entries.values()} <= {EntryKind.GRANT}


@pytest.mark.parametrize("size", [0, MAX_BYTES + 1])
def test_a_size_that_cannot_be_is_refused(size: int) -> None:
    with pytest.raises(InvalidParam):
        ManifestHarness().register(size=size)


def test_the_templates_version_is_the_one_there_is() -> None:
    harness = ManifestHarness()
    harness.save_template({**DOCUMENT, "canvas": {"width": 10, "height": 10}})
    assert harness.order().template_version == 2
    with pytest.raises(NotFound):
        harness.core.resolve_order.renders(harness.owner, "nowhere")
    with pytest.raises(InvalidParam, match="pixel_ratio"):
        harness.core.resolve_order.renders(harness.owner, harness.template.id, 99)


def test_so_many_within_an_hour_and_no_more() -> None:
    harness = ManifestHarness()
    first = harness.register()
    harness.clock.advance(HOUR - timedelta(minutes=1))
    for _ in range(MAX_PER_HOUR - 1):
        harness.register()
    with pytest.raises(FeatureQuotaExceeded):
        harness.register()
    harness.clock.advance(timedelta(minutes=1))
    assert harness.register().id > first.id


def test_the_request_is_counted() -> None:
    harness = ManifestHarness()
    caller = harness.caller()
    harness.core.register_manifest(caller, harness.core.resolve_order.generations("meme"), "csv", 9)
    assert caller.counted
