"""The worker of the sandbox's films: a message becomes one stored film, however often it comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import worker_sandbox_films.app
from darkroom.adapters.queue_messages import task_to_json
from darkroom.domain.jobs.job import FailureCode, Job, JobStatus
from darkroom.domain.jobs.spec import SPECS
from darkroom.ports.jobs import Engine
from darkroom.services.jobs.execute_task import ExecuteTask
from darkroom.wiring import Container, override
from tests.harness.core import CoreHarness
from tests.harness.triggers import CONTEXT, sqs_event
from tests.unit.sandbox.films.probing import watched


class FilmHarness(CoreHarness):
    """A stack that keeps the ``leases`` a worker asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.leases: list[timedelta] = []
        vars(self.core)["execute_task"] = self._execute_task

    def _execute_task(self, engines: Mapping[str, Engine], lease: timedelta) -> ExecuteTask:
        self.leases.append(lease)
        return Container.execute_task(self.core, engines, lease)

    def ordered(self, kind: str, prompt: str, **settings: Any) -> Job:
        job = self.submit(prompt)
        job = replace(job, kind=kind, spec=SPECS[kind](prompt, "16:9", **settings))
        self.memory.jobs[job.owner, job.id] = job
        return job


@pytest.fixture
def harness() -> Iterator[FilmHarness]:
    made = FilmHarness()
    with override(made.core):
        yield made


def deliver(harness: FilmHarness) -> Any:
    """Hand what is on the queue to the worker, twice."""
    messages = [message for message, _ in harness.take_messages()]
    bodies = [task_to_json(message) for message in (*messages, *messages)]
    return worker_sandbox_films.app.handler(sqs_event(bodies), CONTEXT)


@pytest.mark.parametrize(
    ("kind", "mime", "settings"),
    [("video", "video/mp4", {"resolution": "480p", "seconds": 1}), ("music", "audio/mpeg", {"seconds": 5})],
)
def test_a_message_that_comes_twice_makes_one_output(
    harness: FilmHarness, kind: str, mime: str, settings: dict[str, Any]
) -> None:
    job = harness.ordered(kind, "a lake at dawn", **settings)
    assert deliver(harness) == {"batchItemFailures": []}
    ended = harness.job(job.id)
    assert ended.status is JobStatus.SUCCEEDED
    asset = ended.tasks[0].asset
    assert asset is not None
    assert (asset.mime, asset.type) == (mime, mime.partition("/")[0])
    assert harness.blobs.get(asset.storage_key)
    assert harness.calls.made.count("blobs.put") == 1
    harness.check_books()


def test_the_stored_film_plays(harness: FilmHarness) -> None:
    job = harness.ordered("video", "a lake at dawn", resolution="480p", seconds=1)
    deliver(harness)
    asset = harness.job(job.id).tasks[0].asset
    assert asset is not None
    assert len(watched(harness.blobs.get(asset.storage_key)).frames) == 24


def test_an_order_that_cannot_be_made_is_refunded(harness: FilmHarness) -> None:
    job = harness.ordered("video", "a lake", seconds=99)
    assert deliver(harness) == {"batchItemFailures": []}
    ended = harness.job(job.id)
    assert (ended.status, ended.failure) == (JobStatus.FAILED, FailureCode.INPUT_REJECTED)
    assert ended.charged == 0
    harness.check_books()


def test_the_worker_asks_for_its_own_lease(harness: FilmHarness) -> None:
    harness.ordered("music", "a tune", seconds=5)
    deliver(harness)
    assert set(harness.leases) == {worker_sandbox_films.app.LEASE}
