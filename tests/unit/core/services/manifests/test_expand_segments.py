"""Calls per row: few, and the same however many rows there are."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.harness.manifests import ManifestHarness, names


def calls_of(count: int, data: bytes, model: str | None = None) -> Counter[str]:
    """The calls that a manifest takes from its file's arrival to its results, those of its jobs' workers left out."""
    harness = ManifestHarness()
    manifest = harness.start(data, model)
    harness.calls.made.clear()
    harness.finish()
    assert harness.check_ended(manifest).tally.succeeded == count
    made = Counter(harness.calls.made)
    # Ten messages are one call.
    made["queues.send_tasks"] = sum(
        -(-len(job.tasks if model else [1]) // 10) for job in harness.memory.jobs.values()
    )
    return made


def test_a_manifest_of_ten_rows_takes_twenty_calls() -> None:
    assert calls_of(10, names(10)).total() <= 20


@pytest.mark.parametrize("count", [1_000, 3_000, 10_000])
def test_each_thousand_renders_take_ten_calls_and_their_messages(count: int) -> None:
    made = calls_of(count, names(count))
    made.pop("queues.send_tasks")
    segments = count // 1_000
    assert made.total() <= 14 + 8 * segments
    assert made["store.commit"] <= 6 + segments


def test_generations_take_as_many_and_a_message_each() -> None:
    data = b"prompt\n" + b"".join(b"kite %d\n" % n for n in range(1_000))
    made = calls_of(1_000, data, "forge-image")
    assert made.pop("queues.send_tasks") <= 1_000 / 10 + 40
    assert made.total() <= 22


def test_a_segment_without_a_good_row_holds_nothing() -> None:
    harness = ManifestHarness(credits=0)
    manifest = harness.start(b"name,avatar\n" + b"x,no address\n" * 1_200)
    harness.finish()
    ended = harness.check_ended(manifest)
    assert (ended.tally.invalid, len(harness.memory.jobs)) == (1_200, 0)
