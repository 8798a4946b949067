"""The renderer's handler: what is not a render goes on to where the offline engine is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from darkroom.adapters.queue_messages import task_to_json
from darkroom.catalog_data import memes
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.jobs.messages import TaskMessage, TaskStep
from darkroom.domain.jobs.spec import Input, Spec
from darkroom.services.jobs.submit_job import Submission
from darkroom.settings import Settings
from darkroom.wiring import Container, override
from tests.fakes import FakeJobs, FakeQueues, Memory
from tests.harness.core import CoreHarness
from tests.harness.triggers import CONTEXT, sqs_event
from worker_renderer.app import handler

MESSAGES = [
    TaskMessage(Owner("w", False), "job", index, step)
    for index, step in enumerate((TaskStep.START, TaskStep.POLL))
]


def deliver(sandbox_url: str, queues: FakeQueues) -> Any:
    core = Container(Settings(queue_sandbox_url=sandbox_url))
    core.queues, core.jobs = queues, FakeJobs(Memory())
    with override(core):
        return handler(sqs_event([task_to_json(message) for message in MESSAGES]), CONTEXT)


def test_a_task_for_the_sandbox_is_forwarded_as_it_is() -> None:
    queues = FakeQueues()
    assert deliver("https://sqs.test/sandbox", queues) == {"batchItemFailures": []}
    assert [(sent.queue, sent.message) for sent in queues.tasks] == [
        (Queue.SANDBOX, message) for message in MESSAGES
    ]


def test_a_task_that_cannot_be_forwarded_just_now_stays() -> None:
    queues = FakeQueues()
    queues.busy = True
    assert len(deliver("https://sqs.test/sandbox", queues)["batchItemFailures"]) == 2


def test_without_a_sandbox_it_is_left_to_the_deadline(caplog: pytest.LogCaptureFixture) -> None:
    queues = FakeQueues()
    assert deliver("", queues) == {"batchItemFailures": []}
    assert not queues.tasks
    assert "no longer has" in caplog.text


def test_the_stacks_own_work_is_done_here() -> None:
    harness = CoreHarness()
    harness.fetcher.pages["https://dawn.example/"] = b"<title>Dawn</title><p>x</p>"
    spec = Spec("", "", inputs=(Input("page", "https://dawn.example/"),))
    job = harness.submit_job(harness.caller(), Submission(memes.PAGE, spec))
    ((message, _),) = harness.take_messages()
    with override(harness.core):
        for _ in range(2):  # every message may come twice
            assert handler(sqs_event([task_to_json(message)]), CONTEXT) == {"batchItemFailures": []}
    (task,) = harness.job(job.id).tasks
    assert task.asset is not None
    assert json.loads(harness.blobs.objects[task.asset.storage_key][0])["title"] == "Dawn"
    assert not harness.queues.tasks
