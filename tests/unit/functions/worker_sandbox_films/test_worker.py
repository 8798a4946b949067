"""The video worker: from a queue's message to a stored film, once, however often the message comes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, cast

import pytest
import yaml

import worker_renderer.app
import worker_sandbox_films.app
from darkroom.adapters.queue_messages import task_to_json
from darkroom.domain.jobs.job import FailureCode, Job, JobStatus
from darkroom.domain.jobs.spec import Spec
from darkroom.ports.jobs import Engine
from darkroom.ports.system import Clock
from darkroom.services.jobs.advance_and_settle import AdvanceAndSettle
from darkroom.services.jobs.execute_task import ExecuteTask
from darkroom.wiring import Container, override
from tests.harness.core import CoreHarness, executing
from tests.unit.sandbox.films.probing import watched
from tools.paths import ROOT


@dataclass
class LambdaContext:
    function_name: str = "f"
    memory_limit_in_mb: int = 3008
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:1:function:f"
    aws_request_id: str = "r"


class FakeContainer:
    def __init__(self) -> None:
        self.harness = CoreHarness()
        self.clock: Clock = self.harness.clock
        self.leases: list[timedelta] = []

    def execute_task(self, engines: Mapping[str, Engine], lease: timedelta) -> ExecuteTask:
        harness = self.harness
        self.leases.append(lease)
        return executing(harness, AdvanceAndSettle(harness.store), engines, lease)

    def ordered(self, kind: str, prompt: str, **settings: Any) -> Job:
        job = self.harness.submit(prompt)
        job = replace(job, kind=kind, spec=Spec(prompt, "16:9", settings=settings))
        self.harness.memory.jobs[job.owner, job.id] = job
        return job


@pytest.fixture
def core() -> Iterator[FakeContainer]:
    made = FakeContainer()
    with override(cast("Container", made)):
        yield made


def deliver(core: FakeContainer) -> Any:
    """Hand what is on the queue to the worker, twice."""
    messages = [message for message, _ in core.harness.take_messages()]
    records = [
        {"messageId": str(i), "body": task_to_json(message), "eventSource": "aws:sqs"}
        for i, message in enumerate((*messages, *messages))
    ]
    return worker_sandbox_films.app.handler({"Records": records}, LambdaContext())


@pytest.mark.parametrize(
    ("kind", "mime", "settings"),
    [("video", "video/mp4", {"resolution": "480p", "seconds": 1}), ("music", "audio/mpeg", {"seconds": 5})],
)
def test_a_message_that_comes_twice_makes_one_output(
    core: FakeContainer, kind: str, mime: str, settings: dict[str, Any]
) -> None:
    job = core.ordered(kind, "a lake at dawn", **settings)
    assert deliver(core) == {"batchItemFailures": []}
    ended = core.harness.job(job.id)
    assert ended.status is JobStatus.SUCCEEDED
    asset = ended.tasks[0].asset
    assert asset is not None
    assert (asset.mime, asset.type) == (mime, mime.partition("/")[0])
    assert core.harness.blobs.get(asset.storage_key)
    assert core.harness.calls.made.count("blobs.put") == 1
    core.harness.check_books()


def test_the_stored_film_plays(core: FakeContainer) -> None:
    job = core.ordered("video", "a lake at dawn", resolution="480p", seconds=1)
    deliver(core)
    asset = core.harness.job(job.id).tasks[0].asset
    assert asset is not None
    assert len(watched(core.harness.blobs.get(asset.storage_key)).frames) == 24


def test_an_order_that_cannot_be_made_is_refunded(core: FakeContainer) -> None:
    job = core.ordered("video", "a lake", seconds=99)
    assert deliver(core) == {"batchItemFailures": []}
    ended = core.harness.job(job.id)
    assert (ended.status, ended.failure) == (JobStatus.FAILED, FailureCode.INPUT_REJECTED)
    assert ended.charged == 0
    core.harness.check_books()


class _Template(yaml.SafeLoader):
    """Reads CloudFormation's short forms as plain values."""


def _short(loader: yaml.SafeLoader, _: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(cast("yaml.MappingNode", node), deep=True)


_Template.add_multi_constructor("!", _short)


def test_leases_and_queues_outlast_the_functions_they_guard() -> None:
    text = (ROOT / "template.yaml").read_text()
    resources = yaml.load(text, _Template)["Resources"]  # noqa: S506 - a SafeLoader
    for name, lease in (
        ("WorkerRenderer", worker_renderer.app.LEASE),
        ("WorkerSandboxFilms", worker_sandbox_films.app.LEASE),
    ):
        source = resources[f"{name}Messages"]["Properties"]["EventSourceArn"]
        timeout = resources[name]["Properties"]["Timeout"]
        visibility = resources[re.sub(r"\.Arn$", "", source)]["Properties"]["VisibilityTimeout"]
        assert visibility >= 6 * timeout
        assert timeout < lease.total_seconds() < visibility


def test_the_worker_asks_for_its_own_lease(core: FakeContainer) -> None:
    core.ordered("music", "a tune", seconds=5)
    deliver(core)
    assert set(core.leases) == {worker_sandbox_films.app.LEASE}
