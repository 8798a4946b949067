"""The sandbox's worker: from a queue's message to a stored picture, once, however often the message comes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from darkroom.adapters.queue_messages import task_to_json
from darkroom.domain.jobs.job import JobStatus
from darkroom.ports.jobs import Engine
from darkroom.services.jobs.execute_task import ExecuteTask
from darkroom.wiring import Container, override
from tests.harness.core import CoreHarness
from tests.harness.triggers import CONTEXT, sqs_event
from worker_sandbox.app import LEASE, handler


def test_a_message_that_comes_twice_makes_one_picture() -> None:
    harness = CoreHarness()
    leases: set[timedelta] = set()

    def execute_task(engines: Mapping[str, Engine], lease: timedelta) -> ExecuteTask:
        leases.add(lease)
        return Container.execute_task(harness.core, engines, lease)

    vars(harness.core)["execute_task"] = execute_task
    job = harness.submit("a lake at dawn")
    (message,) = [task_to_json(message) for message, _ in harness.take_messages()]
    with override(harness.core):
        assert handler(sqs_event([message, message]), CONTEXT) == {"batchItemFailures": []}
    ended = harness.job(job.id)
    assert ended.status is JobStatus.SUCCEEDED
    asset = ended.tasks[0].asset
    assert asset is not None
    assert asset.mime == "image/png"
    assert harness.calls.made.count("blobs.put") == 1
    assert leases == {LEASE}
    harness.check_books()
