"""Bulk work has workers of its own, which let everybody else's go first."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from local.emulator.background import NICE, QUEUES, set_apart
from tests.unit.template.source import resources

SINGLE, BULK = "stack-RenderQueue-1A2B", "stack-BulkRenderQueue-3C4D"


class Emulator:
    """As much of the emulator as is changed: a worker is a process that a batch of messages is given to."""

    def __init__(self) -> None:
        self.pools: dict[str, list[subprocess.Popen[bytes]]] = {}
        self.runtime: Any = SimpleNamespace(subprocess=subprocess)
        self.service: Any = SimpleNamespace(
            _run_sqs_batch=self._run, acquire_worker=self._acquire, invalidate_worker=self._invalidate
        )
        set_apart(self.service, self.runtime)

    def deliver(self, queue: str) -> subprocess.Popen[bytes]:
        """The worker that a message of a queue is given to."""
        given: list[subprocess.Popen[bytes]] = []
        run = self.service._run_sqs_batch
        thread = threading.Thread(target=run, args=(None, None, given, [], "url", queue))
        thread.start()
        thread.join()
        return given[0]

    def _run(self, _esm: Any, _func: Any, event: Any, _batch: Any, _url: str, _queue: str) -> None:
        event.append(self.service.acquire_worker("renderer", {}, b"", qualifier="$LATEST"))

    def _acquire(self, _name: str, _config: Any, _code: bytes, qualifier: str) -> Any:
        pool = self.pools.setdefault(qualifier, [])
        if not pool:
            pool.append(
                self.runtime.subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
            )
        return pool[0]

    def _invalidate(self, _name: str, qualifier: str | None = None) -> None:
        for one in self.pools if qualifier is None else [qualifier]:
            for worker in self.pools.get(one, []):
                worker.kill()
                worker.communicate()


@pytest.fixture
def emulator() -> Any:
    emulator = Emulator()
    yield emulator
    emulator.service.invalidate_worker("renderer")


def priority(worker: subprocess.Popen[bytes]) -> int:
    return os.getpriority(os.PRIO_PROCESS, worker.pid)


def test_a_single_message_never_waits_for_a_worker_of_bulk_work(emulator: Emulator) -> None:
    bulk, single = emulator.deliver(BULK), emulator.deliver(SINGLE)
    assert bulk is not single
    assert (emulator.deliver(BULK), emulator.deliver(SINGLE)) == (bulk, single)


def test_bulk_work_comes_last(emulator: Emulator) -> None:
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    assert priority(emulator.deliver(BULK)) == min(usual + NICE, 19)
    assert priority(emulator.deliver(SINGLE)) == usual


def test_new_code_ends_the_workers_of_both(emulator: Emulator) -> None:
    workers = [emulator.deliver(BULK), emulator.deliver(SINGLE)]
    emulator.service.invalidate_worker("renderer", qualifier="$LATEST")
    assert all(worker.returncode is not None for worker in workers)


def test_there_are_such_queues() -> None:
    assert set(QUEUES) <= set(resources("AWS::SQS::Queue"))
    assert [name for name in resources("AWS::SQS::Queue") if any(bulk in name for bulk in QUEUES)]
