"""The worker of manifests: S3's news and its own messages, each on its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from darkroom.adapters.queue_messages import manifest_to_json
from darkroom.domain.errors import Unavailable
from darkroom.domain.manifests.manifest import ManifestStatus
from darkroom.domain.manifests.messages import ManifestMessage, SourceArrived
from darkroom.domain.writes import Write
from darkroom.wiring import override
from tests.harness.manifests import ManifestHarness, names
from tests.harness.triggers import LambdaContext, failures, sample, sqs_event
from worker_manifests.app import handler


@dataclass(frozen=True)
class Patient(LambdaContext):
    """A context with the whole of the function's time left, or what is said."""

    left_ms: int = 120_000

    def get_remaining_time_in_millis(self) -> int:
        return self.left_ms


CONTEXT = Patient()


@pytest.fixture
def harness() -> Iterator[ManifestHarness]:
    harness = ManifestHarness()
    with override(harness.core):
        yield harness


def created(*news: SourceArrived, name: str = "ObjectCreated:Put") -> str:
    """A message of S3's."""
    return json.dumps(
        {
            "Records": [
                {"eventName": name, "s3": {"object": {"key": one.key, "eTag": one.etag, "size": one.size}}}
                for one in news
            ]
        }
    )


def work(*bodies: str, context: Any = CONTEXT) -> list[str]:
    return failures(handler(sqs_event(bodies), context))


def test_real_triggers_are_understood(harness: ManifestHarness) -> None:
    for name in ("object_created", "one_turn"):
        assert not failures(handler(sample(f"worker_manifests/{name}"), CONTEXT))
    assert set(harness.calls.made) == {"manifests.get", "manifest_files.describe"}


def test_a_file_that_arrives_twice_is_worked_off_once(harness: ManifestHarness) -> None:
    manifest = harness.register()
    news = harness.upload(manifest, names(30))
    assert not work(created(news), created(news, news))
    while turns := [manifest_to_json(message) for message in harness.take_turns()]:
        assert not work(*turns, *turns)
        harness.work_jobs()
    assert harness.check_ended(manifest).tally.charged == 30


def test_keys_come_quoted(harness: ManifestHarness) -> None:
    news = harness.put("spring sale, 2026+.csv", b"prompt\nkite\n", model="meme")
    quoted = SourceArrived(
        news.key.replace("+", "%2B").replace(" ", "+").replace(",", "%2C"), f'"{news.etag}"', 9
    )
    assert not work(created(quoted))
    (manifest,) = harness.memory.manifests.values()
    assert (manifest.name, manifest.source) == ("spring sale, 2026+", news.key)


def test_other_news_start_nothing(harness: ManifestHarness) -> None:
    news = harness.put("a.csv", b"prompt\nkite\n", model="meme")
    test_event = json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b"})
    assert not work(test_event, created(news, name="ObjectRemoved:Delete"))
    assert not harness.memory.manifests


def test_a_pending_manifest_is_looked_after(harness: ManifestHarness) -> None:
    manifest = harness.register()
    harness.upload(manifest, names(1))
    assert not work(manifest_to_json(ManifestMessage(manifest.owner, manifest.id, 0)))
    assert harness.manifest(manifest).status is ManifestStatus.PROCESSING


def test_a_broken_message_does_not_block_others(harness: ManifestHarness) -> None:
    manifest = harness.register()
    news = harness.upload(manifest, names(1))
    assert work("not json", created(news), '{"manifest_id": 7}') == ["0", "2"]
    assert harness.manifest(manifest).status is ManifestStatus.PROCESSING


def test_a_worker_whose_time_runs_out_expands_no_more(harness: ManifestHarness) -> None:
    manifest = harness.start(names(3))
    (message,) = harness.take_turns()
    assert not work(manifest_to_json(message), context=Patient(left_ms=59_999))
    assert harness.manifest(manifest).position.rows == 0
    assert [sent.delay_seconds for sent in harness.manifest_queue.sent] == [0]


def test_a_turn_that_meets_a_busy_store_is_tried_again_in_seconds(harness: ManifestHarness) -> None:
    manifest = harness.start(names(3))
    (message,) = harness.take_turns()
    seen: list[int] = []

    class Visibility:
        def come_back(self, queue_arn: str, receipt: str, seconds: int) -> None:
            seen.append(seconds)

    harness.core.visibility = Visibility()  # type: ignore[assignment]
    commit = harness.store.commit

    def busy(*_: Write) -> None:
        raise Unavailable("The store is busy.", retry_after=2)

    harness.store.commit = busy  # type: ignore[method-assign]
    assert work(manifest_to_json(message)) == ["0"]
    assert seen == [2]
    harness.store.commit = commit  # type: ignore[method-assign]
    assert not work(manifest_to_json(message))
    assert harness.manifest(manifest).read_to_end
