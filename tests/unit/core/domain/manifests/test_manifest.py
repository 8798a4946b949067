"""A manifest's changes, its keys, and what a file's key says."""

from __future__ import annotations

import json

import pytest

from darkroom.domain.manifests.manifest import (
    Manifest,
    ManifestStatus,
    OpenSegment,
    Position,
    Stop,
    Tally,
    operators_id,
    source_key,
    source_of,
)
from darkroom.domain.manifests.records import Format
from darkroom.domain.serialization import from_document, to_document
from tests.contract import examples
from tests.contract.examples import MINUTE, NOW, OWNER, TEST_OWNER


def under_way() -> Manifest:
    started = examples.manifest().started("etag", 10, NOW, NOW + MINUTE)
    return started.expanded(Position(5, 3, 1, ("a",)), OpenSegment(0, 1, 2), Tally(invalid=1))


def test_a_manifest_comes_back_as_it_was_stored() -> None:
    manifest = under_way()
    assert from_document(Manifest, json.loads(json.dumps(to_document(manifest)))) == manifest


def test_every_row_is_counted_once_from_the_moment_it_was_read() -> None:
    manifest = under_way()
    assert (manifest.queued, manifest.progress) == (2, Tally(invalid=1))
    seen = manifest.seen(OpenSegment(0, 1, 2, succeeded=1))
    assert (seen.queued, seen.progress) == (1, Tally(succeeded=1, invalid=1))
    closed = seen.closed(0, Tally(succeeded=1, failed=1, charged=1))
    assert (closed.queued, closed.open) == (0, ())
    assert closed.progress == Tally(1, 1, 1, 0, 1)


@pytest.mark.parametrize("stop", list(Stop))
def test_a_stopped_manifest_ends_as_what_stopped_it(stop: Stop) -> None:
    ended = under_way().stopped(stop, "code", "Why.").ended(NOW)
    assert (ended.status.value, ended.reason, ended.terminal) == (stop.value, "Why.", True)


def test_one_that_nothing_stopped_is_completed() -> None:
    assert under_way().ended(NOW).status is ManifestStatus.COMPLETED


def test_a_parked_manifest_has_waited_since_it_was_first_parked_until_it_goes_on() -> None:
    parked = under_way().parked("short", "…", NOW).parked("short", "…", NOW + MINUTE)
    assert parked.parked_at == NOW
    going_on = parked.expanded(Position(6), None, Tally())
    assert (going_on.status, going_on.parked_at, going_on.code) == (ManifestStatus.PROCESSING, None, None)


def test_a_canceled_manifest_that_breaks_stays_canceled() -> None:
    broken = under_way().stopped(Stop.CANCELED, "canceled", "…").broken("gone", "…")
    assert (broken.stop, broken.code, broken.read_to_end) == (Stop.CANCELED, "canceled", True)


@pytest.mark.parametrize("format", list(Format))
@pytest.mark.parametrize("owner", [OWNER, TEST_OWNER])
def test_a_registered_files_key_leads_back(owner: object, format: Format) -> None:
    manifest = examples.manifest(owner=owner, format=format)
    source = source_of(source_key(manifest.owner, manifest.id, format))
    assert source is not None
    assert (source.owner, source.name, source.format) == (owner, manifest.id, format)


@pytest.mark.parametrize(
    "key",
    [
        "manifests/w/live/a.txt",
        "manifests/w/live/a",
        "manifests/w/live/.csv",
        "manifests/w/other/a.csv",
        "manifests//live/a.csv",
        "manifests/a.csv",
        "media/w/live/a.csv",
    ],
)
def test_other_keys_are_no_manifests(key: str) -> None:
    assert source_of(key) is None


@pytest.mark.parametrize("name", ["01950000-0000-7000-8000-000000000001.csv", "a/b c.CSV", "a.b.jsonl"])
def test_what_a_manifest_writes_is_no_manifest(name: str) -> None:
    key = f"manifests/w/live/{name}"
    source = source_of(key)
    assert source is not None
    manifest = examples.manifest(source=key, format=source.format)
    for own in (manifest.results_key(), manifest.report_key(), manifest.part_key(3, "rows")):
        assert own != key
        assert source_of(own) is None


def test_two_uploads_to_one_key_have_results_of_their_own() -> None:
    key = "manifests/w/live/daily.csv"
    first, second = (operators_id(key, etag) for etag in ("1", "2"))
    keys = {examples.manifest(source=key, id=it).results_key() for it in (first, second)}
    assert len(keys) == 2
    assert operators_id(key, "1") == first
