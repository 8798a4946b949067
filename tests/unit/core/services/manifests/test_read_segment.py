"""Reading by ranges: bounded pieces, bounded segments, and every row once."""

from __future__ import annotations

import pytest

from darkroom.domain.manifests.manifest import MAX_ROWS, ManifestStatus
from darkroom.services.manifests import read_segment
from tests.harness.manifests import ManifestHarness, names


@pytest.mark.parametrize("piece", [64, 1_000, 4_096])
def test_small_pieces_read_the_same_rows(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_segment, "PIECE_BYTES", piece)
    harness = ManifestHarness()
    manifest = harness.start(names(1_200))
    harness.finish()
    assert harness.check_ended(manifest).tally.succeeded == 1_200
    assert harness.manifest_files.largest_read <= piece


def test_wide_rows_make_smaller_segments() -> None:
    harness = ManifestHarness()
    manifest = harness.start(
        b"name,_carried\n" + b"".join(b"A%d,%s\n" % (n, b"x" * 1_000_000) for n in range(9))
    )
    harness.finish()
    ended = harness.check_ended(manifest)
    assert ended.position.segments == 2
    assert ended.tally.succeeded == 9


def test_rows_beyond_the_most_are_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_ROWS == 100_000
    monkeypatch.setattr(read_segment, "MAX_ROWS", 1_010)
    harness = ManifestHarness()
    manifest = harness.start(names(1_020))
    harness.finish()
    ended = harness.check_ended(manifest, ManifestStatus.FAILED)
    assert (ended.code, ended.tally.succeeded) == ("too_many_rows", 1_010)
    assert harness.report(ended)[0]["row"] == "1011"


def test_exactly_the_most_rows_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_segment, "MAX_ROWS", 30)
    harness = ManifestHarness()
    manifest = harness.start(names(30) + b"\n\n")
    harness.finish()
    harness.check_ended(manifest)


def test_rows_before_a_file_breaks_off_are_made() -> None:
    """The second piece of the file is gone when it is asked for, in the middle of a segment."""
    harness = ManifestHarness()
    manifest = harness.start(names(2_000))
    (message,) = harness.take_turns()
    read = harness.manifest_files.read

    def breaking(key: str, etag: str, offset: int, length: int) -> bytes:
        if offset:
            harness.blobs.delete(key)
        return read(key, etag, offset, length)

    harness.manifest_files.read = breaking  # type: ignore[method-assign]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read_segment, "PIECE_BYTES", 12_000)
        harness.turn(message)
        harness.finish()
    ended = harness.check_ended(manifest, ManifestStatus.FAILED)
    assert 0 < ended.tally.succeeded < 1_000
    assert int(harness.report(ended)[0]["row"]) == ended.tally.succeeded + 1
