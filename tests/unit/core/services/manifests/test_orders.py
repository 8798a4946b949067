"""What a manifest's rows are to be written as."""

from __future__ import annotations

import pytest

from darkroom.domain.jobs.spec import PNG, ChunkSpec, Encoding
from darkroom.domain.manifests.manifest import ManifestStatus
from tests.harness.manifests import ManifestHarness, names


@pytest.mark.parametrize(
    ("metadata", "encoding", "ending"),
    [
        ({}, PNG, "png"),
        ({"output_format": "png"}, PNG, "png"),
        ({"output_format": "jpeg"}, Encoding("jpeg", 85), "jpg"),
        ({"output_format": "pdf", "quality": "40"}, Encoding("pdf", 40), "pdf"),
    ],
)
def test_rows_are_written_as_the_manifest_says(
    metadata: dict[str, str], encoding: Encoding, ending: str
) -> None:
    harness = ManifestHarness()
    told = harness.put("a.csv", names(2), None, template_id=harness.template.id, **metadata)
    harness.core.start_manifest.arrived(told)
    harness.finish()
    (manifest,) = harness.memory.manifests.values()
    assert manifest.order.encoding == (None if encoding == PNG else encoding)
    (job,) = harness.memory.jobs.values()
    assert job.spec_as(ChunkSpec).encoding == encoding
    assert {row["_asset_url"].rpartition(".")[2] for row in harness.results(manifest)} == {ending}
    keys = [key for key in harness.blobs.objects if key.startswith("img/")]
    assert len(keys) == 2
    assert all(key.endswith(f".{ending}") for key in keys)


@pytest.mark.parametrize(
    "metadata",
    [
        {"output_format": "gif"},
        {"quality": "80"},
        {"output_format": "jpeg", "quality": "0"},
        {"output_format": "jpeg", "quality": "101"},
        {"output_format": "jpeg", "quality": "1000000000000"},
        {"output_format": "jpeg", "quality": "a"},
        {"output_format": "jpeg", "quality": "-5"},
    ],
)
def test_a_manifest_that_wants_what_cannot_be_written_fails(metadata: dict[str, str]) -> None:
    harness = ManifestHarness()
    told = harness.put("a.csv", names(1), None, template_id=harness.template.id, **metadata)
    harness.core.start_manifest.arrived(told)
    harness.finish()
    (manifest,) = harness.memory.manifests.values()
    assert (manifest.status, manifest.code) == (ManifestStatus.FAILED, "metadata")
